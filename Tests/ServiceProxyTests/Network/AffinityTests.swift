import Lab
import NFTables
import NetTypes
import ServiceProxy
import TestSupport
import Testing

@Suite(.requiresRoot) struct AffinityTests {
    private static let places = [("10.30.1.11", "here"), ("10.30.1.12", "here"), ("10.30.2.11", "there")]

    private func scenario(_ endpoints: [(String, String)], seconds: UInt32 = 60) -> Scenario {
        Scenario(
            name: "affinity", services: ["web": .everywhere { $0.affinitySeconds = seconds }],
            slices: [.of(endpoints.map { ($0.0, $0.1) })])
    }

    private func visit(_ network: borrowing ScenarioNetwork, _ client: Scenario.Client, _ front: Destination) throws
        -> Destination?
    {
        let flow = Scenario.Flow(client: client, destination: front, expected: [])
        if case .delivered(let place) = try network.outcome(of: flow).fate { return place }
        return nil
    }

    @Test(
        "a client keeps its endpoint, by every way in",
        arguments: [
            (Scenario.Client.otherPod, Destination(Scenario.clusterIP, 80)),
            (.outside, Destination(Scenario.loadBalancerIP, 80)), (.outside, Destination(Scenario.nodeAddress, 30_080)),
            (.node, Destination(Scenario.clusterIP, 80)),
        ])
    func keeps(_ client: Scenario.Client, _ front: Destination) throws {
        let network = try ScenarioNetwork()
        try network.install(scenario(Self.places).planner().ruleset)
        let servers = try network.servers()
        defer { servers.stop() }
        let first = try #require(try visit(network, client, front))
        for _ in 0..<20 { #expect(try visit(network, client, front) == first) }
    }

    @Test("a client keeps it from one way in to the other")
    func isShared() throws {
        let network = try ScenarioNetwork()
        try network.install(scenario(Self.places).planner().ruleset)
        let servers = try network.servers()
        defer { servers.stop() }
        let first = try #require(try visit(network, .otherPod, Destination(Scenario.clusterIP, 80)))
        for _ in 0..<10 {
            for front in [Destination(Scenario.loadBalancerIP, 80), Destination(Scenario.nodeAddress, 30_080)] {
                #expect(try visit(network, .otherPod, front) == first)
            }
        }
    }

    @Test("who takes the table over knows the clients still")
    func isAdopted() throws {
        let network = try ScenarioNetwork()
        try network.install(scenario(Self.places).planner().ruleset)
        let servers = try network.servers()
        defer { servers.stop() }
        let front = Destination(Scenario.clusterIP, 80)
        let first = try #require(try visit(network, .otherPod, front))
        try network.node.run {
            var socket = try NFTSocket()
            let installed = try InstalledTable(&socket)
            // A Service that is planned before the other has the number of neither.
            var whole = scenario(Self.places)
            whole.services["a"] = .everywhere {
                $0.affinitySeconds = 60
                $0.clusterIPs = [address("10.96.0.99")]
                $0.loadBalancerIPs = []
                $0.externalIPs = []
                $0.ports[0].nodePort = 0
            }
            var planner = whole.planner(remembering: installed.slots)
            let changes = installed.changes(to: planner.start())
            #expect(changes.changes.count == 2, "\(changes)")
            try socket.commit(changes)
        }
        for _ in 0..<10 { #expect(try visit(network, .otherPod, front) == first) }
    }

    @Test("an endpoint that is gone is forgotten at once, and one that stays is kept")
    func forgets() throws {
        let network = try ScenarioNetwork()
        let whole = scenario(Self.places)
        var planner = whole.planner()
        try network.install(planner.start())
        let servers = try network.servers()
        defer { servers.stop() }
        let front = Destination(Scenario.clusterIP, 80)
        let first = try #require(try visit(network, .otherPod, front))
        let service = try #require(whole.services["web"])
        let name = ServicePortName("default", "web")
        // First another one goes, then that one.
        let others = Self.places.filter { address($0.0) != first.address }
        for gone in [others[0].0, "\(first.address)"] {
            let rest = Self.places.filter { $0.0 != gone && ($0.0 != others[0].0 || gone == others[0].0) }
            let slices = [EndpointSliceObject.of(rest.map { ($0.0, $0.1) })]
            planner.set(
                PortKey(name, .v4), ServicePort(service, service.ports[0], .v4),
                Endpoint.merged(slices, for: name, .v4))
            try network.commit(planner.takeChanges())
            let now = try #require(try visit(network, .otherPod, front))
            #expect((now == first) == (gone != "\(first.address)"))
            #expect(rest.contains { address($0.0) == now.address })
        }
    }

    @Test("after its time a client is a new one")
    func expires() throws {
        let network = try ScenarioNetwork()
        try network.install(scenario(Self.places, seconds: 3).planner().ruleset)
        let servers = try network.servers()
        defer { servers.stop() }
        let memory = ProxySet.affinity.set(.v4)
        _ = try visit(network, .otherPod, Destination(Scenario.clusterIP, 80))
        let remembered = try network.node.run {
            var socket = try NFTSocket()
            return try socket.elements(of: memory)
        }
        #expect(remembered.count == 1)
        try eventually("the client is forgotten") {
            try network.node.run {
                var socket = try NFTSocket()
                return try socket.elements(of: memory).isEmpty
            }
        }
    }
}
