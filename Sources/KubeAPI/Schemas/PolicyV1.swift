/// The schema of `policy/v1`; `SchemaText` describes the notation.
enum PolicyV1 {
    static let text = SchemaText(
        "policy/v1", package: "io.k8s.api.policy.v1", resources: resources, messages: [messages],
        descriptions: [descriptions])

    private static let resources = """
        poddisruptionbudgets PodDisruptionBudget namespaced short(pdb)
          status PodDisruptionBudget get,patch,update
        """

    private static let messages = """
        Eviction kind
          metadata 1 ObjectMeta always
          deleteOptions 2 DeleteOptions
        PodDisruptionBudget kind
          metadata 1 ObjectMeta always
          spec 2 PodDisruptionBudgetSpec always
          status 3 PodDisruptionBudgetStatus always
        PodDisruptionBudgetSpec
          minAvailable 1 IntOrString
          selector 2 LabelSelector replace
          maxUnavailable 3 IntOrString
          unhealthyPodEvictionPolicy 4 string? enum(AlwaysAllow,IfHealthyBudget)
        PodDisruptionBudgetStatus
          observedGeneration 1 int64
          disruptedPods 2 {Time}
          disruptionsAllowed 3 int32
          currentHealthy 4 int32
          desiredHealthy 5 int32
          expectedPods 6 int32
          conditions 7 [Condition] map(type) merge(type)
        """
}
