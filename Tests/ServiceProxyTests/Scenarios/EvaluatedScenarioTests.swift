import NFTables
import ServiceProxy
import Testing

@Suite struct EvaluatedScenarioTests {
    @Test(
        "what becomes of connections, in memory",
        arguments: Scenario.table + Scenario.table.map(\.v6) + Scenario.realTable)
    func evaluate(_ scenario: Scenario) {
        let evaluator = PacketEvaluator(scenario.planner().ruleset, addresses: scenario.node.addresses)
        for flow in scenario.flows {
            let packet = Packet(
                from: flow.source, flow.client.origin, to: flow.destination.address, flow.transport,
                port: flow.destination.port)
            #expect(
                evaluator.outcomes(packet) == flow.expected,
                "\(flow.client) to \(flow.destination)/\(flow.transport)\n\(evaluator.courses(packet).map(\.steps))")
        }
    }
}
