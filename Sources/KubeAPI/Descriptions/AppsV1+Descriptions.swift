extension AppsV1 {
    static let descriptions = """
        ControllerRevision: An earlier or the present template of a DaemonSet or StatefulSet, to go back to.
          data: The template, as a patch. Cannot be changed.
          revision: Counts the templates, from 1.
        DaemonSet: Runs one copy of a pod on each node, or on some.
          spec: The pods that are wanted.
          status: The pods that were last seen.
        DaemonSetCondition: One aspect of a DaemonSet's state.
          @Condition
        DaemonSetSpec: What is wanted of a DaemonSet.
          selector: Finds the pods that belong to it; must match the template's labels, and cannot be changed.
          template: Describes the pods that are made, on each node that they may run on.
          updateStrategy: How old pods are replaced by new ones.
          minReadySeconds: Seconds that a new pod must be ready to count as available; 0 when nothing is said.
          revisionHistoryLimit: How many old templates are kept; 10 when nothing is said.
        DaemonSetStatus: The pods that a DaemonSet has.
          currentNumberScheduled: How many nodes have a pod and should.
          numberMisscheduled: How many nodes have a pod and should not.
          desiredNumberScheduled: How many nodes should have a pod.
          numberReady: How many nodes that should have a pod have one that is ready.
          observedGeneration: The generation of the spec that was last acted upon.
          updatedNumberScheduled: How many nodes have a pod of the present template.
          numberAvailable: How many nodes have a pod that has been ready for minReadySeconds.
          numberUnavailable: How many nodes should have such a pod and do not.
          collisionCount: How often a name for a revision was already taken.
          conditions: The DaemonSet's state in several respects.
        DaemonSetUpdateStrategy: Settings of a DaemonSet's update.
          type: RollingUpdate replaces them node by node, OnDelete only those that somebody deletes; RollingUpdate when
            nothing is said.
          rollingUpdate: How many at once; for RollingUpdate only.
        Deployment: Runs replicas of a pod and rolls out changes of it.
          spec: The pods that are wanted, and how they are replaced.
          status: The pods that were last seen.
        DeploymentCondition: One aspect of a Deployment's state.
          @Condition
          type: Available, Progressing or ReplicaFailure.
          lastUpdateTime: When the condition was last written.
        DeploymentSpec: What is wanted of a Deployment.
          replicas: How many pods are wanted; 1 when nothing is said.
          selector: Finds the pods that belong to it; must match the template's labels, and cannot be changed.
          template: Describes the pods that are made; every change of it is rolled out.
          strategy: How old pods are replaced by new ones.
          minReadySeconds: Seconds that a new pod must be ready to count as available; 0 when nothing is said.
          revisionHistoryLimit: How many old ReplicaSets are kept to go back to; 10 when nothing is said.
          paused: True rolls out no change until it is false again.
          progressDeadlineSeconds: Seconds without progress after which a rollout counts as failed; more than
            minReadySeconds, and 600 when nothing is said.
        DeploymentStatus: The pods that a Deployment has.
          observedGeneration: The generation of the spec that was last acted upon.
          replicas: How many pods there are, old and new; not those that are ending.
          updatedReplicas: How many of them are of the present template.
          readyReplicas: How many of them are ready.
          availableReplicas: How many of them have been ready for minReadySeconds.
          unavailableReplicas: How many are still missing until all that are wanted are available.
          terminatingReplicas: How many pods are being deleted and have not ended yet.
          conditions: The Deployment's state in several respects.
          collisionCount: How often a name for a ReplicaSet was already taken.
        DeploymentStrategy: Settings of a rollout.
          type: RollingUpdate replaces them a few at a time, Recreate ends all before it makes new ones; RollingUpdate
            when nothing is said.
          rollingUpdate: How many at once; for RollingUpdate only.
        ReplicaSet: Keeps a number of replicas of a pod running.
          spec: The pods that are wanted.
          status: The pods that were last seen.
        ReplicaSetCondition: One aspect of a ReplicaSet's state.
          @Condition
          type: ReplicaFailure: pods could not be made or deleted.
        ReplicaSetSpec: What is wanted of a ReplicaSet.
          replicas: How many pods are wanted; 1 when nothing is said.
          minReadySeconds: Seconds that a new pod must be ready to count as available; 0 when nothing is said.
          selector: Finds the pods that belong to it; must match the template's labels, and cannot be changed.
          template: Describes the pods that are made.
        ReplicaSetStatus: The pods that a ReplicaSet has.
          replicas: How many pods there are; not those that are ending.
          fullyLabeledReplicas: How many of them have all labels of the template.
          readyReplicas: How many of them are ready.
          availableReplicas: How many of them have been ready for minReadySeconds.
          terminatingReplicas: How many pods are being deleted and have not ended yet.
          observedGeneration: The generation of the spec that was last acted upon.
          conditions: What stands in the way.
        RollingUpdateDaemonSet: How many nodes are updated at once; exactly one of these is not 0.
          maxUnavailable: On how many nodes a pod may be missing meanwhile, as a number or a percentage, rounded up; 1
            when nothing is said.
          maxSurge: On how many nodes a new pod may start before the old one ends, as a number or a percentage, rounded
            up; 0 when nothing is said.
        RollingUpdateDeployment: How many pods are replaced at once; not both may be 0.
          maxUnavailable: How many pods may be missing meanwhile, as a number or a percentage, rounded down; 25% when
            nothing is said.
          maxSurge: How many pods there may be beyond replicas meanwhile, as a number or a percentage, rounded up; 25%
            when nothing is said.
        RollingUpdateStatefulSetStrategy: Which pods are updated, and how many at once.
          partition: Only pods with this number or a larger one are updated; 0 when nothing is said.
          maxUnavailable: How many pods may be missing meanwhile, as a number or a percentage, rounded up; 1 when
            nothing is said.
        StatefulSet: Runs pods with stable names and storage of their own.
          spec: The pods that are wanted.
          status: The pods that were last seen.
        StatefulSetCondition: One aspect of a StatefulSet's state.
          @Condition
        StatefulSetOrdinals: How a StatefulSet's pods are numbered.
          start: The number of the first pod; 0 when nothing is said.
        StatefulSetPersistentVolumeClaimRetentionPolicy: What becomes of the claims of pods that go.
          whenDeleted: When the StatefulSet is deleted: Retain keeps them, Delete deletes them; Retain when nothing is
            said.
          whenScaled: When fewer pods are wanted: Retain keeps them, Delete deletes them; Retain when nothing is said.
        StatefulSetSpec: What is wanted of a StatefulSet.
          replicas: How many pods are wanted; 1 when nothing is said.
          selector: Finds the pods that belong to it; must match the template's labels, and cannot be changed.
          template: Describes the pods that are made; their names are the StatefulSet's with "-" and a number.
          volumeClaimTemplates: Describes claims of which each pod has its own; a volume of the same name is replaced by
            the claim's. Cannot be changed.
          serviceName: The headless Service that gives the pods their names in DNS; cannot be changed.
          podManagementPolicy: OrderedReady makes and deletes pods one after another, Parallel all at once; OrderedReady
            when nothing is said. Cannot be changed.
          updateStrategy: How old pods are replaced by new ones.
          revisionHistoryLimit: How many old templates are kept to go back to; 10 when nothing is said.
          minReadySeconds: Seconds that a new pod must be ready to count as available; 0 when nothing is said.
          persistentVolumeClaimRetentionPolicy: What becomes of the claims of pods that go; they are kept when nothing
            is said.
          ordinals: How the pods are numbered; from 0 when nothing is said.
        StatefulSetStatus: The pods that a StatefulSet has.
          observedGeneration: The generation of the spec that was last acted upon.
          replicas: How many pods there are.
          readyReplicas: How many of them are ready.
          currentReplicas: How many of them are of currentRevision.
          updatedReplicas: How many of them are of updateRevision.
          currentRevision: The template of pods that are not updated yet.
          updateRevision: The template of pods that are updated.
          collisionCount: How often a name for a revision was already taken.
          conditions: The StatefulSet's state in several respects.
          availableReplicas: How many of them have been ready for minReadySeconds.
        StatefulSetUpdateStrategy: Settings of a StatefulSet's update.
          type: RollingUpdate replaces them from the last to the first, OnDelete only those that somebody deletes;
            RollingUpdate when nothing is said.
          rollingUpdate: Which and how many at once; for RollingUpdate only.
        """
}
