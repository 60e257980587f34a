import Glibc
import Lab
import Linux
import NFTables
import NetTypes
import Netlink
import ServiceProxy
import TestSupport
import Testing

@Suite(.requiresRoot) struct LiveTraceTests {
    /// Who has the rules: our table, or iptables where it tells of packets.
    private static let owners: [IPTablesVariant?] = [nil] + IPTablesVariant.installed.filter { $0 == .nft }

    /// Scenarios whose flows end in every way that there is.
    private static let scenarios = Scenario.table.filter { scenario in
        [
            "from outside to any", "stays on the node", "source ranges guard", "comes back as", "silence outside",
            "at once",
        ]
        .contains { scenario.name.contains($0) }
    }

    @Test("a packet that is sent goes where the trace says, and is seen there as it says", arguments: scenarios, owners)
    func agrees(_ scenario: Scenario, _ owner: IPTablesVariant?) throws {
        let network = try ScenarioNetwork()
        try network.install(scenario, owner)
        let servers = try network.servers()
        defer { servers.stop() }
        for flow in scenario.flows {
            let (trace, live) = try network.send(
                from: flow.client, to: flow.destination, flow.transport, awaitingAnswer: true, owner)
            let text = trace.text + live.text(foretold: trace)
            let isExpected = live.outcome.map { flow.expected.contains($0) } ?? false
            #expect(live.agrees(with: trace) && isExpected, "\(text)")
            #expect(text.contains("  as foretold\n"))
            switch live.fate {
            case .tracked(let entry):
                let server = Destination(entry.reply.source, entry.reply.sourcePort)
                let client = Destination(entry.reply.destination, entry.reply.destinationPort)
                try eventually("\(server) sees \(client)") { servers.hasSeen(client, at: server) }
                #expect(live.answer == .connected && trace.ways.contains { $0.seenSource == client.address })
            case .rejected: #expect(live.answer == .refused)
            case .dropped: #expect(live.answer == nil)
            case .lost: Issue.record("lost: \(text)")
            }
            // Each rule that the trace knows of, the packet has met.
            let met = live.steps.filter { owner != nil || $0.table == ProxySet.table }.compactMap(\.rule)
            let unmet = trace.steps.filter { !met.contains($0.rule) }
            #expect(unmet.isEmpty, "\(unmet)\n\(text)")
        }
    }

    @Test("what cannot be watched is not sent", .requiresProgram("iptables-legacy-restore"))
    func unwatched() throws {
        let network = try ScenarioNetwork()
        try network.install(Scenario.table[0], .legacy)
        try network.node.run {
            let rules = try network.tracedRules(.legacy)
            #expect(throws: TracedRules.Unwatched.self) { try rules.texts() }
        }
    }

    @Test("where the client's address decides, the kernel decides as the evaluator does")
    func hashed() throws {
        let network = try ScenarioNetwork()
        let endpoints = (1...5).map { ("10.30.2.\(100 + $0)", "there") }
        for count in 2...5 {
            let scenario = Scenario(
                name: "hashed", services: ["web": .clusterIP { $0.scheduling = .sourceHash }],
                slices: [.of(Array(endpoints[..<count]))])
            try network.install(scenario.planner().ruleset)
            for client in [Scenario.Client.pod, .otherPod, .node, .outside, .remotePod] {
                let (trace, live) = try network.send(
                    from: client, to: Destination(Scenario.clusterIP, 80), .tcp, awaitingAnswer: false)
                #expect(
                    trace.ways.count == 1 && live.agrees(with: trace), "\(trace.text)\(live.text(foretold: trace))")
            }
        }
    }

    /// Seeded; the seed is in the message.
    @Test(
        "among random Services, a packet goes one of the ways that the evaluator knows",
        arguments: [UInt64.random(in: 1...1 << 40)])
    func random(_ seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let network = try ScenarioNetwork()
        let clients: [Scenario.Client] = [.pod, .otherPod, .node, .outside, .remotePod]
        for round in 0..<12 {
            var scenario = Scenario(name: "random", node: RandomObjects.node(&random))
            for number in 0..<6 {
                scenario.services["s\(number)"] = RandomObjects.service(&random)
                scenario.slices += [RandomObjects.slice(of: "s\(number)", &random)].compactMap(\.self)
            }
            try network.install(scenario.planner().ruleset)
            for _ in 0..<12 {
                let client = clients.randomElement(using: &random) ?? .node
                let port = UInt16(80 + Int.random(in: 0..<4, using: &random))
                let destination =
                    switch Int.random(in: 0..<4, using: &random) {
                    case 0: Destination(Scenario.nodeAddress, UInt16(30_000 + Int.random(in: 0..<5, using: &random)))
                    case 1: Destination(address("192.168.99.\(Int.random(in: 1...3, using: &random))"), port)
                    default: Destination(address("10.96.0.\(Int.random(in: 1...9, using: &random))"), port)
                    }
                let transport = Bool.random(using: &random) ? L4Protocol.tcp : .udp
                let (trace, live) = try network.send(from: client, to: destination, transport, awaitingAnswer: false)
                #expect(
                    live.agrees(with: trace),
                    "seed \(seed), round \(round)\n\(trace.text)\(live.text(foretold: trace))")
            }
        }
    }

    @Test("IPv6 is traced and sent as IPv4 is", arguments: [L4Protocol.tcp, .udp])
    func ipv6(_ transport: L4Protocol) throws {
        let node = try LabNamespace("trace6")
        let peer = try LabNamespace("trace6")
        var outer = try NetlinkSocket(in: node.namespace)
        let end = VethPeer("eth0", LinkAttributes(namespace: peer.namespace.descriptor.rawValue))
        let link = try outer.create(NewLink("under", .veth(end), LinkAttributes(isUp: true)))
        var inner = try NetlinkSocket(in: peer.namespace)
        let eth0 = try inner.link("eth0").index
        try inner.run(.changeLink(.index(eth0), .up))
        for (socket, index, text) in [(0, link, "fd30::1"), (1, eth0, "fd30::2")] {
            let own = InterfaceAddress(CIDR(address(text), 64), on: index, flags: .noDuplicateDetection)
            if socket == 0 { try outer.run(.address(.add, own)) } else { try inner.run(.address(.add, own)) }
        }
        try outer.run(.route(.add, Route(CIDR(address("::"), 0), via: address("fd30::2"), dev: link)))
        var service = ServiceObject()
        service.clusterIPs = [address("fd96::10")]
        service.ports = [.init(80, over: transport)]
        var planner = Planner(Scenario.node)
        let port = try #require(ServicePort(service, service.ports[0], .v6))
        planner.set(
            PortKey(ServicePortName("default", "web", transport), .v6), port,
            [Endpoint(Destination(address("fd30::2"), 8080))])
        try node.run {
            var socket = try NFTSocket()
            try socket.commit(planner.ruleset.transaction)
            let (ruleset, _) = try #require(InstalledTable(&socket).ruleset)
            var tracer = try Tracer(ruleset)
            let trace = try tracer.trace(
                TraceRequest(source: "node", destination: "[fd96::10]:80/\(transport)"))
            #expect(trace.service == "default/web" && trace.packet.source == address("fd30::1"))
            var sent: LiveTrace?
            // The kernel finds the neighbour at the second attempt, if its own work of the addresses is late.
            try eventually("the refusal is heard") {
                var packet = try LivePacket(trace.packet, in: nil)
                sent = try packet.run()
                return sent?.answer == .refused
            }
            let live = try #require(sent)
            // Nobody listens there, and the kernel says so.
            #expect(live.agrees(with: trace) && live.answer == .refused, "\(trace.text)\(live.text(foretold: trace))")
            #expect(live.outcome?.fate == .delivered(Destination(address("fd30::2"), 8080)))
        }
    }

    @Test("nothing of a live trace stays, even when its process is killed")
    func leavesNothing() throws {
        let network = try ScenarioNetwork()
        try network.install(Scenario.table[4].planner().ruleset)
        let before = try network.tables()
        let packet = Packet(from: Scenario.nodeAddress, .node, to: address("192.168.30.9"), port: 9)
        try network.node.run {
            var live = try LivePacket(packet, in: nil)
            #expect(try network.tables().count == before.count + 1)
            _ = try live.run(patience: .milliseconds(50))
            #expect(try network.tables() == before)
        }
        // Nobody is at that address, so that it waits.
        for signal in [SIGKILL, SIGINT] {
            let directory = try TemporaryDirectory()
            let process = try Command(
                "\(Files.programDirectory())/poplin", ["trace", "node", "192.168.30.77:9", "--live"]
            ).start(in: Place(network: network.node.path), log: directory.file("log"))
            defer { waitpid(process, nil, 0) }
            defer { kill(process, SIGKILL) }
            try eventually("the table is there") { try network.tables().count == before.count + 1 }
            kill(process, signal)
            try eventually("the kernel has taken it away") { try network.tables() == before }
            if signal == SIGINT {
                try eventually("it says so") { try Files.readText(directory.file("log")).contains("interrupted") }
            }
        }
    }
}

extension ScenarioNetwork {
    fileprivate func tables() throws -> Set<Table> {
        try node.run {
            var socket = try NFTSocket()
            return Set(try socket.tables())
        }
    }

    /// Traces a packet of the client through the node, then sends it.
    fileprivate func send(
        from client: Scenario.Client, to destination: Destination, _ transport: L4Protocol, awaitingAnswer: Bool,
        _ owner: IPTablesVariant? = nil
    ) throws -> (Trace, LiveTrace) {
        let source = client == .node ? "node" : "\(client.source)"
        let trace = try trace(source, "\(destination)/\(transport)", owner)
        let namespace: String? =
            switch client {
            case .node: nil
            case .pod: pod.path
            case .otherPod: otherPod.path
            case .outside: outside.path
            case .remotePod: remote.path
            }
        let live = try node.run {
            let texts = try tracedRules(owner).texts()
            var packet = try LivePacket(trace.packet, in: namespace)
            return try packet.run(awaitingAnswer: awaitingAnswer, texts: texts)
        }
        return (trace, live)
    }
}
