import Lab
import Linux
import NetTypes
import ServiceProxy
import TestSupport
import Testing

@Suite(.requiresRoot, .requiresProgram("iptables-restore")) struct IPTablesTablesTests {
    @Test("chains that are there are taken over, and nothing is written", arguments: IPTablesVariant.installed)
    func adopt(_ variant: IPTablesVariant) throws {
        // Others are met on the way of random changes.
        for scenario in Scenario.table.prefix(6) {
            let node = try LabNamespace("tables")
            try node.run {
                var planner = IPTablesPlanner(scenario.node)
                scenario.plan(with: &planner)
                let wanted = planner.start()
                var first = variant.tables
                let written = try first.bring(to: wanted)
                #expect(written > 0)
                // Another process, which has learned nothing yet.
                var second = variant.tables
                let again = try second.bring(to: wanted)
                #expect(again == 0, "\(scenario.name)")
            }
        }
    }

    @Test("what somebody else has changed is put right, and only that", arguments: IPTablesVariant.installed)
    func repair(_ variant: IPTablesVariant) throws {
        let node = try LabNamespace("tables")
        let scenario = Scenario.table[4]
        try node.run {
            var planner = IPTablesPlanner(scenario.node)
            scenario.plan(with: &planner)
            let wanted = planner.start()
            var tables = variant.tables
            _ = try tables.bring(to: wanted)
            let programs = try #require(variant.programs.first { $0.family == .v4 })
            func harm(_ text: String) throws { try programs.restore("*nat\n\(text)\nCOMMIT\n") }
            func isWhole() throws -> Bool { try programs.dump().changes(to: wanted[.v4] ?? [:]).isEmpty }

            try harm("-F POPLIN-SERVICES")
            let filled = try tables.bring(to: wanted)
            #expect(filled == 1)
            #expect(try isWhole())
            try harm("-D PREROUTING -j POPLIN-SERVICES")
            let led = try tables.bring(to: wanted)
            #expect(led == 1)
            #expect(try isWhole())
            try harm("-N POPLIN-SVC-NOBODY")
            let cleared = try tables.bring(to: wanted)
            #expect(cleared == 1)
            #expect(try isWhole())
            // All of it, as `iptables -F; iptables -X` would.
            try programs.restore("*nat\n-F\n-X\nCOMMIT\n*filter\n-F\n-X\nCOMMIT\n*mangle\n-F\n-X\nCOMMIT\n")
            let made = try tables.bring(to: wanted)
            #expect(made > 20)
            #expect(try isWhole())
            let left = try tables.bring(to: wanted)
            #expect(left == 0)
        }
    }

    @Test("rules of others stay where they are", arguments: IPTablesVariant.installed)
    func others(_ variant: IPTablesVariant) throws {
        let node = try LabNamespace("tables")
        let scenario = Scenario.table[4]
        try node.run {
            let programs = try #require(variant.programs.first { $0.family == .v4 })
            try programs.restore(
                """
                *nat
                :DOCKER - [0:0]
                -A PREROUTING -m addrtype --dst-type LOCAL -j DOCKER
                -A DOCKER -p tcp -m tcp --dport 8443 -j DNAT --to-destination 172.17.0.2:443
                COMMIT

                """)
            let before = try #require(try programs.dump().tables["nat"]?.chains)
            var tables = variant.tables
            var planner = IPTablesPlanner(scenario.node)
            scenario.plan(with: &planner)
            _ = try tables.bring(to: planner.start())
            let after = try #require(try programs.dump().tables["nat"]?.chains)
            #expect(after["DOCKER"] == before["DOCKER"])
            #expect(after["PREROUTING"] == ["-j POPLIN-SERVICES"] + (before["PREROUTING"] ?? []))
        }
    }

    @Test("a refusal says which line was refused, and changes nothing", arguments: IPTablesVariant.installed)
    func refusal(_ variant: IPTablesVariant) throws {
        SignalDescriptor.ignoreBrokenPipes()
        let node = try LabNamespace("tables")
        try node.run {
            let programs = try #require(variant.programs.first { $0.family == .v4 })
            let text = "*nat\n:POPLIN-A - [0:0]\n-A POPLIN-A -j POPLIN-NOWHERE\nCOMMIT\n"
            let error = #expect(throws: IPTablesError.self) { try programs.restore(text) }
            #expect(error?.program == programs.restore)
            // The legacy variant sees it when the table is committed, and does not say which line it was.
            #expect(error?.line == "-A POPLIN-A -j POPLIN-NOWHERE" || error?.line == "COMMIT", "\(error as Any)")
            let dump = try programs.dump()
            #expect(dump.ownRules.isEmpty)
        }
    }

    /// Seeded; the seed is in the message.
    @Test(
        "after each of many random changes the kernel holds what a fresh plan says",
        arguments: IPTablesVariant.installed, [UInt64.random(in: 1...1 << 40)])
    func randomChanges(_ variant: IPTablesVariant, _ seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let node = try LabNamespace("tables")
        try node.run {
            var tables = variant.tables
            var planner = IPTablesPlanner(Scenario.node)
            _ = try tables.bring(to: planner.start())
            var cluster = RandomCluster()
            for step in 0..<25 {
                cluster.change(&random)
                if Int.random(in: 0..<10, using: &random) == 0 { planner.move(to: RandomObjects.node(&random)) }
                cluster.index.plan(with: &planner)
                try tables.write(planner.takeChanges().changes)

                var other = IPTablesPlanner(planner.node)
                var fresh = cluster.fresh
                fresh.plan(with: &other)
                for programs in variant.programs {
                    let changes = try programs.dump().changes(to: other.rules(programs.family))
                    #expect(changes.isEmpty, "seed \(seed), step \(step): \(changes)")
                    if !changes.isEmpty { return }
                }
            }
        }
    }
}
