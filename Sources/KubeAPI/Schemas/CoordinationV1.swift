/// The schema of `coordination.k8s.io/v1`; `SchemaText` describes the notation.
enum CoordinationV1 {
    static let text = SchemaText(
        "coordination.k8s.io/v1", package: "io.k8s.api.coordination.v1", resources: resources, messages: [messages],
        descriptions: [descriptions])

    private static let resources = """
        leases Lease namespaced
        """

    private static let messages = """
        Lease kind
          metadata 1 ObjectMeta always
          spec 2 LeaseSpec always
        LeaseSpec
          holderIdentity 1 string?
          leaseDurationSeconds 2 int32?
          acquireTime 3 MicroTime
          renewTime 4 MicroTime
          leaseTransitions 5 int32?
          strategy 6 string?
          preferredHolder 7 string?
        """
}
