import NFTables
import NetTypes
import ServiceProxy
import TestSupport
import Testing

@Suite struct EvaluatedScenarioTests {
    @Test(
        "what becomes of connections, in memory",
        arguments: Scenario.table + Scenario.table.map(\.v6) + Scenario.realTable)
    func evaluate(_ scenario: Scenario) {
        check(scenario, by: PacketEvaluator(scenario.planner().ruleset, addresses: scenario.node.addresses))
        let iptables = scenario.iptablesEvaluator
        #expect(iptables.unreadable == [])
        check(scenario, by: iptables)
    }

    private func check(_ scenario: Scenario, by rules: some PacketRules) {
        for flow in scenario.flows {
            let courses = rules.courses(flow.packet)
            let words = "\(flow.client) to \(flow.destination)/\(flow.transport) by \(type(of: rules))"
            #expect(Set(courses.map(\.outcome)) == flow.expected, "\(words)\n\(courses.map(\.steps))")
            let sum = courses.reduce(0) { $0 + $1.probability }
            #expect(abs(sum - 1) < 1e-9, "\(words): \(sum)")
        }
    }

    /// Seeded; the seed is in the message.
    @Test(
        "among random Services, iptables and nf_tables have the same in mind for every packet",
        arguments: [UInt64.random(in: 1...1 << 40)])
    func agree(_ seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let clients: [Scenario.Client] = [.pod, .otherPod, .node, .outside, .remotePod]
        for round in 0..<60 {
            var scenario = Scenario(name: "random", node: RandomObjects.node(&random))
            for number in 0..<6 {
                var service = RandomObjects.service(&random)
                // Each hashes in its own way, and says whom it chooses.
                if service?.scheduling == .sourceHash { service?.scheduling = .random }
                scenario.services["s\(number)"] = service
                scenario.slices += [RandomObjects.slice(of: "s\(number)", &random)].compactMap(\.self)
            }
            let rules = PacketEvaluator(scenario.planner().ruleset, addresses: scenario.node.addresses)
            let iptables = scenario.iptablesEvaluator
            #expect(iptables.unreadable == [])
            for _ in 0..<40 {
                let destination = RandomObjects.destination(&random)
                let flow = Scenario.Flow(
                    client: clients.randomElement(using: &random) ?? .node, destination: destination,
                    transport: Bool.random(using: &random) ? .tcp : .udp, expected: [])
                #expect(
                    rules.outcomes(flow.packet) == iptables.outcomes(flow.packet),
                    "seed \(seed), round \(round): \(flow)\n\(rules.courses(flow.packet).map(\.steps))\n\(iptables.courses(flow.packet).map(\.steps))"
                )
                #expect(rules.service(of: flow.packet) == iptables.service(of: flow.packet), "seed \(seed): \(flow)")
            }
        }
    }
}

extension Scenario {
    var iptablesEvaluator: IPTablesEvaluator {
        var planner = IPTablesPlanner(node)
        plan(with: &planner)
        return IPTablesEvaluator(planner.start(), addresses: node.addresses)
    }
}

extension Scenario.Flow {
    /// The first of it.
    var packet: Packet {
        Packet(from: source, client.origin, to: destination.address, transport, port: destination.port)
    }
}
