import NFTables
import NetTypes
import ServiceProxy
import Testing

/// Services, and what has to become of connections to them. The same table is run in memory and with real packets.
///
/// The node is 192.168.30.1, its pods are 10.30.1.0/24; 10.30.2.0/24 are the pods of another node.
struct Scenario: Sendable, CustomTestStringConvertible {
    enum Client: String, Sendable {
        case pod, otherPod, node, outside, remotePod

        var source: IPAddress {
            switch self {
            case .pod: address("10.30.1.11")
            case .otherPod: address("10.30.1.13")
            case .node: address("192.168.30.1")
            case .outside: address("192.168.30.9")
            case .remotePod: address("10.30.2.12")
            }
        }

        var origin: Packet.Origin {
            switch self {
            case .pod: .interface("veth-pod")
            case .otherPod: .interface("veth-other")
            case .node: .node
            case .outside, .remotePod: .interface("under")
            }
        }
    }

    struct Flow: Sendable {
        var client: Client
        var destination: Destination
        var transport = L4Protocol.tcp
        var expected: Set<Outcome>
    }

    var name: String
    var services: [String: ServiceObject] = [:]
    var slices: [EndpointSliceObject] = []
    var node = Scenario.node
    var flows: [Flow] = []

    var testDescription: String { name }

    static let nodeAddress = address("192.168.30.1")
    static let clusterIP = address("10.96.0.10")
    static let externalIP = address("192.168.99.4")
    static let loadBalancerIP = address("192.168.99.5")

    static var node: NodeView {
        var node = NodeView("here")
        node.zone = "zone-a"
        node.addresses = [nodeAddress, address("10.30.1.1")]
        node.nodePortAddresses = [nodeAddress]
        node.serviceCIDRs = [CIDR("10.96.0.0/16")].compactMap(\.self)
        node.pods = .networks([CIDR("10.30.1.0/24")].compactMap(\.self))
        return node
    }

    /// The table for it.
    func planner(remembering slots: SlotMemory = SlotMemory()) -> Planner {
        var planner = Planner(node, remembering: slots)
        plan(with: &planner)
        return planner
    }

    func plan(with planner: inout some PortPlanner) {
        for (name, service) in services {
            for port in service.ports {
                let key = ServicePortName("default", name, port: port.name, port.transport)
                let own = slices.filter { $0.service == name }
                for family in IPFamily.allCases {
                    guard let wanted = ServicePort(service, port, family) else { continue }
                    planner.set(PortKey(key, family), wanted, Endpoint.merged(own, for: key, family))
                }
            }
        }
    }
}

func address(_ text: String) -> IPAddress { IPAddress(text) ?? .v4(IPv4Address(rawValue: 0)) }

// MARK: Words for the tables

extension ServiceObject {
    static func clusterIP(_ change: (inout ServiceObject) -> Void = { _ in }) -> ServiceObject {
        var service = ServiceObject()
        service.clusterIPs = [Scenario.clusterIP]
        service.ports = [Port(80)]
        change(&service)
        return service
    }

    /// Reached in every way that there is.
    static func everywhere(_ change: (inout ServiceObject) -> Void = { _ in }) -> ServiceObject {
        clusterIP {
            $0.ports = [Port(80, nodePort: 30_080)]
            $0.externalIPs = [Scenario.externalIP]
            $0.loadBalancerIPs = [Scenario.loadBalancerIP]
            change(&$0)
        }
    }
}

extension EndpointSliceObject {
    /// An endpoint is where it serves, and on which node: `("10.30.1.11", "here")`.
    static func of(
        _ endpoints: [(address: String, node: String)], for service: String = "web", port: UInt16 = 8080,
        _ change: (inout Endpoint) -> Void = { _ in }
    ) -> EndpointSliceObject {
        var slice = EndpointSliceObject()
        slice.service = service
        slice.ports = [Port(port)]
        slice.endpoints = endpoints.map {
            var endpoint = Endpoint(NetTypes.IPAddress($0.address) ?? .v4(IPv4Address(rawValue: 0)))
            endpoint.node = $0.node
            change(&endpoint)
            return endpoint
        }
        return slice
    }
}

extension Scenario.Flow {
    /// Every one of the endpoints is reached, and nothing else.
    static func reaches(
        _ client: Scenario.Client, _ destination: IPAddress, _ port: UInt16, over transport: L4Protocol = .tcp,
        _ endpoints: [String], at target: UInt16 = 8080, masqueraded: Bool = false
    ) -> Self {
        let expected = endpoints.map {
            Outcome(.delivered(Destination(address($0), target)), isMasqueraded: masqueraded)
        }
        return Self(
            client: client, destination: Destination(destination, port), transport: transport,
            expected: Set(expected))
    }

    static func ends(
        _ fate: Outcome.Fate, _ client: Scenario.Client, _ destination: IPAddress, _ port: UInt16,
        _ transport: L4Protocol = .tcp
    ) -> Self {
        Self(
            client: client, destination: Destination(destination, port), transport: transport,
            expected: [Outcome(fate)])
    }

    static func rejected(
        _ client: Scenario.Client, _ destination: IPAddress, _ port: UInt16, _ transport: L4Protocol = .tcp
    ) -> Self { ends(.rejected, client, destination, port, transport) }

    static func dropped(
        _ client: Scenario.Client, _ destination: IPAddress, _ port: UInt16, _ transport: L4Protocol = .tcp
    ) -> Self { ends(.dropped, client, destination, port, transport) }
}
