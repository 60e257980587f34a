import Lab
import NFTables
import NetTypes
import ServiceProxy
import TestSupport
import Testing

/// A client that goes on sending datagrams from one port stays one connection to the kernel for as long as it does.
@Suite(.requiresRoot) struct StaleFlowTests {
    private let name = ServicePortName("default", "dns", .udp)

    private func service() -> ServiceObject {
        .everywhere {
            $0.ports = [.init(53, over: .udp, nodePort: 30_053)]
        }
    }

    /// Endpoints that are `ending` serve still.
    private func plan(_ planner: inout Planner, _ endpoints: [(String, String)], ending: Set<String> = []) {
        var slice = EndpointSliceObject.of(endpoints.map { ($0.0, $0.1) }, for: "dns") {
            let isEnding = ending.contains("\($0.address)")
            ($0.isReady, $0.isTerminating) = (!isEnding, isEnding)
        }
        slice.ports = [.init(5302, over: .udp)]
        let service = service()
        planner.set(
            PortKey(name, .v4), ServicePort(service, service.ports[0], .v4),
            Endpoint.merged([slice], for: name, .v4))
    }

    @Test(
        "datagrams go to another endpoint as soon as theirs is gone",
        arguments: [
            (Scenario.Client.otherPod, Destination(Scenario.clusterIP, 53)),
            (.outside, Destination(Scenario.loadBalancerIP, 53)), (.outside, Destination(Scenario.nodeAddress, 30_053)),
        ])
    func follows(_ client: Scenario.Client, _ front: Destination) throws {
        let network = try ScenarioNetwork()
        var planner = Planner(Scenario.node)
        plan(&planner, [("10.30.1.11", "here")])
        try network.install(planner.start())
        let servers = try network.servers()
        defer { servers.stop() }
        let client = try network.datagramClient(client)
        #expect(client.visit(front) == .delivered(Destination(address("10.30.1.11"), 5302)))
        plan(&planner, [("10.30.2.11", "there")])
        try network.commit(planner.takeChanges())
        #expect(client.visit(front) == .delivered(Destination(address("10.30.2.11"), 5302)))
        // One that is about to end keeps its clients until it has ended.
        plan(&planner, [("10.30.2.11", "there"), ("10.30.1.11", "here")], ending: ["10.30.2.11"])
        try network.commit(planner.takeChanges())
        #expect(client.visit(front) == .delivered(Destination(address("10.30.2.11"), 5302)))
        plan(&planner, [("10.30.1.11", "here")])
        try network.commit(planner.takeChanges())
        #expect(client.visit(front) == .delivered(Destination(address("10.30.1.11"), 5302)))
        plan(&planner, [("10.30.2.11", "there")])
        try network.commit(planner.takeChanges())
        #expect(client.visit(front) == .delivered(Destination(address("10.30.2.11"), 5302)))
        // One that comes changes nothing for those who have theirs.
        plan(&planner, [("10.30.2.11", "there"), ("10.30.1.12", "here")])
        try network.commit(planner.takeChanges())
        #expect(client.visit(front) == .delivered(Destination(address("10.30.2.11"), 5302)))
    }
}
