extension CoreV1 {
    static let placementDescriptions = """
        Affinity: Conditions and wishes for where a pod runs.
          nodeAffinity: Which nodes.
          podAffinity: Near which pods.
          podAntiAffinity: Far from which pods.
        NodeAffinity: On which nodes a pod should run.
          requiredDuringSchedulingIgnoredDuringExecution: The nodes on which it may run; looked at when it is scheduled,
            and not later.
          preferredDuringSchedulingIgnoredDuringExecution: The nodes on which it would better run; the one with the
            largest sum of weights is best.
        NodeSelector: Finds nodes; one term must hold.
          nodeSelectorTerms: The terms; at least one.
        NodeSelectorRequirement: One condition on a node's label or field.
          key: The label's key or the field's name.
          operator: In, NotIn, Exists or DoesNotExist; Gt and Lt compare whole numbers.
          values: The values for In and NotIn, exactly one number for Gt and Lt; empty for the others.
        NodeSelectorTerm: Conditions, all of which must hold; none finds no node.
          matchExpressions: Conditions on labels.
          matchFields: Conditions on fields; metadata.name is the only one.
        PodAffinity: Pods near which a pod must or should run.
          requiredDuringSchedulingIgnoredDuringExecution: Where it may run: all must hold. Looked at when it is
            scheduled, and not later.
          preferredDuringSchedulingIgnoredDuringExecution: Where it would better run; the node with the largest sum of
            weights is best.
        PodAffinityTerm: Some pods, and what near means.
          labelSelector: Finds the pods; without it none.
          namespaces: The namespaces of those pods; the pod's own when this and namespaceSelector are empty.
          topologyKey: The label of nodes that says what near is: nodes with the same value, such as
            "topology.kubernetes.io/zone".
          namespaceSelector: Finds further namespaces by their labels; {} finds all.
          matchLabelKeys: Labels in which those pods must be like this one.
          mismatchLabelKeys: Labels in which those pods must differ from this one.
        PodAntiAffinity: Pods near which a pod must not or should not run.
          requiredDuringSchedulingIgnoredDuringExecution: Where it may not run: near any of these. Looked at when it is
            scheduled, and not later.
          preferredDuringSchedulingIgnoredDuringExecution: Where it would better not run; the node with the largest sum
            of weights is worst.
        PreferredSchedulingTerm: Nodes that are preferred, and how much.
          weight: How much, from 1 to 100.
          preference: Finds the nodes.
        Toleration: Taints that a pod does not mind.
          key: The taint's key; empty with Exists for all taints.
          operator: Equal compares the value, Exists takes any; Gt and Lt compare whole numbers. Equal when nothing is
            said.
          value: The taint's value; empty for Exists.
          effect: The taint's effect: NoSchedule, PreferNoSchedule or NoExecute; any when empty.
          tolerationSeconds: Seconds that the pod stays on a node with such a NoExecute taint; for good when nothing is
            said, 0 or less is not at all.
        TopologySpreadConstraint: How some pods are spread over parts of the cluster.
          maxSkew: How many more such pods a part may have than the part with the fewest; at least 1.
          topologyKey: The label of nodes that makes the parts: nodes with the same value are one.
          whenUnsatisfiable: DoNotSchedule lets the pod wait rather than break the rule, ScheduleAnyway prefers what
            comes near it.
          labelSelector: Finds the pods that are counted.
          minDomains: With fewer parts than this, the fewest counts as 0; for DoNotSchedule only, and 1 when nothing is
            said.
          nodeAffinityPolicy: Honor counts only nodes that the pod's affinity and nodeSelector allow, Ignore all; Honor
            when nothing is said.
          nodeTaintsPolicy: Honor leaves out nodes whose taints the pod does not tolerate, Ignore none; Ignore when
            nothing is said.
          matchLabelKeys: Labels in which the counted pods must be like this one.
        WeightedPodAffinityTerm: Where a pod would better run or not, and how much.
          weight: How much, from 1 to 100.
          podAffinityTerm: The pods, and the parts of the cluster.
        """
}
