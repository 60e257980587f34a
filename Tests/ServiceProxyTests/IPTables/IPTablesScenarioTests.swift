import Lab
import NetTypes
import ServiceProxy
import TestSupport
import Testing

@Suite(.requiresRoot, .requiresProgram("iptables-restore")) struct IPTablesScenarioTests {
    @Test(
        "what becomes of connections, with real packets, by iptables", arguments: Scenario.table,
        IPTablesVariant.installed)
    func run(_ scenario: Scenario, _ variant: IPTablesVariant) throws {
        let network = try ScenarioNetwork()
        try network.install(scenario, variant)
        try network.check(scenario)
    }
}

extension IPTablesVariant {
    static var installed: [IPTablesVariant] { Array(Set(IPTablesPrograms.installed().map(\.variant))) }

    /// The tables of the namespace that the caller is in.
    var tables: IPTablesTables { IPTablesTables(programs) }
    var programs: [IPTablesPrograms] { IPTablesPrograms.installed().filter { $0.variant == self } }
}

extension IPTablesTables {
    mutating func bring(to wanted: [IPFamily: IPTablesRules]) throws -> Int {
        var leftovers = Leftovers()
        return try bring(to: wanted, &leftovers)
    }
}
