import Lab
import NFTables
import NetTypes
import ServiceProxy
import TestSupport
import Testing

@Suite(.requiresRoot, .requiresProgram("iptables-restore")) struct IPTablesTraceTests {
    @Test(
        "the chains that the kernel has say of every packet what the plan says", arguments: Scenario.realTable,
        IPTablesVariant.installed)
    func installed(_ scenario: Scenario, _ variant: IPTablesVariant) throws {
        let node = try LabNamespace("trace")
        try node.run {
            var tables = variant.tables
            var planner = IPTablesPlanner(scenario.node)
            scenario.plan(with: &planner)
            let planned = planner.start()
            _ = try tables.bring(to: planned)
            let dumps = try variant.programs.map { ($0.family, try $0.dump()) }
            let evaluator = IPTablesEvaluator(
                Dictionary(uniqueKeysWithValues: dumps), addresses: scenario.node.addresses, lists: [:])
            #expect(evaluator.unreadable == [])
            let other = IPTablesEvaluator(planned, addresses: scenario.node.addresses)
            for flow in scenario.flows {
                #expect(evaluator.outcomes(flow.packet) == flow.expected)
                #expect(Set(evaluator.courses(flow.packet)) == Set(other.courses(flow.packet)))
            }
        }
    }

    @Test(
        "a trace names the Service, each chain that matters, the endpoints, who is seen there and the way",
        arguments: IPTablesVariant.installed)
    func words(_ variant: IPTablesVariant) throws {
        let network = try ScenarioNetwork()
        try network.install(Scenario.table[4], variant)
        let text = try network.trace("192.168.30.9", "192.168.30.1:30080", variant).text
        // Chains of ports and endpoints have names that are hashes.
        let hash = /-[A-Z2-7]{16}/
        #expect(
            text.replacing(hash, with: "") == """
                192.168.30.9 to 192.168.30.1:30080/tcp
                 1. comes in by under-o
                 2. POPLIN-NODEPORTS: Service default/web
                      -p tcp -m comment --comment "default/web" -m tcp --dport 30080 -j POPLIN-EXT
                 3. POPLIN-EXT: comes from outside or the node: will get the node's address
                      -j POPLIN-MARK
                 4. one of 3 ways:
                     33.3 %  to 10.30.1.11:8080, where 10.30.1.1 is seen, by veth-pod
                          POPLIN-SEP: leads to 10.30.1.11:8080
                          POPLIN-POSTROUTING: marked: gets the node's address, so that answers come back this way
                     33.3 %  to 10.30.1.12:8080, where 10.30.1.1 is seen, by veth-podb
                          POPLIN-SEP: leads to 10.30.1.12:8080
                          POPLIN-POSTROUTING: marked: gets the node's address, so that answers come back this way
                     33.3 %  to 10.30.2.11:8080, where 192.168.30.1 is seen, by under-r
                          POPLIN-SVC: leads to 10.30.2.11:8080
                          POPLIN-POSTROUTING: marked: gets the node's address, so that answers come back this way

                """)
        let itself = try network.trace("10.30.1.11", "10.96.0.10:80", variant)
        #expect(itself.service == "default/web")
        #expect(itself.text.contains("POPLIN-MARK-OTHERS: from a pod of this node: keeps its address"))
        #expect(itself.text.contains(": an endpoint that reaches itself: will get the node's address"))
        let closed = try network.trace("node", "10.96.0.10:81", variant).text
        #expect(closed.contains("POPLIN-CLUSTER-IPS: a ClusterIP, but no port of its Service"), "\(closed)")
        #expect(closed.contains("rejected: the client hears at once that nobody serves it"))
        let unknown = try network.trace("10.30.1.13", "10.96.0.99:80", variant).text
        #expect(unknown.contains("POPLIN-REFUSE: an address for Services that none has"), "\(unknown)")
        let away = try network.trace("10.30.1.11", "8.8.8.8:53/udp", variant)
        #expect(away.ways.map(\.route) == [.out(dev: "under-o", via: address("192.168.30.9"))])
    }

    @Test(
        "a client that is remembered goes where it went the last time, and others by chance",
        arguments: IPTablesVariant.installed)
    func remembered(_ variant: IPTablesVariant) throws {
        let network = try ScenarioNetwork()
        let scenario = Scenario(
            name: "affinity", services: ["web": .clusterIP { $0.affinitySeconds = 600 }],
            slices: [.of([("10.30.1.11", "here"), ("10.30.1.12", "here"), ("10.30.2.11", "there")])])
        try network.install(scenario, variant)
        let servers = try network.servers()
        defer { servers.stop() }
        for (client, source) in [(Scenario.Client.otherPod, "10.30.1.13"), (.remotePod, "10.30.2.12")] {
            #expect(try network.trace(source, "10.96.0.10:80", variant).ways.count == 3)
            let flow = Scenario.Flow(client: client, destination: Destination(Scenario.clusterIP, 80), expected: [])
            let seen = try network.outcome(of: flow)
            let trace = try network.trace(source, "10.96.0.10:80", variant)
            #expect(trace.ways.map(\.outcome) == [seen], "\(trace.text)")
            #expect(trace.text.contains("the client goes where it went the last time, if that was in the last 600 s"))
        }
    }

    @Test(
        "where the client's address decides, the kernel decides as the evaluator does; of IPv6 chance decides",
        arguments: IPTablesVariant.installed)
    func hashed(_ variant: IPTablesVariant) throws {
        let network = try ScenarioNetwork()
        let servers = try network.servers()
        defer { servers.stop() }
        let scenario = Scenario(
            name: "hashed", services: ["web": .clusterIP { $0.scheduling = .sourceHash }],
            slices: [.of([("10.30.1.11", "here"), ("10.30.1.12", "here"), ("10.30.2.11", "there")])]
        ).dual
        try network.install(scenario, variant)
        for client in [Scenario.Client.pod, .otherPod, .outside, .remotePod] {
            let flow = Scenario.Flow(client: client, destination: Destination(Scenario.clusterIP, 80), expected: [])
            let trace = try network.trace("\(flow.source)", "\(flow.destination)", variant)
            #expect(trace.ways.map(\.outcome) == [try network.outcome(of: flow)], "\(trace.text)")
            #expect(try network.trace("\(flow.source.inV6)", "\(flow.destination.inV6)", variant).ways.count == 3)
        }
    }

    @Test("a rule of somebody else's among ours is named, and not followed", arguments: IPTablesVariant.installed)
    func unreadable(_ variant: IPTablesVariant) throws {
        let network = try ScenarioNetwork()
        try network.install(Scenario.table[0], variant)
        try network.node.run {
            for programs in variant.programs where programs.family == .v4 {
                try programs.restore("*nat\n-A POPLIN-SERVICES -m length --length 100 -j ACCEPT\nCOMMIT\n")
            }
        }
        let trace = try network.trace("10.30.1.13", "10.96.0.10:80", variant)
        #expect(trace.notes == ["rule -m length --length 100 -j ACCEPT is another's and is not followed"])
        #expect(trace.ways.count == 3)
    }
}
