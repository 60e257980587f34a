import Glibc
import JSON
import KubeClient
import Lab
import NFTables
import TestSupport
import Testing

/// Set `POPLIN_LONG_TESTS` to run these for so many times as long: 10 is two hundred rounds.
@Suite(.requiresRoot) struct KilledProxyTests {
    private static let rounds = 20 * (getenv("POPLIN_LONG_TESTS").flatMap { Int(String(cString: $0)) } ?? 1)
    private static let services = 6

    @Test(
        "killed at any moment under churn, it leaves a whole table, and the next one makes it what it should be",
        arguments: [UInt64.random(in: 1...1 << 40)])
    func killed(_ seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let live = try LiveNode()
        for number in 1...Self.services { try live.createService(number) }
        let writer = try SliceWriter(live)
        for round in 0..<Self.rounds {
            try live.startProxy()
            let end = ContinuousClock.now + .milliseconds(Int.random(in: 0...120, using: &random))
            repeat {
                let endpoints = (0..<Int.random(in: 1...4, using: &random)).map { _ in
                    Int.random(in: 1...9, using: &random)
                }
                try writer.write(Int.random(in: 1...Self.services, using: &random), endpoints)
            } while ContinuousClock.now < end
            live.endProxy(SIGKILL)
            let left = try live.table()
            #expect(left.contradictions == [], "seed \(seed), round \(round)")

            try live.startProxy()
            try eventually("seed \(seed), round \(round): the table is what the cluster says") {
                try live.differences().isEmpty
            }
            #expect(try live.table().contradictions == [], "seed \(seed), round \(round)")
            live.endProxy(SIGKILL)
        }
    }

    @Test(
        "two at once on a node contradict neither the cluster nor each other for long",
        arguments: [UInt64.random(in: 1...1 << 40)])
    func two(_ seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let live = try LiveNode()
        for number in 1...Self.services { try live.createService(number) }
        try live.startProxy()
        try live.startSecondProxy()
        try eventually("the table is there") { try live.endpoint(Self.services) != nil }
        let writer = try SliceWriter(live)
        for step in 0..<80 {
            let endpoints = (0..<Int.random(in: 1...5, using: &random)).map { _ in Int.random(in: 1...9, using: &random)
            }
            try writer.write(Int.random(in: 1...Self.services, using: &random), endpoints)
            // Where one has heard what the other has not, a moment passes.
            try eventually("seed \(seed), step \(step): no front leads astray") {
                try live.table().contradictions == []
            }
        }
        try eventually("seed \(seed): the table is what the cluster says") { try live.differences().isEmpty }
        // They leave it so: nothing is written for as long as it takes both to look several times.
        var (generation, since) = (try live.generation(), ContinuousClock.now)
        try eventually("seed \(seed): both are content", within: .seconds(10)) {
            let now = try live.generation()
            if now != generation { (generation, since) = (now, .now) }
            return ContinuousClock.now - since > .milliseconds(500)
        }
        #expect(try live.differences().isEmpty)
    }
}

/// Changes slices quickly, over one connection.
private final class SliceWriter {
    private static let slices = ResourcePath(group: "discovery.k8s.io", "endpointslices", namespace: "default")

    private let live: LiveNode
    private let client: BlockingAPIClient

    init(_ live: LiveNode) throws {
        self.live = live
        client = try BlockingAPIClient(Kubeconfig(file: live.kubeconfig).access())
    }

    func write(_ number: Int, _ endpoints: [Int]) throws {
        let entries = Set(endpoints).map { JSONValue.object(JSONObject([("addresses", [.string("10.30.2.\($0)")])])) }
        _ = try live.node.run {
            try client.send(
                .patch(Self.slices, "web-\(number)", .merge, ["endpoints": .array(entries)]))
        }
    }
}
