import Lab
import NFTables
import NetTypes
import Overlay
import TestSupport
import Testing

@Suite struct TrafficRulesTests {
    func rules(
        masquerades: Bool = true, isFullyRandom: Bool = true, acceptsForwarding: Bool = true, isDual: Bool = false
    ) -> TrafficRules {
        TrafficRules(
            TrafficOptions(
                masquerades: masquerades, isFullyRandom: isFullyRandom, acceptsForwarding: acceptsForwarding),
            config: Samples.config(isDual: isDual), subnet: Samples.subnet(1, isDual: isDual))
    }

    func text(_ rules: TrafficRules, _ chain: String) -> [String] {
        rules.rules.filter { $0.chain.name == chain }.map { rule in
            rule.description.split(separator: " comment ").first.map(String.init) ?? ""
        }
    }

    @Test func `The rules are flannel's iptables rules, in their order`() {
        #expect(
            text(rules(), "postrouting") == [
                "meta mark & 0x4000 == 0x4000 return",
                "ip saddr 10.5.1.0/24 ip daddr 10.5.0.0/16 return",
                "ip saddr 10.5.0.0/16 ip daddr 10.5.1.0/24 return",
                "ip saddr != 10.5.0.0/16 ip daddr 10.5.1.0/24 return",
                "ip saddr 10.5.0.0/16 ip daddr != 224.0.0.0/4 masquerade fully-random",
                "ip saddr != 10.5.0.0/16 ip daddr 10.5.0.0/16 masquerade fully-random",
            ])
        #expect(text(rules(), "forward") == ["ip saddr 10.5.0.0/16 accept", "ip daddr 10.5.0.0/16 accept"])
    }

    @Test func `Each part can be left out`() {
        #expect(text(rules(isFullyRandom: false), "postrouting").last?.hasSuffix("masquerade") == true)
        #expect(rules(masquerades: false).chains.map(\.name) == ["forward"])
        #expect(rules(acceptsForwarding: false).chains.map(\.name) == ["postrouting"])
        #expect(rules(masquerades: false, acceptsForwarding: false).chains.isEmpty)
        #expect(text(rules(isDual: true), "postrouting").count == 11)
        #expect(text(rules(isDual: true), "forward").contains("ip6 saddr fd00:5::/48 accept"))
    }

    /// What others may do to the table.
    static let damages: [@Sendable (TrafficRules, inout Transaction) -> Void] = [
        { rules, transaction in transaction.delete(TrafficRules.table) },
        { rules, transaction in transaction.flush(rules.chains[0]) },
        { rules, transaction in transaction.add(Rule(rules.chains[0], [.drop])) },
        { rules, transaction in transaction.insert(Rule(rules.chains[1], [.accept])) },
        { rules, transaction in
            transaction.flush(rules.chains[1])
            for rule in rules.rules.filter({ $0.chain == rules.chains[1] }).reversed() { transaction.add(rule) }
        },
    ]

    @Test(
        "A missing, additional, doubled or misordered rule is noticed and repaired (#1337)", .requiresRoot,
        arguments: damages.indices)
    func repair(_ index: Int) throws {
        let namespace = try LabNamespace("rules")
        var socket = try namespace.run { () throws -> NFTSocket in try NFTSocket() }
        let rules = rules(isDual: true)
        let (made, unchanged) = (try rules.reconcile(&socket), try rules.reconcile(&socket))
        #expect(made.count == 1)
        #expect(unchanged.isEmpty)
        var damage = Transaction()
        Self.damages[index](rules, &damage)
        try socket.commit(damage)
        let (repaired, left) = (try rules.reconcile(&socket), try rules.difference(&socket))
        #expect(!repaired.isEmpty)
        #expect(left.isEmpty)
    }

    @Test(.requiresRoot) func `Other tables stay, and ours goes when nothing is wanted`() throws {
        let namespace = try LabNamespace("rules")
        var socket = try namespace.run { () throws -> NFTSocket in try NFTSocket() }
        var foreign = Transaction()
        foreign.add(Table(.inet, "filter"))
        try socket.commit(foreign)
        _ = try rules().reconcile(&socket)
        _ = try rules(masquerades: false, acceptsForwarding: false).reconcile(&socket)
        let names = try socket.tables().map(\.name)
        #expect(names == ["filter"])
    }
}
