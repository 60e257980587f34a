package import NFTables
package import NetTypes

/// The sets and maps of the table, one of each for a family. All Services share them, so that a Service costs elements and
/// nothing else.
package enum ProxySet: String, CaseIterable, Hashable, Sendable {
    /// Address, protocol and port to the chain that picks an endpoint.
    case services
    /// The same and a slot to the endpoint that is in it.
    case endpoints
    /// The same, of endpoints on this node, for external traffic that has to stay here.
    case localEndpoints = "local-endpoints"
    case nodePorts = "node-ports"
    case nodePortEndpoints = "node-port-endpoints"
    case nodePortLocalEndpoints = "node-port-local-endpoints"
    case nodePortAddresses = "node-port-addresses"
    case clusterIPs = "cluster-ips"
    case serviceCIDRs = "service-cidrs"
    /// What nobody serves: to the chain that rejects, or to be dropped.
    case noEndpoints = "no-endpoints"
    case noEndpointNodePorts = "no-endpoint-node-ports"
    /// Addresses of load balancers that are not for everybody, and for whom they are.
    case firewalled
    case allowed
    /// Of ports whose clients keep their endpoint: the number that all ways in to one of them share.
    case groups
    case nodePortGroups = "node-port-groups"
    /// In which slot of its group a client's endpoint is; rules fill these.
    case affinity
    case localAffinity = "local-affinity"
    /// Endpoints on this node: source and destination of a connection that comes back to where it began.
    case hairpin

    package static let table = Table(.inet, "poplin-proxy")

    package func set(_ family: IPFamily) -> NFTSet {
        let address = family == .v4 ? DataType.ipv4Address : .ipv6Address
        let front = [address, .internetProtocol, .internetService]
        let nodePort = [DataType.internetProtocol, .internetService]
        let name = rawValue + (family == .v4 ? "4" : "6")
        func make(_ key: [DataType], _ value: NFTSet.Value = .none, _ options: NFTSet.Options = []) -> NFTSet {
            NFTSet(Self.table, name, key: key, value: value, options: options)
        }
        return switch self {
        case .services, .noEndpoints: make(front, .verdict)
        case .endpoints, .localEndpoints: make(front + [.mark], .data([address, .internetService]))
        case .nodePorts, .noEndpointNodePorts: make(nodePort, .verdict)
        case .nodePortEndpoints, .nodePortLocalEndpoints:
            make(nodePort + [.mark], .data([address, .internetService]))
        case .nodePortAddresses, .clusterIPs: make([address])
        case .serviceCIDRs: make([address], .none, .interval)
        case .firewalled: make(front)
        case .allowed: make(front + [address], .none, .interval)
        case .groups: make(front, .data([.mark]))
        case .nodePortGroups: make(nodePort, .data([.mark]))
        case .affinity, .localAffinity:
            NFTSet(
                Self.table, name, key: [address, .mark], value: .data([.mark]), options: [.dynamic, .timeout],
                size: 1 << 20)
        case .hairpin: make([address, address, .internetProtocol, .internetService])
        }
    }

    /// Of a map of endpoints: where its clients are remembered.
    var memory: ProxySet? {
        switch self {
        case .endpoints, .nodePortEndpoints: .affinity
        case .localEndpoints, .nodePortLocalEndpoints: .localAffinity
        default: nil
        }
    }

    /// Whether the keys of a map of endpoints begin with the address that was asked for.
    var hasDestination: Bool { self == .endpoints || self == .localEndpoints }

    /// Maps whose elements have a slot.
    static let endpointMaps: [ProxySet] = [.endpoints, .localEndpoints, .nodePortEndpoints, .nodePortLocalEndpoints]

    private static let places = Dictionary(uniqueKeysWithValues: allCases.enumerated().map { ($1, 2 * $0) })

    /// A number for each set of each family, from 0 without holes.
    func index(_ family: IPFamily) -> Int { (Self.places[self] ?? 0) + (family == .v4 ? 0 : 1) }
}
