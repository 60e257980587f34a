extension FlowControlV1 {
    static let descriptions = """
        ExemptPriorityLevelConfiguration: What a level without limits has.
          nominalConcurrencyShares: Its share of what the server can do at once, which it lends to others; 0 when
            nothing is said.
          lendablePercent: How much of its share others may borrow, from 0 to 100 percent; 0 when nothing is said.
        FlowDistinguisherMethod: What makes the flows of a schema.
          type: ByUser or ByNamespace.
        FlowSchema: Assigns requests to a PriorityLevelConfiguration; stored here, and not acted upon.
          spec: Which requests, and which level.
          status: Whether the level is there.
        FlowSchemaCondition: One aspect of a FlowSchema's state.
          @Condition
          type: Dangling: the level is not there.
        FlowSchemaSpec: What is wanted of a FlowSchema.
          priorityLevelConfiguration: The level.
          matchingPrecedence: Of several schemas that fit, the one with the smallest number counts, from 1 to 10000;
            1000 when nothing is said.
          distinguisherMethod: What makes the flows; all requests are one when nothing is said.
          rules: Which requests; one is enough.
        FlowSchemaStatus: What was last seen of a FlowSchema.
          conditions: The state in several respects.
        GroupSubject: A group, by its name.
          name: The group's name; "*" for all.
        LimitResponse: Whether requests wait or are refused.
          type: Queue lets them wait, Reject refuses them.
          queuing: How they wait; for Queue only.
        LimitedPriorityLevelConfiguration: The limit of a level.
          nominalConcurrencyShares: Its share of what the server can do at once, against the other levels' shares; 30
            when nothing is said.
          limitResponse: What happens to requests beyond it.
          lendablePercent: How much of its share others may borrow, from 0 to 100 percent; 0 when nothing is said.
          borrowingLimitPercent: How much it may borrow, in percent of its own share; no bound when nothing is said.
        NonResourcePolicyRule: Methods and paths of requests.
          verbs: The HTTP methods in lower case; "*" for all.
          nonResourceURLs: The paths; "/*" at the end for all below, "*" for all.
        PolicyRulesWithSubjects: Requests of somebody; one rule of either list must fit.
          subjects: Who; at least one.
          resourceRules: Requests for resources.
          nonResourceRules: Requests for other paths.
        PriorityLevelConfiguration: How many requests of a level the server works on at once; stored here, and not acted
            upon.
          spec: The limit.
          status: What is known about the level.
        PriorityLevelConfigurationCondition: One aspect of a level's state.
          @Condition
        PriorityLevelConfigurationReference: Names a level.
          name: The PriorityLevelConfiguration.
        PriorityLevelConfigurationSpec: How many requests of a level are worked on at once.
          type: Limited, or Exempt for no limit.
          limited: The limit; for Limited only.
          exempt: For Exempt only.
        PriorityLevelConfigurationStatus: What was last seen of a PriorityLevelConfiguration.
          conditions: The state in several respects.
        QueuingConfiguration: How requests wait.
          queues: How many queues there are; 64 when nothing is said.
          handSize: How many queues each flow is dealt, of which it takes the shortest; 8 when nothing is said.
          queueLengthLimit: The most requests that may wait in a queue; 50 when nothing is said.
        ResourcePolicyRule: Requests for resources; all of these must fit.
          verbs: What is done; "*" for all.
          apiGroups: The groups of the resources; "*" for all.
          resources: The resources, such as "pods" or "pods/log"; "*" for all.
          clusterScope: True for requests without a namespace, too; false when nothing is said.
          namespaces: The namespaces; "*" for all.
        ServiceAccountSubject: A ServiceAccount.
          namespace: The account's namespace.
          name: The account's name; "*" for all.
        Subject: Somebody who sends requests; the part that the kind names.
          kind: User, Group or ServiceAccount.
          user: A user.
          group: A group of users.
          serviceAccount: A ServiceAccount.
        UserSubject: A user.
          name: The user's name; "*" for all.
        """
}
