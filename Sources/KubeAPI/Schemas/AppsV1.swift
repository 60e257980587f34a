/// The schema of `apps/v1`; `SchemaText` describes the notation.
enum AppsV1 {
    static let text = SchemaText(
        "apps/v1", package: "io.k8s.api.apps.v1", resources: resources, messages: [messages],
        descriptions: [descriptions])

    private static let resources = """
        controllerrevisions ControllerRevision namespaced
        daemonsets DaemonSet namespaced short(ds) categories(all)
          status DaemonSet get,patch,update
        deployments Deployment namespaced short(deploy) categories(all)
          scale autoscaling/v1.Scale get,patch,update
          status Deployment get,patch,update
        replicasets ReplicaSet namespaced short(rs) categories(all)
          scale autoscaling/v1.Scale get,patch,update
          status ReplicaSet get,patch,update
        statefulsets StatefulSet namespaced short(sts) categories(all)
          scale autoscaling/v1.Scale get,patch,update
          status StatefulSet get,patch,update
        """

    private static let messages = """
        ControllerRevision kind
          metadata 1 ObjectMeta always
          data 2 any
          revision 3 int64 required
        DaemonSet kind
          metadata 1 ObjectMeta always
          spec 2 DaemonSetSpec always
          status 3 DaemonSetStatus always
        DaemonSetCondition
          type 1 string required
          status 2 string required
          lastTransitionTime 3 Time
          reason 4 string
          message 5 string
        DaemonSetSpec
          selector 1 LabelSelector required
          template 2 PodTemplateSpec required always
          updateStrategy 3 DaemonSetUpdateStrategy always
          minReadySeconds 4 int32
          revisionHistoryLimit 6 int32? default(10)
        DaemonSetStatus
          currentNumberScheduled 1 int32 required
          numberMisscheduled 2 int32 required
          desiredNumberScheduled 3 int32 required
          numberReady 4 int32 required
          observedGeneration 5 int64
          updatedNumberScheduled 6 int32
          numberAvailable 7 int32
          numberUnavailable 8 int32
          collisionCount 9 int32?
          conditions 10 [DaemonSetCondition] map(type) merge(type)
        DaemonSetUpdateStrategy
          type 1 string enum(OnDelete,RollingUpdate) default("RollingUpdate")
          rollingUpdate 2 RollingUpdateDaemonSet
        Deployment kind
          metadata 1 ObjectMeta always
          spec 2 DeploymentSpec always
          status 3 DeploymentStatus always
        DeploymentCondition
          type 1 string required
          status 2 string required
          lastUpdateTime 6 Time
          lastTransitionTime 7 Time
          reason 4 string
          message 5 string
        DeploymentSpec
          replicas 1 int32? default(1)
          selector 2 LabelSelector required
          template 3 PodTemplateSpec required always
          strategy 4 DeploymentStrategy always retainKeys
          minReadySeconds 5 int32
          revisionHistoryLimit 6 int32? default(10)
          paused 7 bool
          progressDeadlineSeconds 9 int32? default(600)
        DeploymentStatus
          observedGeneration 1 int64
          replicas 2 int32
          updatedReplicas 3 int32
          readyReplicas 7 int32
          availableReplicas 4 int32
          unavailableReplicas 5 int32
          terminatingReplicas 9 int32?
          conditions 6 [DeploymentCondition] map(type) merge(type)
          collisionCount 8 int32?
        DeploymentStrategy
          type 1 string enum(Recreate,RollingUpdate) default("RollingUpdate")
          rollingUpdate 2 RollingUpdateDeployment
        ReplicaSet kind
          metadata 1 ObjectMeta always
          spec 2 ReplicaSetSpec always
          status 3 ReplicaSetStatus always
        ReplicaSetCondition
          type 1 string required
          status 2 string required
          lastTransitionTime 3 Time
          reason 4 string
          message 5 string
        ReplicaSetSpec
          replicas 1 int32? default(1)
          minReadySeconds 4 int32
          selector 2 LabelSelector required
          template 3 PodTemplateSpec always
        ReplicaSetStatus
          replicas 1 int32 required
          fullyLabeledReplicas 2 int32
          readyReplicas 4 int32
          availableReplicas 5 int32
          terminatingReplicas 7 int32?
          observedGeneration 3 int64
          conditions 6 [ReplicaSetCondition] map(type) merge(type)
        RollingUpdateDaemonSet
          maxUnavailable 1 IntOrString default(1)
          maxSurge 2 IntOrString default(0)
        RollingUpdateDeployment
          maxUnavailable 1 IntOrString default("25%")
          maxSurge 2 IntOrString default("25%")
        RollingUpdateStatefulSetStrategy
          partition 1 int32? default(0)
          maxUnavailable 2 IntOrString
        StatefulSet kind
          metadata 1 ObjectMeta always
          spec 2 StatefulSetSpec always
          status 3 StatefulSetStatus always
        StatefulSetCondition
          type 1 string required
          status 2 string required
          lastTransitionTime 3 Time
          reason 4 string
          message 5 string
        StatefulSetOrdinals
          start 1 int32
        StatefulSetPersistentVolumeClaimRetentionPolicy
          whenDeleted 1 string enum(Retain,Delete) default("Retain")
          whenScaled 2 string enum(Retain,Delete) default("Retain")
        StatefulSetSpec
          replicas 1 int32? default(1)
          selector 2 LabelSelector required
          template 3 PodTemplateSpec required always
          volumeClaimTemplates 4 [PersistentVolumeClaim]
          serviceName 5 string
          podManagementPolicy 6 string enum(OrderedReady,Parallel) ownWords default("OrderedReady")
          updateStrategy 7 StatefulSetUpdateStrategy always
          revisionHistoryLimit 8 int32? default(10)
          minReadySeconds 9 int32
          persistentVolumeClaimRetentionPolicy 10 StatefulSetPersistentVolumeClaimRetentionPolicy default({})
          ordinals 11 StatefulSetOrdinals
        StatefulSetStatus
          observedGeneration 1 int64
          replicas 2 int32 required
          readyReplicas 3 int32
          currentReplicas 4 int32
          updatedReplicas 5 int32
          currentRevision 6 string
          updateRevision 7 string
          collisionCount 9 int32?
          conditions 10 [StatefulSetCondition] map(type) merge(type)
          availableReplicas 11 int32
        StatefulSetUpdateStrategy
          type 1 string enum(OnDelete,RollingUpdate) default("RollingUpdate")
          rollingUpdate 2 RollingUpdateStatefulSetStrategy
        """
}
