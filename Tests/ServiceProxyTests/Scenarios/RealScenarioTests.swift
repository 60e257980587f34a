import Lab
import NFTables
import ServiceProxy
import TestSupport
import Testing

@Suite(.requiresRoot) struct RealScenarioTests {
    @Test("what becomes of connections of both families, with real packets", arguments: Scenario.realTable)
    func run(_ scenario: Scenario) throws {
        let network = try ScenarioNetwork()
        try network.install(scenario.planner().ruleset)
        try network.check(scenario)
    }
}

extension ScenarioNetwork {
    /// Makes the connections of the scenario, and expects of each what it says.
    func check(_ scenario: Scenario) throws {
        let servers = try servers()
        defer { servers.stop() }
        for flow in scenario.flows {
            var seen: Set<Outcome> = []
            for _ in 0..<200 where seen != flow.expected && seen.isSubset(of: flow.expected) {
                seen.insert(try outcome(of: flow))
            }
            #expect(seen == flow.expected, "\(flow.client) to \(flow.destination)/\(flow.transport)")
        }
    }
}
