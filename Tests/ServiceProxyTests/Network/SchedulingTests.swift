import Lab
import NFTables
import NetTypes
import ServiceProxy
import TestSupport
import Testing

@Suite(.requiresRoot) struct SchedulingTests {
    private static let places = ["10.30.1.11", "10.30.1.12", "10.30.2.11"]

    /// The endpoints of so many connections of one client, one after another.
    private func visits(
        _ count: Int, in network: borrowing ScenarioNetwork, _ change: (inout ServiceObject) -> Void,
        _ places: [String] = places
    ) throws -> [String] {
        let scenario = Scenario(
            name: "scheduling", services: ["web": .everywhere(change)],
            slices: [.of(places.map { ($0, $0.hasPrefix("10.30.1.") ? "here" : "there") })])
        try network.install(scenario.planner().ruleset)
        let flow = Scenario.Flow(
            client: .otherPod, destination: Destination(Scenario.clusterIP, 80), expected: [])
        return try (0..<count).map { _ in
            guard case .delivered(let place) = try network.outcome(of: flow).fate else { return "nowhere" }
            return "\(place.address)"
        }
    }

    @Test("round-robin: each endpoint has its turn")
    func roundRobin() throws {
        let network = try ScenarioNetwork()
        let servers = try network.servers()
        defer { servers.stop() }
        let seen = try visits(9, in: network) { $0.scheduling = .roundRobin }
        for first in 0..<6 { #expect(Set(seen[first..<first + 3]) == Set(Self.places), "\(seen)") }
    }

    @Test("source-hash: a client stays, and an endpoint that goes takes none but its own along")
    func sourceHash() throws {
        let network = try ScenarioNetwork()
        let servers = try network.servers()
        defer { servers.stop() }
        let seen = try visits(10, in: network) { $0.scheduling = .sourceHash }
        #expect(Set(seen).count == 1, "\(seen)")
        // Two may go without harm only if the table moves no slot of the third's.
        let rest = Self.places.filter { $0 == seen[0] }
        #expect(try visits(10, in: network, { $0.scheduling = .sourceHash }, rest) == seen)
    }

    @Test("an endpoint with the weight 0 has no new connection")
    func weights() throws {
        let network = try ScenarioNetwork()
        let servers = try network.servers()
        defer { servers.stop() }
        let weights = try #require(CIDR("10.30.1.11/32"))
        let seen = try visits(40, in: network) { $0.weights = [Weight(weights, 0)] }
        #expect(Set(seen) == ["10.30.1.12", "10.30.2.11"], "\(seen)")
    }
}
