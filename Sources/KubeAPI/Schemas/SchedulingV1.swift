/// The schema of `scheduling.k8s.io/v1`; `SchemaText` describes the notation.
enum SchedulingV1 {
    static let text = SchemaText(
        "scheduling.k8s.io/v1", package: "io.k8s.api.scheduling.v1", resources: resources, messages: [messages],
        descriptions: [descriptions])

    private static let resources = """
        priorityclasses PriorityClass short(pc)
        """

    private static let messages = """
        PriorityClass kind
          metadata 1 ObjectMeta always
          value 2 int32 required
          globalDefault 3 bool
          description 4 string
          preemptionPolicy 5 string? enum(PreemptLowerPriority,Never) default("PreemptLowerPriority")
        """
}
