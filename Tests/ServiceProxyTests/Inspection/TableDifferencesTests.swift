import Lab
import NFTables
import NetTypes
import ServiceProxy
import TestSupport
import Testing

@Suite(.requiresRoot) struct TableDifferencesTests {
    /// A table of the kernel's with the harm done to it, beside what it should be.
    private func differences(
        _ scenario: Scenario = Scenario.table[4], _ harm: (inout Transaction, Ruleset) throws -> Void
    ) throws -> [String] {
        let node = try LabNamespace("check")
        return try node.run {
            let wanted = scenario.planner().ruleset
            var socket = try NFTSocket()
            try socket.commit(wanted.transaction)
            var transaction = Transaction()
            try harm(&transaction, wanted)
            try socket.commit(transaction)
            return try InstalledTable(&socket).differences(from: wanted).map(\.description)
        }
    }

    @Test("a table that is as it should be has no difference", arguments: Scenario.table)
    func equal(_ scenario: Scenario) throws {
        #expect(try differences(scenario) { _, _ in }.isEmpty)
    }

    @Test("each element that is missing, too many or another is named, with its Service")
    func elements() throws {
        let services = ProxySet.services.set(.v4)
        let endpoints = ProxySet.endpoints.set(.v4)
        let front = [Datum.address(Scenario.clusterIP), .l4proto(.tcp), .port(80)]
        let found = try differences { harm, wanted in
            let own = try #require(wanted.elements[services]).filter { $0.key == front }
            harm.delete(own, from: services)
            harm.create([Element(front, .drop, comment: "default/web")], in: services)
            let slots = try #require(wanted.elements[endpoints])
            harm.delete(slots.filter { $0.key == front + [.mark(1)] }, from: endpoints)
            harm.create([Element(front + [.mark(7)], [.address(address("10.9.9.9")), .port(9)])], in: endpoints)
            harm.create([Element([.address(address("10.96.0.77"))])], in: ProxySet.clusterIPs.set(.v4))
        }
        #expect(
            found == [
                """
                different element inet poplin-proxy services4 { 10.96.0.10 . tcp . 80 comment "default/web" : goto \
                cluster4-3 }, found { 10.96.0.10 . tcp . 80 comment "default/web" : drop }  (default/web)
                """,
                """
                missing element inet poplin-proxy endpoints4 { 10.96.0.10 . tcp . 80 . 0x1 : 10.30.1.12 . 8080 }  \
                (default/web)
                """,
                """
                extra element inet poplin-proxy endpoints4 { 10.96.0.10 . tcp . 80 . 0x7 : 10.9.9.9 . 9 }  (default/web)
                """,
                "extra element inet poplin-proxy cluster-ips4 { 10.96.0.77 }",
            ])
    }

    @Test("each rule and chain that is missing, too many or another is named")
    func rules() throws {
        let translate = Chain(ProxySet.table, "translate-in")
        let strange = Chain(ProxySet.table, "strange", .init(.filter, .input, 5))
        let found = try differences { harm, _ in
            harm.flush(translate)
            harm.add(Rule(translate, [.counter, .drop]))
            harm.create(strange)
            harm.create(Chain(ProxySet.table, "harmless"))
        }
        #expect(
            found == [
                "missing rule inet poplin-proxy translate-in jump services",
                "extra rule inet poplin-proxy translate-in counter drop",
                "extra chain inet poplin-proxy strange { type filter hook input priority 5; policy accept; }",
            ])
        let swapped = Chain(ProxySet.table, "masquerade")
        let order = try differences { harm, wanted in
            let rules = wanted.chains.first { $0.chain.name == swapped.name }?.rules ?? []
            harm.flush(swapped)
            for rule in rules.reversed() { harm.add(Rule(swapped, rule)) }
        }
        #expect(order == ["different order of the rules of chain inet poplin-proxy masquerade"])
    }

    @Test("without a table that is the one difference")
    func nothing() throws {
        #expect(try differences { harm, _ in harm.delete(ProxySet.table) } == ["missing table inet poplin-proxy"])
    }

    @Test(
        "by iptables, each rule, chain and jump that differs is named", .requiresProgram("iptables-restore"),
        arguments: IPTablesVariant.installed)
    func iptables(_ variant: IPTablesVariant) throws {
        let node = try LabNamespace("check")
        let scenario = Scenario.table[4]
        try node.run {
            var planner = IPTablesPlanner(scenario.node)
            scenario.plan(with: &planner)
            let wanted = planner.start()
            var tables = variant.tables
            _ = try tables.bring(to: wanted)
            let programs = try #require(variant.programs.first { $0.family == .v4 })
            func report() throws -> RulesReport { try RulesReport([.v4: programs.dump()], wanted, services: 1) }
            let text = try report().text
            #expect(text.hasPrefix("ok: 1 Services, "), "\(text)")
            try programs.restore(
                """
                *nat
                -D PREROUTING -j POPLIN-SERVICES
                -A POPLIN-MARK -j RETURN
                -N POPLIN-SVC-NOBODY
                -F POPLIN-NODEPORTS
                COMMIT

                """)
            let found = try report().differences.map(\.description)
            #expect(found.contains("missing iptables -t nat -A PREROUTING -j POPLIN-SERVICES"))
            #expect(found.contains("extra iptables -t nat -A POPLIN-MARK -j RETURN"))
            #expect(found.contains("extra iptables -t nat -N POPLIN-SVC-NOBODY"))
            let nodePorts = found.filter { $0.hasPrefix("missing iptables -t nat -A POPLIN-NODEPORTS ") }
            #expect(nodePorts.count == 1 && nodePorts[0].hasSuffix("  (default/web)"), "\(found)")
            #expect(found.count == 4)
        }
    }
}
