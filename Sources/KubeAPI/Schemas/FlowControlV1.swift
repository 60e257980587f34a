/// The schema of `flowcontrol.apiserver.k8s.io/v1`; `SchemaText` describes the notation.
enum FlowControlV1 {
    static let text = SchemaText(
        "flowcontrol.apiserver.k8s.io/v1", package: "io.k8s.api.flowcontrol.v1", resources: resources,
        messages: [messages], descriptions: [descriptions])

    private static let resources = """
        flowschemas FlowSchema
          status FlowSchema get,patch,update
        prioritylevelconfigurations PriorityLevelConfiguration
          status PriorityLevelConfiguration get,patch,update
        """

    private static let messages = """
        ExemptPriorityLevelConfiguration
          nominalConcurrencyShares 1 int32? default(0)
          lendablePercent 2 int32? default(0)
        FlowDistinguisherMethod
          type 1 string required enum(ByNamespace,ByUser)
        FlowSchema kind
          metadata 1 ObjectMeta always
          spec 2 FlowSchemaSpec always
          status 3 FlowSchemaStatus always
        FlowSchemaCondition
          type 1 string
          status 2 string
          lastTransitionTime 3 Time
          reason 4 string
          message 5 string
        FlowSchemaSpec
          priorityLevelConfiguration 1 PriorityLevelConfigurationReference required always
          matchingPrecedence 2 int32 required default(1000)
          distinguisherMethod 3 FlowDistinguisherMethod
          rules 4 [PolicyRulesWithSubjects]
        FlowSchemaStatus
          conditions 1 [FlowSchemaCondition] map(type) merge(type)
        GroupSubject
          name 1 string required notEmpty
        LimitResponse
          type 1 string required enum(Queue,Reject)
          queuing 2 QueuingConfiguration
        LimitedPriorityLevelConfiguration
          nominalConcurrencyShares 1 int32? default(30)
          limitResponse 2 LimitResponse always
          lendablePercent 3 int32? default(0)
          borrowingLimitPercent 4 int32?
        NonResourcePolicyRule
          verbs 1 [string] set required notEmpty
          nonResourceURLs 6 [string] set required notEmpty
        PolicyRulesWithSubjects
          subjects 1 [Subject] required notEmpty
          resourceRules 2 [ResourcePolicyRule]
          nonResourceRules 3 [NonResourcePolicyRule]
        PriorityLevelConfiguration kind
          metadata 1 ObjectMeta always
          spec 2 PriorityLevelConfigurationSpec always
          status 3 PriorityLevelConfigurationStatus always
        PriorityLevelConfigurationCondition
          type 1 string
          status 2 string
          lastTransitionTime 3 Time
          reason 4 string
          message 5 string
        PriorityLevelConfigurationReference
          name 1 string required notEmpty
        PriorityLevelConfigurationSpec
          type 1 string required notEmpty enum(Exempt,Limited)
          limited 2 LimitedPriorityLevelConfiguration
          exempt 3 ExemptPriorityLevelConfiguration
        PriorityLevelConfigurationStatus
          conditions 1 [PriorityLevelConfigurationCondition] map(type) merge(type)
        QueuingConfiguration
          queues 1 int32 required default(64)
          handSize 2 int32 required default(8)
          queueLengthLimit 3 int32 required default(50)
        ResourcePolicyRule
          verbs 1 [string] set required notEmpty
          apiGroups 2 [string] set required notEmpty
          resources 3 [string] set required notEmpty
          clusterScope 4 bool
          namespaces 5 [string] set
        ServiceAccountSubject
          namespace 1 string required notEmpty
          name 2 string required notEmpty
        Subject
          kind 1 string required notEmpty enum(Group,ServiceAccount,User)
          user 2 UserSubject
          group 3 GroupSubject
          serviceAccount 4 ServiceAccountSubject
        UserSubject
          name 1 string required notEmpty
        """
}
