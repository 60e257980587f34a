import JSON
import Lab
import NFTables
import NetTypes
import Netlink
import ServiceProxy
import TestSupport
import Testing

@Suite(.requiresRoot) struct TraceTests {
    @Test("the table that the kernel has says of every packet what the plan says", arguments: Scenario.table)
    func installed(_ scenario: Scenario) throws {
        let node = try LabNamespace("trace")
        try node.run {
            let planned = scenario.planner().ruleset
            var socket = try NFTSocket()
            try socket.commit(planned.transaction)
            let (ruleset, unreadable) = try #require(InstalledTable(&socket).ruleset)
            #expect(unreadable.isEmpty)
            let evaluator = PacketEvaluator(ruleset, addresses: scenario.node.addresses)
            let other = PacketEvaluator(planned, addresses: scenario.node.addresses)
            for flow in scenario.flows {
                let packet = Packet(
                    from: flow.client.source, flow.client.origin, to: flow.destination.address, flow.transport,
                    port: flow.destination.port)
                #expect(evaluator.outcomes(packet) == flow.expected)
                #expect(Set(evaluator.courses(packet)) == Set(other.courses(packet)))
                let sum = evaluator.courses(packet).reduce(0) { $0 + $1.probability }
                #expect(abs(sum - 1) < 1e-9, "\(sum)")
            }
        }
    }

    @Test("a trace names the Service, each step, the endpoints, who is seen there and the way")
    func words() throws {
        let network = try ScenarioNetwork()
        try network.install(Scenario.table[4].planner().ruleset)
        let text = try network.trace("192.168.30.9", "192.168.30.1:30080").text
        #expect(
            text == """
                192.168.30.9 to 192.168.30.1:30080/tcp
                 1. comes in by under-o
                 2. services: Service default/web
                      ip daddr @node-port-addresses4 meta l4proto . th dport vmap @node-ports4
                      node-port-addresses4 { 192.168.30.1 }
                      node-ports4 { tcp . 30080 comment "default/web" : goto node-port4-3 }
                 3. node-port4-3: comes from outside or the node: will get the node's address
                      meta mark set meta mark & 0xffffbfff | 0x4000 goto node-port-endpoints4-3
                 4. node-port-endpoints4-3: one of 3 endpoints
                      dnat ip to meta l4proto . th dport . numgen random mod 3 map @node-port-endpoints4
                 5. masquerade: marked: gets the node's address, so that answers come back this way
                      meta mark & 0x4000 != 0x0 meta mark set meta mark & 0xffffbfff | 0x0 masquerade fully-random
                 6. one of 3 ways:
                     33.3 %  to 10.30.1.11:8080, where 10.30.1.1 is seen, by veth-pod
                     33.3 %  to 10.30.1.12:8080, where 10.30.1.1 is seen, by veth-podb
                     33.3 %  to 10.30.2.11:8080, where 192.168.30.1 is seen, by under-r

                """)
        let itself = try network.trace("10.30.1.11", "10.96.0.10:80")
        #expect(itself.text.contains("masquerade: an endpoint that reaches itself gets the node's address"))
        let closed = try network.trace("node", "10.96.0.10:81").text
        #expect(closed.contains("refuse: a ClusterIP, but no port of its Service"))
        #expect(closed.contains("rejected: the client hears at once"))
        let plain = try network.trace("10.30.1.11", "10.30.1.12:80")
        #expect(plain.service == nil && plain.text.contains("no Service has this address and port"))
        #expect(plain.ways.map(\.route) == [.out(dev: "veth-podb", via: nil)])
        let away = try network.trace("10.30.1.11", "8.8.8.8:53/udp")
        #expect(away.ways.map(\.route) == [.out(dev: "under-o", via: address("192.168.30.9"))])
        #expect(try network.trace("10.30.1.11", "10.96.0.10:80").text.contains("comes in by veth-pod"))
        let other = try network.trace("10.30.1.11", "10.96.0.10:80", by: "under-r")
        #expect(other.text.contains("comes in by under-r"))
    }

    @Test("a node without a route to the Service's address sends nothing there, whatever the table says")
    func noRoute() throws {
        let node = try LabNamespace("trace")
        try node.run {
            var socket = try NetlinkSocket()
            let index = try socket.create(NewLink("under0", .veth(VethPeer("under1"))))
            try socket.run(.changeLink("under0", .up))
            try socket.run(.changeLink("under1", .up))
            try socket.run(.address(.add, InterfaceAddress(CIDR(Scenario.nodeAddress, 24), on: index)))
            var tracer = try Tracer(Scenario.table[4].planner().ruleset)
            let text = try tracer.trace(TraceRequest(source: "192.168.30.1", destination: "10.96.0.10:80")).text
            #expect(text.contains("note: without a route to 10.96.0.10"))
            #expect(text.contains("to 10.96.0.10:80, but there is no way: Network is unreachable"), "\(text)")
            #expect(throws: Tracer.Impossible.self) {
                try tracer.trace(TraceRequest(source: "node", destination: "10.96.0.10:80"))
            }
        }
    }

    @Test("the JSON of a trace has the steps with their elements, and the ways with their shares")
    func json() throws {
        let network = try ScenarioNetwork()
        try network.install(Scenario.table[4].planner().ruleset)
        let json = try network.trace("10.30.1.11", "10.96.0.10:80").json.object
        #expect(json?["service"] == "default/web" && json?["protocol"] == "tcp")
        let ways = try #require(json?["ways"]?.array)
        #expect(ways.count == 3)
        let itself = ways.first { $0.object?["endpoint"] == "10.30.1.11:8080" }?.object
        #expect(itself?["masqueraded"] == true && itself?["seenSource"] == "10.30.1.1")
        #expect(itself?["route"]?.object?["dev"] == "veth-pod")
        #expect((itself?["probability"]?.double ?? 0) > 0.33)
        let elements = (json?["steps"]?.array ?? []).flatMap { $0.object?["elements"]?.array ?? [] }
        #expect(elements.contains { $0.object?["set"] == "services4" })
    }

    @Test("a client that is remembered goes where it went the last time, and others by chance")
    func remembered() throws {
        let network = try ScenarioNetwork()
        let scenario = Scenario(
            name: "affinity", services: ["web": .clusterIP { $0.affinitySeconds = 600 }],
            slices: [.of([("10.30.1.11", "here"), ("10.30.1.12", "here"), ("10.30.2.11", "there")])])
        try network.install(scenario.planner().ruleset)
        let servers = try network.servers()
        defer { servers.stop() }
        #expect(try network.trace("10.30.1.13", "10.96.0.10:80").ways.count == 3)
        let all = ["10.30.1.11", "10.30.1.12", "10.30.2.11"]
        let seen = try network.outcome(of: .reaches(.otherPod, Scenario.clusterIP, 80, all))
        let trace = try network.trace("10.30.1.13", "10.96.0.10:80")
        #expect(trace.ways.map(\.outcome) == [seen] && trace.text.contains("where it went the last time"))
        #expect(try network.trace("10.30.2.12", "10.96.0.10:80").ways.count == 3)
    }

    @Test("where the client's address or a turn decides, the trace says so, and knows the endpoint of the address")
    func scheduled() throws {
        let network = try ScenarioNetwork()
        let slice = EndpointSliceObject.of([("10.30.1.11", "here"), ("10.30.1.12", "here"), ("10.30.2.11", "there")])
        for scheduling in [Scheduling.sourceHash, .roundRobin] {
            let scenario = Scenario(
                name: "scheduled", services: ["web": .clusterIP { $0.scheduling = scheduling }], slices: [slice])
            try network.install(scenario.planner().ruleset)
            var endpoints: Set<Outcome> = []
            for last in 1...40 {
                let trace = try network.trace("10.30.2.\(last)", "10.96.0.10:80")
                let ways = scheduling == .sourceHash ? 1 : 3
                #expect(trace.ways.count == ways)
                let words = scheduling == .sourceHash ? "the endpoint for the client's address" : "3 endpoints, in turn"
                #expect(trace.text.contains(words), "\(trace.text)")
                endpoints.formUnion(trace.ways.map(\.outcome))
            }
            #expect(endpoints.count == 3)
        }
    }

    @Test(
        "what is no packet is refused in words",
        arguments: [
            ("here", "10.0.0.1:80", "neither an address"), ("10.0.0.1", "10.0.0.1", "not ADDRESS:PORT"),
            ("10.0.0.1", "fd00::1:80", "not ADDRESS:PORT"), ("10.0.0.1", "[fd00::1]:80", "not of one family"),
            ("10.0.0.1", "10.0.0.1:0", "not ADDRESS:PORT"), ("node", "10.0.0.1:80/icmp", "none of tcp, udp, sctp"),
            ("node", "[10.0.0.1]:80", "not ADDRESS:PORT"), ("node", "10.0.0.1:80/", "none of"),
        ])
    func malformed(_ source: String, _ destination: String, _ reason: String) {
        let error = #expect(throws: TraceRequest.Malformed.self) {
            try TraceRequest(source: source, destination: destination)
        }
        #expect(error?.description.contains(reason) == true, "\(error?.description ?? "")")
    }
}

extension ScenarioNetwork {
    /// Through the rules that the node's kernel has: in our table, or those of a variant of iptables.
    func trace(
        _ source: String, _ destination: String, by interface: String? = nil, _ variant: IPTablesVariant? = nil
    ) throws -> Trace {
        try node.run {
            var tracer = try tracedRules(variant).tracer()
            return try tracer.trace(TraceRequest(source: source, destination: destination, interface: interface))
        }
    }

    /// To be asked for inside of the node.
    func tracedRules(_ variant: IPTablesVariant?) throws -> TracedRules {
        if let variant {
            let dumps = try variant.programs.map { ($0.family, try $0.dump()) }
            return .chains(Dictionary(uniqueKeysWithValues: dumps), variant)
        }
        var socket = try NFTSocket()
        let (ruleset, _) = try #require(InstalledTable(&socket, withMemories: true).ruleset)
        return .table(ruleset, notes: [])
    }

    /// Puts the scenario's rules into the node.
    func install(_ scenario: Scenario, _ variant: IPTablesVariant?) throws {
        guard let variant else { return try install(scenario.planner().ruleset) }
        var tables = variant.tables
        var planner = IPTablesPlanner(scenario.node)
        scenario.plan(with: &planner)
        try node.run { _ = try tables.bring(to: planner.start()) }
    }
}
