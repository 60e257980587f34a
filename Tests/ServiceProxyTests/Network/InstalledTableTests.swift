import Lab
import NFTables
import NetTypes
import ServiceProxy
import TestSupport
import Testing

@Suite(.requiresRoot) struct InstalledTableTests {
    @Test("a table that is there is taken over without a change", arguments: Scenario.table)
    func adopt(_ scenario: Scenario) throws {
        let node = try LabNamespace("table")
        try node.run {
            let wanted = scenario.planner().ruleset
            var socket = try NFTSocket()
            #expect(try InstalledTable(&socket).changes(to: wanted) == wanted.transaction)
            try socket.commit(wanted.transaction)
            let changes = try InstalledTable(&socket).changes(to: wanted)
            #expect(changes.isEmpty, "\(changes)")
        }
    }

    @Test("what somebody else has changed is put right, and only that")
    func repair() throws {
        let node = try LabNamespace("table")
        let scenario = Scenario.table[4]
        try node.run {
            let wanted = scenario.planner().ruleset
            var socket = try NFTSocket()
            try socket.commit(wanted.transaction)
            let set = ProxySet.services.set(.v4)
            let victim = try #require(wanted.elements[set]?.first)
            var harm = Transaction()
            harm.delete([victim], from: set)
            try socket.commit(harm)
            var expected = Transaction()
            expected.create([victim], in: set)
            #expect(try InstalledTable(&socket).changes(to: wanted) == expected)

            var worse = Transaction()
            worse.flush(Chain(ProxySet.table, "services"))
            try socket.commit(worse)
            let repair = try InstalledTable(&socket).changes(to: wanted)
            // Whom clients were sent to is remembered in the same table: it is not made anew for one chain.
            #expect(
                "\(repair)".hasPrefix("add chain inet poplin-proxy services\nflush chain inet poplin-proxy services\n"))
            #expect("\(repair)".split(separator: "\n").count == 5, "\(repair)")
            try socket.commit(repair)
            #expect(try InstalledTable(&socket).changes(to: wanted).isEmpty)
        }
    }

    @Test("what no Service uses has no rules, and comes and goes with those that use it")
    func use() throws {
        let node = try LabNamespace("table")
        try node.run {
            var socket = try NFTSocket()
            var conntrack = try Conntrack()
            var planner = Planner(Scenario.node)
            try socket.commit(planner.start().transaction)
            func hooks() throws -> Set<String> {
                Set(try socket.chains(in: ProxySet.table).filter { $0.base != nil }.map(\.name))
            }
            let bare = try hooks()
            #expect(bare == ["refuse-in", "refuse-forward", "refuse-out", "masquerade"])
            let key = PortKey(ServicePortName("default", "web"), .v4)
            let guarded = ServiceObject.everywhere { $0.sourceRanges = ["10.0.0.0/8"].compactMap { CIDR($0) } }
            for service in [.everywhere(), guarded, .everywhere(), nil] as [ServiceObject?] {
                planner.set(key, service.flatMap { ServicePort($0, $0.ports[0], .v4) }, [])
                try socket.commit(planner.takeChanges(), &conntrack)
                let translating: Set = service == nil ? [] : ["translate-in", "translate-out"]
                let guarding: Set = service == guarded ? ["guard-in", "guard-out"] : []
                #expect(try hooks() == bare.union(translating).union(guarding))
                #expect(try InstalledTable(&socket).changes(to: planner.ruleset).isEmpty)
            }
        }
    }

    /// Seeded; the seed is in the message.
    @Test(
        "after each of many random changes the kernel holds what a fresh plan says",
        arguments: [UInt64.random(in: 1...1 << 40)])
    func randomChanges(_ seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let node = try LabNamespace("table")
        try node.run {
            var socket = try NFTSocket()
            var conntrack = try Conntrack()
            var planner = Planner(Scenario.node)
            try socket.commit(planner.start().transaction)
            var cluster = RandomCluster()
            for step in 0..<120 {
                cluster.change(&random)
                if Int.random(in: 0..<20, using: &random) == 0 { planner.move(to: RandomObjects.node(&random)) }
                cluster.index.plan(with: &planner)
                try socket.commit(planner.takeChanges(), &conntrack)

                let changes = try InstalledTable(&socket).changes(to: planner.ruleset)
                #expect(changes.isEmpty, "seed \(seed), step \(step): \(changes)")
                var other = Planner(planner.node)
                var fresh = cluster.fresh
                fresh.plan(with: &other)
                #expect(planner.ruleset.withoutOrder == other.ruleset.withoutOrder, "seed \(seed), step \(step)")
                if !changes.isEmpty { return }
            }
        }
    }
}

extension Ruleset {
    /// What is in the slots of each front, wherever, and everything else.
    fileprivate var withoutOrder: [String: [[Datum]: Set<Element.Value?>]] {
        var result: [String: [[Datum]: Set<Element.Value?>]] = [:]
        for (set, elements) in elements {
            for element in elements {
                let hasSlot = if case .mark? = element.key.last { true } else { false }
                let key = hasSlot ? Array(element.key.dropLast()) : element.key + (element.keyEnd ?? [])
                // Which number a group has follows from when it came.
                let isGroup = set.name.contains("groups")
                result[set.name, default: [:]][key, default: []].insert(isGroup ? nil : element.value)
            }
        }
        return result
    }
}
