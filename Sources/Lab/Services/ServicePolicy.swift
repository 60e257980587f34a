internal import NetTypes

/// By what a Service is asked for.
enum ServiceFront: Hashable, Sendable {
    case clusterIP
    /// At the address of this node.
    case nodePort(String)
    /// By an address in this node's share.
    case external(String)
    case loadBalancer(String)

    var name: String {
        switch self {
        case .clusterIP: "ClusterIP"
        case .nodePort: "NodePort"
        case .external: "externalIP"
        case .loadBalancer: "LoadBalancer"
        }
    }
}

/// Who asks.
struct ServiceClient: Sendable {
    let name: String
    /// Path of its network namespace.
    let namespace: String
    /// The node that it is, or is on; nil for the outside.
    let node: String?
    /// Nil for a node, and for the outside.
    let pod: Pod?
}

/// What has to become of a connection.
enum ServiceFate: Sendable {
    /// One of these is reached, each sees the client as it says; with affinity always the same.
    case reaches([IPAddress: Seen], isSticky: Bool)
    case refused
    case silent
    /// Nobody answers for it; how that shows is nobody's promise.
    case unserved

    enum Seen: Sendable {
        /// The address that the client has.
        case own
        /// One of these of a node.
        case node(Set<IPAddress>)

        func includes(_ address: IPAddress, of own: IPAddress?) -> Bool {
            switch self {
            case .own: address == own
            case .node(let addresses): addresses.contains(address)
            }
        }
    }
}

/// What the Kubernetes documentation says becomes of a connection: a pure function, and no part of the proxy.
struct ServicePolicy: Sendable {
    /// All addresses that each node has.
    let nodeAddresses: [String: Set<IPAddress>]
    let family: IPFamily

    func fate(of service: CheckedService, by front: ServiceFront, for client: ServiceClient) -> ServiceFate {
        guard service.kind != .headless else { return .unserved }
        if case .loadBalancer = front, !isGuest(client, of: service) { return .silent }
        if service.endpoints.isEmpty { return .refused }
        guard let entry = entry(front, client) else { return .unserved }
        let all = service.endpoints
        let local = all.filter { $0.node == entry }
        let isHere = client.node == entry
        if front == .clusterIP {
            // From outside too this is the ClusterIP's own policy.
            return reaches(
                service, service.isInternalLocal ? local : all, entry, client,
                isMasked: client.pod == nil || !isHere)
        }
        guard service.isExternalLocal else { return reaches(service, all, entry, client, isMasked: true) }
        // Pods and processes of the node itself go anywhere, whatever the policy for the outside.
        if isHere { return reaches(service, all, entry, client, isMasked: client.pod == nil) }
        return reaches(service, local, entry, client, isMasked: false)
    }

    /// The node whose rules translate.
    private func entry(_ front: ServiceFront, _ client: ServiceClient) -> String? {
        switch front {
        // The outside has a route to ClusterIPs by the first node.
        case .clusterIP: client.node ?? "node1"
        case .nodePort(let node): node
        case .external(let node), .loadBalancer(let node): client.node ?? node
        }
    }

    private func isGuest(_ client: ServiceClient, of service: CheckedService) -> Bool {
        if service.sourceRanges.isEmpty { return true }
        if client.node == nil { return true }
        return client.pod?.address(family).map { own in service.sourceRanges.contains { $0.contains(own) } } ?? false
    }

    private func reaches(
        _ service: CheckedService, _ endpoints: [Pod], _ entry: String, _ client: ServiceClient, isMasked: Bool
    ) -> ServiceFate {
        if endpoints.isEmpty { return .silent }
        let masked = ServiceFate.Seen.node(nodeAddresses[entry] ?? [])
        // What leaves a pod for a node is the overlay's to mask, before it gets here.
        let unmasked: ServiceFate.Seen =
            client.node.flatMap { $0 == entry ? nil : nodeAddresses[$0] }.map { .node($0) } ?? .own
        var seen: [IPAddress: ServiceFate.Seen] = [:]
        for endpoint in endpoints {
            guard let address = endpoint.address(family) else { continue }
            // Who reaches itself has to come back by its node.
            seen[address] = isMasked || endpoint.name == client.pod?.name && client.node == entry ? masked : unmasked
        }
        return .reaches(seen, isSticky: service.affinitySeconds != nil)
    }
}
