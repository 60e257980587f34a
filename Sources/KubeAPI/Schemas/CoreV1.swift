/// The schema of `v1`; `SchemaText` describes the notation.
enum CoreV1 {
    static let text = SchemaText(
        "v1", package: "io.k8s.api.core.v1", resources: resources,
        messages: [messages, containers, nodes, persistentVolumes, pods, services, volumes],
        descriptions: [
            descriptions, containerDescriptions, containerStatusDescriptions, diskDescriptions, environmentDescriptions,
            nodeDescriptions, persistentVolumeDescriptions, placementDescriptions, podDescriptions,
            podStatusDescriptions, probeDescriptions, securityDescriptions, serviceDescriptions, volumeDescriptions,
        ])

    private static let resources = """
        bindings Binding namespaced verbs(create)
        componentstatuses ComponentStatus short(cs) verbs(get,list)
        configmaps ConfigMap namespaced short(cm)
        endpoints Endpoints namespaced short(ep)
        events Event namespaced short(ev)
        limitranges LimitRange namespaced short(limits)
        namespaces Namespace short(ns) verbs(create,delete,get,list,patch,update,watch)
          finalize Namespace update
          status Namespace get,patch,update
        nodes Node short(no)
          proxy NodeProxyOptions create,delete,get,patch,update
          status Node get,patch,update
        persistentvolumeclaims PersistentVolumeClaim namespaced short(pvc)
          status PersistentVolumeClaim get,patch,update
        persistentvolumes PersistentVolume short(pv)
          status PersistentVolume get,patch,update
        pods Pod namespaced short(po) categories(all)
          attach PodAttachOptions create,get
          binding Binding create
          ephemeralcontainers Pod get,patch,update
          eviction policy/v1.Eviction create
          exec PodExecOptions create,get
          log Pod get
          portforward PodPortForwardOptions create,get
          proxy PodProxyOptions create,delete,get,patch,update
          resize Pod get,patch,update
          status Pod get,patch,update
        podtemplates PodTemplate namespaced
        replicationcontrollers ReplicationController namespaced short(rc) categories(all)
          scale autoscaling/v1.Scale get,patch,update
          status ReplicationController get,patch,update
        resourcequotas ResourceQuota namespaced short(quota)
          status ResourceQuota get,patch,update
        secrets Secret namespaced
        serviceaccounts ServiceAccount namespaced short(sa)
          token authentication.k8s.io/v1.TokenRequest create
        services Service namespaced short(svc) categories(all)
          proxy ServiceProxyOptions create,delete,get,patch,update
          status Service get,patch,update
        """

    private static let messages = """
        Binding kind
          metadata 1 ObjectMeta always
          target 2 ObjectReference required always
        ComponentCondition
          type 1 string required
          status 2 string required
          message 3 string
          error 4 string
        ComponentStatus kind
          metadata 1 ObjectMeta always
          conditions 2 [ComponentCondition] map(type) merge(type)
        ConfigMap kind
          metadata 1 ObjectMeta always
          immutable 4 bool?
          data 2 {string}
          binaryData 3 {bytes}
        Event kind
          metadata 1 ObjectMeta required always
          involvedObject 2 ObjectReference required always
          reason 3 string
          message 4 string
          source 5 EventSource always
          firstTimestamp 6 Time
          lastTimestamp 7 Time
          count 8 int32
          type 9 string
          eventTime 10 MicroTime
          series 11 EventSeries
          action 12 string
          related 13 ObjectReference
          reportingComponent 14 string
          reportingInstance 15 string
        EventSeries
          count 1 int32
          lastObservedTime 2 MicroTime
        EventSource
          component 1 string
          host 2 string
        LimitRange kind
          metadata 1 ObjectMeta always
          spec 2 LimitRangeSpec always
        LimitRangeItem
          type 1 string required
          max 2 {Quantity}
          min 3 {Quantity}
          default 4 {Quantity}
          defaultRequest 5 {Quantity}
          maxLimitRequestRatio 6 {Quantity}
        LimitRangeSpec
          limits 1 [LimitRangeItem] required
        List kind
          metadata 1 ListMeta always
          items 2 [any]
        LocalObjectReference atomic
          name 1 string
        Namespace kind
          metadata 1 ObjectMeta always
          spec 2 NamespaceSpec always
          status 3 NamespaceStatus always
        NamespaceCondition
          type 1 string required
          status 2 string required
          lastTransitionTime 4 Time
          reason 5 string
          message 6 string
        NamespaceSpec
          finalizers 1 [string]
        NamespaceStatus
          phase 1 string enum(Active,Terminating) default("Active")
          conditions 2 [NamespaceCondition] map(type) merge(type)
        ObjectReference atomic
          kind 1 string
          namespace 2 string
          name 3 string
          uid 4 string
          apiVersion 5 string
          resourceVersion 6 string
          fieldPath 7 string
        RangeAllocation kind
          metadata 1 ObjectMeta always
          range 2 string
          data 3 bytes
        ReplicationController kind
          metadata 1 ObjectMeta always
          spec 2 ReplicationControllerSpec always
          status 3 ReplicationControllerStatus always
        ReplicationControllerCondition
          type 1 string required
          status 2 string required
          lastTransitionTime 3 Time
          reason 4 string
          message 5 string
        ReplicationControllerSpec
          replicas 1 int32? default(1)
          minReadySeconds 4 int32
          selector 2 {string} atomic
          template 3 PodTemplateSpec
        ReplicationControllerStatus
          replicas 1 int32 required
          fullyLabeledReplicas 2 int32
          readyReplicas 4 int32
          availableReplicas 5 int32
          observedGeneration 3 int64
          conditions 6 [ReplicationControllerCondition] map(type) merge(type)
        ResourceQuota kind
          metadata 1 ObjectMeta always
          spec 2 ResourceQuotaSpec always
          status 3 ResourceQuotaStatus always
        ResourceQuotaSpec
          hard 1 {Quantity}
          scopes 2 [string]
          scopeSelector 3 ScopeSelector
        ResourceQuotaStatus
          hard 1 {Quantity}
          used 2 {Quantity}
        ScopeSelector atomic
          matchExpressions 1 [ScopedResourceSelectorRequirement]
        ScopedResourceSelectorRequirement
          scopeName 1 string required
          operator 2 string required enum(DoesNotExist,Exists,In,NotIn)
          values 3 [string]
        Secret kind
          metadata 1 ObjectMeta always
          immutable 5 bool?
          data 2 {bytes}
          stringData 4 {string}
          type 3 string default("Opaque")
        SecretReference atomic
          name 1 string
          namespace 2 string
        SerializedReference kind
          reference 1 ObjectReference always
        ServiceAccount kind
          metadata 1 ObjectMeta always
          secrets 2 [ObjectReference] map(name) merge(name)
          imagePullSecrets 3 [LocalObjectReference]
          automountServiceAccountToken 4 bool?
        TopologySelectorLabelRequirement
          key 1 string required
          values 2 [string] required
        TopologySelectorTerm atomic
          matchLabelExpressions 1 [TopologySelectorLabelRequirement]
        """
}
