import Glibc
import KubeClient
import Lab
import Linux
import NFTables
import NetTypes
import Netlink
import ServiceProxy
import TestSupport
import Testing

/// Set `POPLIN_LONG_TESTS` to have the server away for so many times as long: 100 is five minutes.
@Suite(.requiresRoot) struct ServerAwayTests {
    private static let absence = Duration.seconds(
        3 * (getenv("POPLIN_LONG_TESTS").flatMap { Int(String(cString: $0)) } ?? 1))

    @Test("while the API server is away nothing is written, clients are served, /healthz is 200; its news count soon")
    func away() throws {
        let live = try LiveNode()
        let client = try LabNamespace("client")
        let own = Scenario.nodeAddress
        try Self.connect(live.node, client)
        try live.createService(1)
        try live.setEndpoint(1, at: own)
        let servers = EndpointServers()
        for port in [UInt16(8080), 8081] { try live.node.run { try servers.listen(Destination(own, port), .tcp) } }
        servers.start()
        defer { servers.stop() }
        try live.startProxy()
        try eventually("the Service leads somewhere") { try live.endpoint(1) == "\(own)" }
        let flow = Scenario.Flow.reaches(.pod, address("10.96.1.1"), 80, ["\(own)"])
        let clients = try ClientStream(flow, in: client.path, pause: .milliseconds(5))
        defer { clients.stop() }
        try eventually("connections are made") { clients.count > 0 }

        live.killServer()
        try eventually("the trouble is told") { live.log.contains("rules stay as they are") }
        let generation = try live.generation()
        let begin = ContinuousClock.now
        var asked = 0
        while ContinuousClock.now - begin < Self.absence {
            let made = clients.count
            try eventually("new connections are made") { clients.count > made + 10 }
            for path in ["/healthz", "/livez"] {
                let answer = try live.get(10_256, path)
                try #require(answer.status == 200 && answer.text.contains(#""healthy":true"#), "\(answer)")
                asked += 1
            }
            try #require(try live.generation() == generation)
            try #require(clients.failures == 0)
        }
        #expect(try live.inspect("status", "proxy").standardOutput.contains("trouble    services: "))
        print("away for \(ContinuousClock.now - begin): \(clients.count) connections, \(asked) answers about health")

        try live.startServer()
        let back = ContinuousClock.now
        try live.createService(2)
        try eventually("what is new is there", within: .seconds(10)) { try live.endpoint(2) == "10.30.2.1" }
        print("programmed \(ContinuousClock.now - back) after the server was ready")
        clients.stop()
        try eventually("the clients have ended") { clients.isDone }
        #expect(clients.failures == 0)
        try live.setEndpoint(1, at: own, port: 8081)
        try eventually("what has changed counts") {
            let flow = Scenario.Flow.reaches(.pod, address("10.96.1.1"), 80, ["\(own)"], at: 8081)
            return try client.run { try flow.expected.contains(Visit(flow).outcome()) }
        }
        try eventually("all is as the cluster says") { try live.differences().isEmpty }
    }

    /// A pod of the node, at the address of the scenarios' pod.
    private static func connect(_ node: borrowing LabNamespace, _ client: borrowing LabNamespace) throws {
        let gateway = address("10.30.1.1")
        let source = Scenario.Client.pod.source
        var outer = try NetlinkSocket(in: node.namespace)
        let peer = VethPeer("eth0", LinkAttributes(namespace: client.namespace.descriptor.rawValue))
        let link = try outer.create(NewLink("pod0", .veth(peer), LinkAttributes(isUp: true)))
        try outer.run(.address(.add, InterfaceAddress(CIDR(host: gateway), on: link)))
        try outer.run(.route(.add, Route(CIDR(host: source), dev: link)))
        var inner = try NetlinkSocket(in: client.namespace)
        let eth0 = try inner.link("eth0").index
        try inner.run(.changeLink(.index(eth0), .up))
        try inner.run(.address(.add, InterfaceAddress(CIDR(host: source), on: eth0)))
        try inner.run(.route(.add, Route(CIDR(address("0.0.0.0"), 0), via: gateway, dev: eth0, isOnLink: true)))
    }
}
