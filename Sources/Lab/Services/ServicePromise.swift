internal import Linux
internal import NetTypes
internal import Netlink

/// One line of what Services promise: who asks for which address, and what becomes of it.
struct ServicePromise: Sendable {
    let client: ServiceClient
    let service: String
    let front: String
    let target: IPAddress
    let ports: [Transport: UInt16]
    let fate: ServiceFate

    /// What it is called in a report.
    var destination: String { "\(service) \(front)" }
}

extension Lab {
    func serviceClients() throws -> [ServiceClient] {
        try pods.map { ServiceClient(name: $0.name, namespace: try namespace(of: $0.name), node: $0.node, pod: $0) }
            + nodes.map { ServiceClient(name: $0, namespace: try namespace(of: $0), node: $0, pod: nil) }
            + [ServiceClient(name: "outside", namespace: try namespace(of: "outside"), node: nil, pod: nil)]
    }

    func servicePolicy(_ family: IPFamily) throws -> ServicePolicy {
        var addresses: [String: Set<IPAddress>] = [:]
        for node in nodes {
            var socket = try NetlinkSocket(in: NetworkNamespace(path: namespace(of: node)))
            addresses[node] = Set(try socket.addresses(family).map(\.address.address))
        }
        return ServicePolicy(nodeAddresses: addresses, family: family)
    }

    /// Every client by every way in. Pods and nodes ask for node ports at their own node and at another; the outside
    /// comes in by each of the first nodes.
    func servicePromises(_ services: [CheckedService], _ family: IPFamily) throws -> [ServicePromise] {
        let policy = try servicePolicy(family)
        let clients = try serviceClients()
        return services.filter { $0.name != CheckedService.marker && $0.name != CheckedService.brief }.flatMap {
            service in
            clients.flatMap { client in
                fronts(of: service, for: client).compactMap { front in
                    guard let target = target(service, front, family) else { return nil }
                    var ports: [Transport: UInt16] = [:]
                    if case .nodePort = front {
                        ports = service.nodePorts
                    } else {
                        for transport in Transport.available { ports[transport] = CheckedService.port }
                    }
                    return ServicePromise(
                        client: client, service: service.name, front: front.name, target: target, ports: ports,
                        fate: policy.fate(of: service, by: front, for: client))
                }
            }
        }
    }

    private func fronts(of service: CheckedService, for client: ServiceClient) -> [ServiceFront] {
        var fronts: [ServiceFront] = service.kind == .headless ? [] : [.clusterIP]
        let entries = client.node == nil ? entryNodes : [entryNodes[0]]
        if service.kind == .loadBalancer {
            let places = client.node.map { own in [own] + nodes.filter { $0 != own }.prefix(1) } ?? entryNodes
            fronts += places.map { .nodePort($0) } + entries.map { .loadBalancer($0) }
        }
        if service.kind != .clusterIP { fronts += entries.map { .external($0) } }
        return fronts
    }

    private func target(_ service: CheckedService, _ front: ServiceFront, _ family: IPFamily) -> IPAddress? {
        switch front {
        case .clusterIP: service.clusterIP(family)
        case .nodePort(let node): underlayAddress(of: node, family)
        case .external(let node): Addresses.service(service.number, .external, by: Self.hostNumber(node), family)
        case .loadBalancer(let node):
            Addresses.service(service.number, .loadBalancer, by: Self.hostNumber(node), family)
        }
    }
}
