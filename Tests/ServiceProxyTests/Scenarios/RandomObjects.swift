import NFTables
import NetTypes
import ServiceProxy

/// Services and slices that get into each other's way.
enum RandomObjects {
    static func service(_ random: inout some RandomNumberGenerator) -> ServiceObject? {
        if Int.random(in: 0..<6, using: &random) == 0 { return nil }
        var service = ServiceObject()
        service.clusterIPs = [address("10.96.0.\(Int.random(in: 1...8, using: &random))")]
        if Bool.random(using: &random) {
            service.clusterIPs.append(address("fd96::\(Int.random(in: 1...8, using: &random))"))
            // Of IPv6 alone, some of them.
            if Int.random(in: 0..<3, using: &random) == 0 { service.clusterIPs.removeFirst() }
        }
        service.ports = (0..<Int.random(in: 1...3, using: &random)).map {
            ServiceObject.Port(
                UInt16(80 + $0), named: $0 == 0 ? "" : "p\($0)", over: Bool.random(using: &random) ? .tcp : .udp,
                nodePort: Bool.random(using: &random) ? UInt16(30_000 + Int.random(in: 0..<5, using: &random)) : 0)
        }
        service.isProxied = Int.random(in: 0..<10, using: &random) > 0
        if Bool.random(using: &random) {
            service.externalIPs = [
                address("10.96.0.\(Int.random(in: 1...8, using: &random))"), address("192.168.99.1"),
                address("fd96::\(Int.random(in: 1...8, using: &random))"), address("fd99::1"),
            ]
        }
        if Bool.random(using: &random) {
            let number = Int.random(in: 1...3, using: &random)
            service.loadBalancerIPs = [address("192.168.99.\(number)"), address("fd99::\(number)")]
        }
        if Bool.random(using: &random) {
            service.sourceRanges = ["10.0.0.0/8", "10.1.0.0/16", "192.168.7.0/24", "fd00::/8"].compactMap { CIDR($0) }
        }
        service.affinitySeconds = [nil, 60, 3600].randomElement(using: &random) ?? nil
        service.scheduling = Scheduling.allCases.randomElement(using: &random) ?? .random
        if Int.random(in: 0..<4, using: &random) == 0 {
            service.weights = ["10.30.1.0/30", "10.30.1.4/30", "fd30::/126"].compactMap { CIDR($0) }.map {
                Weight($0, Int.random(in: 0...3, using: &random))
            }
        }
        service.isInternalLocal = Bool.random(using: &random)
        service.isExternalLocal = Bool.random(using: &random)
        return service
    }

    static func slice(of service: String, _ random: inout some RandomNumberGenerator) -> EndpointSliceObject? {
        if Int.random(in: 0..<5, using: &random) == 0 { return nil }
        let isV6 = Int.random(in: 0..<3, using: &random) == 0
        var slice = EndpointSliceObject()
        slice.service = service
        slice.ports = [
            .init(8080, over: .tcp), .init(8080, over: .udp), .init(8081, named: "p1", over: .tcp),
            .init(8082, named: "p2", over: .udp),
        ]
        slice.endpoints = (0..<Int.random(in: 0...6, using: &random)).map { _ in
            let number = Int.random(in: 1...9, using: &random)
            var endpoint = EndpointSliceObject.Endpoint(address(isV6 ? "fd30::\(number)" : "10.30.1.\(number)"))
            endpoint.node = ["here", "there", ""].randomElement(using: &random) ?? ""
            endpoint.isReady = Int.random(in: 0..<4, using: &random) > 0
            endpoint.isTerminating = Int.random(in: 0..<4, using: &random) == 0
            endpoint.isServing = Int.random(in: 0..<6, using: &random) > 0
            endpoint.zones = [[], ["zone-a"], ["zone-b"]].randomElement(using: &random) ?? []
            endpoint.nodes = [[], [], ["here"], ["there"]].randomElement(using: &random) ?? []
            return endpoint
        }
        return slice
    }

    /// Of a Service, or nearly.
    static func destination(_ random: inout some RandomNumberGenerator) -> Destination {
        let port = UInt16(80 + Int.random(in: 0..<4, using: &random))
        let isV6 = Bool.random(using: &random)
        let number = Int.random(in: 1...9, using: &random)
        return switch Int.random(in: 0..<4, using: &random) {
        case 0:
            Destination(
                isV6 ? Scenario.nodeAddress.inV6 : Scenario.nodeAddress,
                UInt16(30_000 + Int.random(in: 0..<5, using: &random)))
        case 1: Destination(address(isV6 ? "fd99::\(number % 3 + 1)" : "192.168.99.\(number % 3 + 1)"), port)
        default: Destination(address(isV6 ? "fd96::\(number)" : "10.96.0.\(number)"), port)
        }
    }

    static func node(_ random: inout some RandomNumberGenerator) -> NodeView {
        var node = Scenario.node
        node.zone = ["zone-a", "zone-b", ""].randomElement(using: &random) ?? ""
        node.nodePortAddresses =
            [
                nil, [], [Scenario.nodeAddress], [Scenario.nodeAddress, address("10.30.1.1"), address("fd30::1")],
                [address("fd30::1")],
            ].randomElement(using: &random) ?? nil
        node.masqueradesAll = Bool.random(using: &random)
        node.addresses =
            [[Scenario.nodeAddress], [address("10.1.2.3")], [address("fd30::1")]].randomElement(using: &random) ?? []
        node.serviceCIDRs = ["10.96.0.0/16", "10.96.0.0/12", "10.128.0.0/16", "fd96::/112"].compactMap { CIDR($0) }
            .filter { _ in Bool.random(using: &random) }
        let networks = ["10.30.1.0/24", "10.30.0.0/16", "fd30::/64"].compactMap { CIDR($0) }
        node.pods =
            [
                .none, .networks([]), .networks(networks.filter { _ in Bool.random(using: &random) }), .bridge("cni0"),
                .interfacePrefix("veth"),
            ].randomElement(using: &random) ?? .none
        node.mark = [0x4000, 0x8000].randomElement(using: &random) ?? 0x4000
        return node
    }
}
