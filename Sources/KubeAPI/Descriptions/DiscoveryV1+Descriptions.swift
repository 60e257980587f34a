extension DiscoveryV1 {
    static let descriptions = """
        Endpoint: One pod or host behind a Service.
          addresses: Its addresses, of the slice's type, 100 at most; the first is used, and all lead to the same.
          conditions: Whether it can take traffic.
          hostname: The host's name in DNS, below the Service's.
          targetRef: The pod, or whatever else has the addresses.
          deprecatedTopology: Labels of the node, from v1beta1; read only.
          nodeName: The node on which it runs.
          zone: The zone in which it runs.
          hints: For whom it is the best choice.
        EndpointConditions: What is known about an endpoint's state.
          ready: Whether it takes new traffic: it serves and does not terminate. Nothing counts as true.
          serving: Whether it answers, even while it terminates. Nothing counts as ready.
          terminating: Whether it is on its way out. Nothing counts as false.
        EndpointHints: The zones and nodes that an endpoint is meant for.
          forZones: Clients in these zones; 8 at most.
          forNodes: Clients on these nodes; 8 at most.
        EndpointPort: A port of all endpoints of a slice.
          name: The name of the Service's port; empty when it has none.
          protocol: TCP, UDP or SCTP; TCP when nothing is said.
          port: The number of the port.
          appProtocol: What is spoken on the port, such as "http" or "kubernetes.io/h2c".
        EndpointSlice: Some of the addresses behind a Service.
          addressType: IPv4, IPv6 or FQDN: what all addresses in the slice are; cannot be changed.
          endpoints: The pods and hosts; 1000 at most.
          ports: The ports of all these endpoints.
        ForNode: Clients on a node.
          name: The node's name.
        ForZone: Clients in a zone.
          name: The zone's name.
        """
}
