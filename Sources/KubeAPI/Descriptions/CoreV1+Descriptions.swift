extension CoreV1 {
    static let descriptions = """
        Binding: Assigns a pod to a node.
          target: The node.
        ComponentCondition: One finding about a component.
          type: What was looked at; Healthy is the only one.
          status: True when the component is well, False when it is not, Unknown when that could not be found out.
          message: What the component answered.
          error: Why it could not be asked, or what is wrong.
        ComponentStatus: Whether a part of the control plane is well; superseded by the server's health pages.
          conditions: What was found.
        ConfigMap: Configuration that pods consume, as texts and bytes by keys.
          immutable: True forbids changes of the data for good; only the whole ConfigMap can be deleted then.
          data: Texts by keys of letters, digits, '-', '_' and '.'; 1 MiB at most with binaryData.
          binaryData: Bytes by keys, in base64; a key may not be in data too.
        Event: Something that happened to an object; deleted after an hour.
          involvedObject: The object that it happened to.
          reason: One word in CamelCase for what happened, for programs.
          message: What happened, for people.
          source: The program that reported it, as older programs say it.
          firstTimestamp: When it happened first.
          lastTimestamp: When it happened last.
          count: How often it has happened.
          type: Normal or Warning.
          eventTime: When it happened first, in microseconds.
          series: How often it has happened since, when it goes on.
          action: What was done about the object, or failed.
          related: Another object that had a part in it.
          reportingComponent: The program that reported it, such as "kubelet".
          reportingInstance: Which of several such programs it was.
        EventSeries: An event that goes on happening.
          count: How often it has happened so far.
          lastObservedTime: When it was last seen to happen.
        EventSource: Where an event comes from.
          component: The program that reported it.
          host: The node on which that program runs.
        LimitRange: Bounds and defaults of what pods in a namespace may ask for.
          spec: The bounds and defaults.
        LimitRangeItem: What one type of object may ask for.
          type: What is bounded: Container, Pod or PersistentVolumeClaim.
          max: The most that may be asked for, by resource.
          min: The least that may be asked for, by resource.
          default: The limits of containers that give none, by resource.
          defaultRequest: The requests of containers that give none, by resource; default when it says nothing.
          maxLimitRequestRatio: How many times its request a limit may be at most, by resource.
        LimitRangeSpec: What is bounded in a namespace.
          limits: Bounds and defaults, one for each type of object.
        LocalObjectReference: Names an object in the same namespace.
          name: The object's name.
        Namespace: A scope for names; most objects are in one.
          spec: How the namespace is to end.
          status: Whether the namespace is in use or on its way out.
        NamespaceCondition: Something that stands in the way of a namespace's end.
          @Condition
          type: What stands in the way, such as NamespaceContentRemaining or NamespaceFinalizersRemaining.
        NamespaceSpec: What is wanted of a Namespace.
          finalizers: What must be done before the namespace goes; "kubernetes" stands for deleting all objects in it.
        NamespaceStatus: The state of a namespace.
          phase: Active, or Terminating once it is being deleted: nothing new can be made in it then.
          conditions: What keeps a namespace that is being deleted.
        ObjectReference: Names any object, or a part of one.
          kind: The object's kind.
          namespace: The object's namespace.
          name: The object's name.
          uid: The object's UID.
          apiVersion: The object's group and version.
          resourceVersion: The object's revision that is meant.
          fieldPath: The part of the object that is meant, such as "spec.containers{web}".
        ReplicationController: Keeps a number of replicas of a pod running; superseded by ReplicaSet.
          spec: The pods that are wanted.
          status: The pods that were last seen.
        ReplicationControllerCondition: One aspect of a ReplicationController's state.
          @Condition
          type: ReplicaFailure: pods could not be made or deleted.
        ReplicationControllerSpec: What is wanted of a ReplicationController.
          replicas: How many pods are wanted; 1 when nothing is said.
          minReadySeconds: Seconds that a new pod must be ready to count as available; 0 when nothing is said.
          selector: The labels of the pods that count; those of the template when nothing is said.
          template: Describes the pods that are made.
        ReplicationControllerStatus: The pods that a ReplicationController has.
          replicas: How many pods there are.
          fullyLabeledReplicas: How many of them have all labels of the template.
          readyReplicas: How many of them are ready.
          availableReplicas: How many of them have been ready for minReadySeconds.
          observedGeneration: The generation of the spec that was last acted upon.
          conditions: What stands in the way.
        ResourceQuota: How much all objects of a namespace may use together.
          spec: The limits.
          status: The limits in force, and how much is used.
        ResourceQuotaSpec: The limits of a namespace.
          hard: The limits, by resource: "cpu", "requests.memory", "pods", "count/deployments.apps" and others.
          scopes: Only objects to which all of these apply are counted: Terminating, NotTerminating, BestEffort,
            NotBestEffort, PriorityClass, CrossNamespacePodAffinity or VolumeAttributesClass.
          scopeSelector: The same with operators and values; both must apply.
        ResourceQuotaStatus: What of a quota is used.
          hard: The limits in force, by resource.
          used: How much is used, by resource.
        ScopeSelector: Finds the objects that a quota counts.
          matchExpressions: Conditions, all of which must hold.
        ScopedResourceSelectorRequirement: One condition on the objects that a quota counts.
          scopeName: The scope, as in a quota's scopes.
          operator: In and NotIn compare with values; Exists and DoesNotExist only ask whether the scope applies.
          values: The values for In and NotIn, such as names of priority classes; empty for the others.
        Secret: Sensitive data that pods consume, as bytes by keys.
          immutable: True forbids changes of the data for good; only the whole Secret can be deleted then.
          data: Bytes by keys, in base64; 1 MiB at most.
          stringData: Texts that are put into data when the Secret is written; never returned.
          type: What the data is for, such as "kubernetes.io/tls"; "Opaque" when nothing is said. Cannot be changed.
        SecretReference: Names a Secret in some namespace.
          name: The Secret's name.
          namespace: The Secret's namespace.
        ServiceAccount: An identity for what runs in pods.
          secrets: Secrets that pods of this account may mount; only a list unless the account says that it is enforced.
          imagePullSecrets: Secrets with which the images of the account's pods are fetched, when a pod names none.
          automountServiceAccountToken: False gives pods of this account no token unless they ask for it.
        TopologySelectorLabelRequirement: One condition on a node's label.
          key: The label's key.
          values: The values that it may have.
        TopologySelectorTerm: Finds nodes by their labels.
          matchLabelExpressions: Conditions, all of which must hold.
        """
}
