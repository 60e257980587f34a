import Glibc
import JSON
import KubeClient
import Lab
import Linux
import NFTables
import NetTypes
import ServiceProxy
import TestSupport
import Testing

/// What the proxy listens on itself, and what it does to connections, as real processes do it.
@Suite(.requiresRoot) struct NodeListenerTests {
    private static let slices = ResourcePath(group: "discovery.k8s.io", "endpointslices", namespace: "default")

    /// A Service whose one endpoint is on the node's own address.
    private func service(
        _ live: LiveNode, _ spec: JSONValue, _ transport: L4Protocol = .tcp, annotations: JSONValue = [:]
    ) throws {
        var spec = spec.object ?? JSONObject([])
        spec["clusterIP"] = "10.96.1.1"
        try live.create(
            ResourcePath("services", namespace: "default"),
            [
                "apiVersion": "v1", "kind": "Service",
                "metadata": ["name": "web-1", "annotations": annotations], "spec": .object(spec),
            ])
        var slice = slice(live, on: "here").object ?? JSONObject([])
        slice["ports"] = [["port": 8080, "protocol": .string("\(transport)".uppercased())]]
        try live.create(Self.slices, .object(slice))
    }

    private func slice(_ live: LiveNode, on node: String, isReady: Bool = true) -> JSONValue {
        var slice = live.slice(1, 1).object ?? JSONObject([])
        slice["endpoints"] = [
            [
                "addresses": [.string("\(Scenario.nodeAddress)")], "nodeName": .string(node),
                "conditions": ["ready": .bool(isReady), "serving": .bool(isReady)],
            ]
        ]
        return .object(slice)
    }

    private func get(_ live: LiveNode, _ address: String) throws -> String {
        let curl = Command(
            Program.path(of: "curl") ?? "/usr/bin/curl", ["-si", "--max-time", "5", "http://\(address)/"])
        return try curl.run(in: Place(network: live.node.path)).standardOutput.lowercased()
    }

    @Test("load balancers hear whether the node has endpoints, at the port that the Service says")
    func healthChecks() throws {
        let live = try LiveNode()
        try live.startProxy()
        try service(
            live,
            [
                "type": "LoadBalancer", "externalTrafficPolicy": "Local", "healthCheckNodePort": 31_999,
                "ports": [["port": 80, "targetPort": 8080]],
            ])
        let place = "\(Scenario.nodeAddress):31999"
        try eventually("one endpoint is told") {
            let answer = try self.get(live, place)
            return answer.hasPrefix("http/1.1 200") && answer.contains("x-load-balancing-endpoint-weight: 1\r\n")
                && answer.contains(#""localendpoints":1"#) && answer.contains(#""name":"web-1""#)
        }
        try live.ask(.update(Self.slices, "web-1", slice(live, on: "there")))
        try eventually("none is told") {
            let answer = try self.get(live, place)
            return answer.hasPrefix("http/1.1 503") && answer.contains("x-load-balancing-endpoint-weight: 0\r\n")
        }
        try live.ask(.delete(ResourcePath("services", namespace: "default"), "web-1"))
        try eventually("nobody listens") { try self.get(live, place).isEmpty }
    }

    @Test("a port that somebody else has is an event of the Service, and the rules are there all the same")
    func healthCheckPortTaken() throws {
        let live = try LiveNode()
        let thief = EndpointServers()
        try live.node.run { try thief.listen(Destination(Scenario.nodeAddress, 31_999), .tcp) }
        defer { thief.stop() }
        try live.startProxy(["--nodeport-addresses=primary"])
        try service(
            live,
            [
                "type": "LoadBalancer", "externalTrafficPolicy": "Local", "healthCheckNodePort": 31_999,
                "ports": [["port": 80, "targetPort": 8080]],
            ], annotations: ["poplin.dev/scheduling": "fastest"])
        try eventually("the Service leads somewhere") { try live.endpoint(1) == "\(Scenario.nodeAddress)" }
        for reason in ["FailedToStartServiceHealthcheck", "InvalidAnnotation", "Starting"] {
            try eventually("there is an event \(reason)") {
                let events = try live.list(ResourcePath(group: "events.k8s.io", "events", namespace: "default"))
                return events.contains { $0["reason"]?.string == reason }
            }
        }
    }

    @Test(
        "a node port is served on 127.0.0.1 when it is asked for, for longer than a packet",
        arguments: [L4Protocol.tcp, .udp])
    func loopback(_ transport: L4Protocol) throws {
        let live = try LiveNode()
        let servers = EndpointServers()
        let server = Destination(Scenario.nodeAddress, 8080)
        try live.node.run { try servers.listen(server, transport) }
        servers.start()
        defer { servers.stop() }
        try live.startProxy(["--nodeport-addresses=primary,localhost"])
        let port: JSONValue = [
            "port": 80, "targetPort": 8080, "nodePort": 30_080, "protocol": .string("\(transport)".uppercased()),
        ]
        try service(live, ["type": "NodePort", "ports": [port]], transport)
        let flow = Scenario.Flow(
            client: .node, destination: Destination(address("127.0.0.1"), 30_080), transport: transport,
            expected: [Outcome(.delivered(server), isMasqueraded: true)])
        try eventually("the node port is served") {
            try live.node.run { try Visit(flow).outcome() }.fate == .delivered(server)
        }
        // The next ones find it as the first did, many at once too.
        for _ in 0..<20 { #expect(try live.node.run { try Visit(flow).outcome() }.fate == .delivered(server)) }
        let sysctl = try live.node.run { try Sysctl.read("net/ipv4/conf/all/route_localnet") }
        #expect(sysctl == "0")
        try live.ask(.delete(ResourcePath("services", namespace: "default"), "web-1"))
        try eventually("nobody listens any more") {
            try live.node.run { try Visit(flow).outcome() }.fate == .rejected
        }
    }

    @Test(
        "connections to an endpoint that is gone are cut when the Service says so, and only then",
        arguments: [true, false])
    func drains(_ isDraining: Bool) throws {
        let live = try LiveNode()
        let listener = EndpointServers()
        // Nobody accepts: a connection is there all the same, and stays.
        try live.node.run { try listener.listen(Destination(Scenario.nodeAddress, 8080), .tcp) }
        defer { listener.stop() }
        try live.startProxy()
        try service(
            live, ["ports": [["port": 80, "targetPort": 8080]]],
            annotations: isDraining ? ["poplin.dev/drain-seconds": "3"] : [:])
        try eventually("the Service leads somewhere") { try live.endpoint(1) == "\(Scenario.nodeAddress)" }
        let client = try live.node.run { () throws -> FileDescriptor in
            let file = FileDescriptor(
                owning: try check("open", "a socket") {
                    socket(AF_INET, CInt(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
                })
            let front = Destination(address("10.96.1.1"), 80)
            try check("connect to", "\(front)") { front.withSocketAddress { connect(file.rawValue, $0, $1) } }
            return file
        }
        defer { _ = client.rawValue }
        let connections = { () throws -> Int in
            try live.node.run {
                var conntrack = try Conntrack()
                let filter = ConntrackFilter(
                    .v4, .tcp, originalDestination: address("10.96.1.1"), originalDestinationPort: 80)
                return try conntrack.entries(matching: filter).count
            }
        }
        #expect(try connections() == 1)
        try live.ask(.update(Self.slices, "web-1", slice(live, on: "here", isReady: false)))
        try eventually("the Service leads nowhere") { try live.endpoint(1) == nil }
        #expect(try connections() == 1)
        if isDraining {
            try eventually("the connection is cut") { try connections() == 0 }
        } else {
            #expect(throws: (any Error).self) {
                try eventually("the connection is cut", within: .milliseconds(1500)) { try connections() == 0 }
            }
        }
    }
}
