import Daemon
import KubeClient
import Lab
import NFTables
import NetTypes
import ServiceProxy
import TestSupport
import Testing

@Suite(.requiresRoot, .requiresProgram("iptables-restore")) struct TakeoverTests {
    /// Who writes our rules.
    enum Own: String, CaseIterable { case nftables, legacy, nft }

    static func applier(_ own: Own, _ loop: EventLoop) throws -> any RulesApplier {
        guard let variant = IPTablesVariant(rawValue: own.rawValue) else {
            return try NFTablesApplier(loop) { _ in }
        }
        let choice = IPTablesChoice(IPTablesPrograms.installed(), hostVariant: variant) { programs in
            // As if the other had no rules: the host would choose the one with kube-proxy's.
            programs.variant == variant ? try? programs.dump() : IPTablesDump("")
        }
        return IPTablesApplier(choice, loop, period: { .seconds(30) }, onDisturbance: { _ in })
    }

    private func index(_ scenario: Scenario) -> ServiceIndex {
        var index = ServiceIndex()
        for (name, service) in scenario.services {
            index.set(service: ObjectKey(namespace: "default", name: name), service)
        }
        for (number, slice) in scenario.slices.enumerated() {
            index.set(slice: ObjectKey(namespace: "default", name: "slice-\(number)"), slice)
        }
        return index
    }

    @Test(
        "kube-proxy's rules go when ours come: connections go on, of new ones none fails, and nothing is left",
        arguments: IPTablesVariant.installed, Own.allCases)
    func takesOver(_ theirs: IPTablesVariant, _ own: Own) throws {
        let network = try ScenarioNetwork()
        let scenario = KubeProxyRules.scenario
        let programs = theirs.programs
        try network.node.run { for programs in programs { try programs.restore(text(programs.family)) } }
        let servers = try network.servers()
        defer { servers.stop() }
        let patient = try network.remote.run { try PatientServer(port: 9090) }
        defer { patient.stop() }

        // One that is there before, translated by their rules, and must be there after.
        let v4 = try #require(programs.first { $0.family == .v4 })
        try network.node.run {
            try v4.restore(
                "*nat\n-I KUBE-NODEPORTS -p tcp -m tcp --dport 30090 -j DNAT --to-destination 10.30.2.11:9090\nCOMMIT\n"
            )
        }
        let long = try network.outside.run {
            try LongConnection(to: Destination(Scenario.nodeAddress, 30_090))
        }
        let isAlive = long.ask()
        #expect(isAlive)

        let flows: [(Scenario.Flow, String)] = [
            (.reaches(.otherPod, Scenario.clusterIP, 80, KubeProxyRules.endpoints), network.otherPod.path),
            (
                .reaches(.outside, Scenario.nodeAddress, 30_080, KubeProxyRules.endpoints, masqueraded: true),
                network.outside.path
            ),
        ]
        let streams = try flows.map { try ClientStream($0.0, in: $0.1) }
        try eventually("connections are made") { streams.allSatisfy { $0.count > 20 } }
        #expect(streams.allSatisfy { $0.failures == 0 })

        let loop = try EventLoop()
        var index = index(scenario)
        try network.node.run {
            let applier = try Self.applier(own, loop)
            let takeover = try applier.takeOver(on: loop, scenario.node, &index)
            #expect(takeover.changes > 0 && !takeover.leftovers.removed.isEmpty)
            #expect(takeover.leftovers.kept.isEmpty, "\(takeover.leftovers.kept)")
        }
        let before = streams.map(\.count)
        try eventually("connections go on") { zip(streams, before).allSatisfy { $0.count > $1 + 20 } }
        for stream in streams { stream.stop() }
        try eventually("the streams end") { streams.allSatisfy(\.isDone) }
        #expect(streams.map(\.failures) == [0, 0])
        let hasLived = long.ask()
        #expect(hasLived)

        try network.node.run {
            for programs in programs {
                let dump = try programs.dump()
                let chains = dump.userChains.filter { !$0.contains(" POPLIN-") }
                #expect(chains == (programs.family == .v4 ? KubeProxyRules.staying : []), "\(programs)")
                let rules = dump.baseRules.filter { !$0.contains("-j POPLIN-") }.sorted()
                #expect(rules == (programs.family == .v4 ? ["-j KUBE-FIREWALL", "-j KUBE-FIREWALL", "-j OTHERS"] : []))
                #expect(dump.ownRules.isEmpty == (theirs.rawValue != own.rawValue))
            }
        }
    }

    private func text(_ family: IPFamily) -> String {
        if family == .v4 { return KubeProxyRules.text }
        return """
            *nat
            :KUBE-SERVICES - [0:0]
            :KUBE-SVC-AAAAAAAAAAAAAAAA - [0:0]
            -A PREROUTING -j KUBE-SERVICES
            -A KUBE-SERVICES -d fd96::1/128 -p tcp -m tcp --dport 80 -j KUBE-SVC-AAAAAAAAAAAAAAAA
            -A KUBE-SVC-AAAAAAAAAAAAAAAA -p tcp -j DNAT --to-destination [fd30::1]:8080
            COMMIT

            """
    }

    @Test("a chain of kube-proxy's that others lead to stays, with what it leads to, and is named")
    func keeps() throws {
        let dump = IPTablesDump(
            """
            *nat
            :PREROUTING ACCEPT [0:0]
            :KUBE-HOSTPORTS - [0:0]
            :KUBE-MARK-MASQ - [0:0]
            :KUBE-SERVICES - [0:0]
            -A PREROUTING -j KUBE-SERVICES
            -A PREROUTING -j KUBE-HOSTPORTS
            -A KUBE-HOSTPORTS -s 10.0.0.1/32 -j KUBE-MARK-MASQ
            -A KUBE-SERVICES -d 10.96.0.1/32 -j KUBE-MARK-MASQ
            COMMIT

            """)
        let chains = KubeProxyChains(dump)
        #expect(chains.kept == ["nat KUBE-MARK-MASQ"])
        #expect(
            chains.removal == [
                .nat: ["-D PREROUTING -j KUBE-SERVICES", "-F KUBE-SERVICES", "-X KUBE-SERVICES"]
            ])
    }

    @Test("rules of our other mode go too, and what is taken over twice is taken over without a change")
    func changesModes() throws {
        let node = try LabNamespace("modes")
        let scenario = Scenario.table[4]
        let loop = try EventLoop()
        var index = index(scenario)
        try node.run {
            var previous: Own?
            for own in [Own.legacy, .nftables, .nft, .legacy, .nft, .nftables, .legacy] {
                let takeover = try Self.applier(own, loop).takeOver(on: loop, scenario.node, &index)
                #expect(takeover.changes > 0)
                #expect(takeover.leftovers.removed.isEmpty == (previous == nil), "\(own) after \(previous as Any)")
                index = self.index(scenario)
                let again = try Self.applier(own, loop).takeOver(on: loop, scenario.node, &index)
                #expect(again.changes == 0 && again.leftovers.removed.isEmpty, "\(own): \(again)")
                index = self.index(scenario)
                for variant in IPTablesVariant.allCases {
                    for programs in variant.programs {
                        let dump = try programs.dump()
                        #expect(dump.ownRules.isEmpty == (own.rawValue != variant.rawValue), "\(programs), \(own)")
                    }
                }
                var socket = try NFTSocket()
                let table = try socket.table(ProxySet.table)
                #expect((table != nil) == (own == .nftables))
                previous = own
            }
            let removed = try Cleanup().run()
            #expect(!removed.isEmpty)
            for programs in IPTablesPrograms.installed() {
                let dump = try programs.dump()
                #expect(dump.userChains.isEmpty && dump.baseRules.isEmpty)
            }
        }
    }
}
