/// The schema of `discovery.k8s.io/v1`; `SchemaText` describes the notation.
enum DiscoveryV1 {
    static let text = SchemaText(
        "discovery.k8s.io/v1", package: "io.k8s.api.discovery.v1", resources: resources, messages: [messages],
        descriptions: [descriptions])

    private static let resources = """
        endpointslices EndpointSlice namespaced
        """

    private static let messages = """
        Endpoint
          addresses 1 [string] required set
          conditions 2 EndpointConditions always
          hostname 3 string?
          targetRef 4 ObjectReference
          deprecatedTopology 5 {string}
          nodeName 6 string?
          zone 7 string?
          hints 8 EndpointHints
        EndpointConditions
          ready 1 bool?
          serving 2 bool?
          terminating 3 bool?
        EndpointHints
          forZones 1 [ForZone]
          forNodes 2 [ForNode]
        EndpointPort atomic
          name 1 string? default("")
          protocol 2 string? enum(SCTP,TCP,UDP) default("TCP")
          port 3 int32?
          appProtocol 4 string?
        EndpointSlice kind
          metadata 1 ObjectMeta always
          addressType 4 string required enum(FQDN,IPv4,IPv6)
          endpoints 2 [Endpoint] always
          ports 3 [EndpointPort]
        ForNode
          name 1 string required
        ForZone
          name 1 string required
        """
}
