import Glibc
import Lab
import Linux
import NFTables
import NetTypes
import ServiceProxy
import TestSupport
import Testing

/// What clients see that one connection cannot show.
@Suite(.requiresRoot, .requiresProgram("iptables-restore")) struct IPTablesClientTests {
    private static let places = ["10.30.1.11", "10.30.1.12", "10.30.2.11"]

    private func endpoints(_ places: [String], for service: String = "web", port: UInt16 = 8080) -> EndpointSliceObject
    {
        .of(places.map { ($0, $0.hasPrefix("10.30.1.") ? "here" : "there") }, for: service, port: port)
    }

    private func set(_ service: ServiceObject, _ slice: EndpointSliceObject, in planner: inout IPTablesPlanner) {
        let name = ServicePortName("default", "web", service.ports[0].transport)
        planner.set(
            PortKey(name, .v4), ServicePort(service, service.ports[0], .v4), Endpoint.merged([slice], for: name, .v4))
    }

    private func visit(
        _ network: borrowing ScenarioNetwork, _ client: Scenario.Client, _ front: Destination,
        _ transport: L4Protocol = .tcp
    ) throws -> String {
        let flow = Scenario.Flow(client: client, destination: front, transport: transport, expected: [])
        guard case .delivered(let place) = try network.outcome(of: flow).fate else { return "nowhere" }
        return "\(place.address)"
    }

    @Test("a client keeps its endpoint, by every way in, until the endpoint goes", arguments: IPTablesVariant.installed)
    func affinity(_ variant: IPTablesVariant) throws {
        let network = try ScenarioNetwork()
        let servers = try network.servers()
        defer { servers.stop() }
        let service = ServiceObject.everywhere { $0.affinitySeconds = 60 }
        var tables = variant.tables
        var planner = IPTablesPlanner(Scenario.node)
        set(service, endpoints(Self.places), in: &planner)
        try network.node.run { _ = try tables.bring(to: planner.start()) }
        let fronts = [
            Destination(Scenario.clusterIP, 80), Destination(Scenario.loadBalancerIP, 80),
            Destination(Scenario.nodeAddress, 30_080),
        ]
        let first = try visit(network, .otherPod, fronts[0])
        #expect(Self.places.contains(first))
        for front in fronts { for _ in 0..<7 { #expect(try visit(network, .otherPod, front) == first) } }

        // First another one goes, then that one.
        let other = try #require(Self.places.first { $0 != first })
        set(service, endpoints(Self.places.filter { $0 != other }), in: &planner)
        try network.node.run { try tables.write(planner.takeChanges().changes) }
        for _ in 0..<7 { #expect(try visit(network, .otherPod, fronts[0]) == first) }
        set(service, endpoints(Self.places.filter { $0 != first }), in: &planner)
        try network.node.run { try tables.write(planner.takeChanges().changes) }
        let second = try visit(network, .otherPod, fronts[0])
        #expect(Self.places.contains(second) && second != first)
    }

    @Test("after its time a client is a new one", arguments: IPTablesVariant.installed)
    func expires(_ variant: IPTablesVariant) throws {
        let network = try ScenarioNetwork()
        let servers = try network.servers()
        defer { servers.stop() }
        var tables = variant.tables
        var planner = IPTablesPlanner(Scenario.node)
        set(.everywhere { $0.affinitySeconds = 1 }, endpoints(Self.places), in: &planner)
        try network.node.run { _ = try tables.bring(to: planner.start()) }
        let front = Destination(Scenario.clusterIP, 80)
        let first = try visit(network, .otherPod, front)
        // Each visit gives it its time anew, so the one that finds another must come after a rest: time is what is tested.
        try eventually("the client is sent elsewhere", within: .seconds(30)) {
            usleep(1_100_000)
            return try visit(network, .otherPod, front) != first
        }
    }

    @Test(
        "datagrams go to another endpoint as soon as theirs is gone",
        arguments: [
            (Scenario.Client.otherPod, Destination(Scenario.clusterIP, 53)),
            (.outside, Destination(Scenario.loadBalancerIP, 53)), (.outside, Destination(Scenario.nodeAddress, 30_053)),
        ], IPTablesVariant.installed)
    func staleFlows(_ way: (Scenario.Client, Destination), _ variant: IPTablesVariant) throws {
        let network = try ScenarioNetwork()
        let servers = try network.servers()
        defer { servers.stop() }
        let service = ServiceObject.everywhere { $0.ports = [.init(53, over: .udp, nodePort: 30_053)] }
        func slice(_ places: [String]) -> EndpointSliceObject {
            var slice = endpoints(places)
            slice.ports = [.init(5302, over: .udp)]
            return slice
        }
        var tables = variant.tables
        var planner = IPTablesPlanner(Scenario.node)
        set(service, slice([Self.places[0]]), in: &planner)
        try network.node.run { _ = try tables.bring(to: planner.start()) }
        let client = try network.datagramClient(way.0)
        #expect(client.visit(way.1) == .delivered(Destination(address(Self.places[0]), 5302)))
        // One that comes changes nothing for those who have theirs; one that goes lets its own go.
        for (places, expected) in [
            ([Self.places[2]], Self.places[2]), ([Self.places[2], Self.places[1]], Self.places[2]),
        ] {
            set(service, slice(places), in: &planner)
            let (changes, flows) = planner.takeChanges()
            try network.node.run {
                var conntrack = try Conntrack()
                try tables.write(changes)
                _ = try conntrack.delete(matching: flows.stale)
            }
            #expect(client.visit(way.1) == .delivered(Destination(address(expected), 5302)))
        }
    }

    @Test("a node reaches node ports on 127.0.0.1, and nobody else does", arguments: IPTablesVariant.installed)
    func loopback(_ variant: IPTablesVariant) throws {
        let network = try ScenarioNetwork()
        let servers = try network.servers()
        defer { servers.stop() }
        var node = Scenario.node
        node.nodePortAddresses = nil
        node.servesLoopbackNodePorts = true
        var tables = variant.tables
        var planner = IPTablesPlanner(node)
        set(.everywhere(), endpoints([Self.places[2]]), in: &planner)
        try network.node.run {
            try Sysctl.set("net/ipv4/conf/all/route_localnet", "1")
            _ = try tables.bring(to: planner.start())
        }
        let front = Destination(address("127.0.0.1"), 30_080)
        #expect(try visit(network, .node, front) == Self.places[2])
        node.servesLoopbackNodePorts = false
        planner.move(to: node)
        try network.node.run { try tables.write(planner.takeChanges().changes) }
        #expect(try visit(network, .node, front) == "nowhere")
        #expect(try visit(network, .node, Destination(Scenario.nodeAddress, 30_080)) == Self.places[2])
    }

    @Test(
        "source-hash: a client stays, and an endpoint that goes takes its own along",
        arguments: IPTablesVariant.installed)
    func sourceHash(_ variant: IPTablesVariant) throws {
        let network = try ScenarioNetwork()
        let servers = try network.servers()
        defer { servers.stop() }
        var tables = variant.tables
        var planner = IPTablesPlanner(Scenario.node)
        let service = ServiceObject.everywhere { $0.scheduling = .sourceHash }
        set(service, endpoints(Self.places), in: &planner)
        try network.node.run { _ = try tables.bring(to: planner.start()) }
        let fronts = [Destination(Scenario.clusterIP, 80), Destination(Scenario.loadBalancerIP, 80)]
        let first = try visit(network, .otherPod, fronts[0])
        for front in fronts { for _ in 0..<10 { #expect(try visit(network, .otherPod, front) == first) } }
        set(service, endpoints(Self.places.filter { $0 != first }), in: &planner)
        try network.node.run { try tables.write(planner.takeChanges().changes) }
        let second = try visit(network, .otherPod, fronts[0])
        #expect(Self.places.contains(second) && second != first)
        for _ in 0..<10 { #expect(try visit(network, .otherPod, fronts[0]) == second) }
    }

    @Test("round-robin gives each endpoint its turn; the weight 0 gives none", arguments: IPTablesVariant.installed)
    func scheduling(_ variant: IPTablesVariant) throws {
        let network = try ScenarioNetwork()
        let servers = try network.servers()
        defer { servers.stop() }
        var tables = variant.tables
        var planner = IPTablesPlanner(Scenario.node)
        set(.everywhere { $0.scheduling = .roundRobin }, endpoints(Self.places), in: &planner)
        try network.node.run { _ = try tables.bring(to: planner.start()) }
        let front = Destination(Scenario.clusterIP, 80)
        let turns = try (0..<9).map { _ in try visit(network, .otherPod, front) }
        for first in 0..<6 { #expect(Set(turns[first..<first + 3]) == Set(Self.places), "\(turns)") }

        let weight = Weight(CIDR(host: address(Self.places[0])), 0)
        set(.everywhere { $0.weights = [weight] }, endpoints(Self.places), in: &planner)
        try network.node.run { try tables.write(planner.takeChanges().changes) }
        let seen = try (0..<40).map { _ in try visit(network, .otherPod, front) }
        #expect(Set(seen) == Set(Self.places.dropFirst()), "\(seen)")
    }
}
