/// The schema of `node.k8s.io/v1`; `SchemaText` describes the notation.
enum NodeV1 {
    static let text = SchemaText(
        "node.k8s.io/v1", package: "io.k8s.api.node.v1", resources: resources, messages: [messages],
        descriptions: [descriptions])

    private static let resources = """
        runtimeclasses RuntimeClass
        """

    private static let messages = """
        Overhead
          podFixed 1 {Quantity}
        RuntimeClass kind
          metadata 1 ObjectMeta always
          handler 2 string required notEmpty
          overhead 3 Overhead
          scheduling 4 Scheduling
        Scheduling
          nodeSelector 1 {string} atomic
          tolerations 2 [Toleration]
        """
}
