import Glibc
import Lab
import NFTables
import NetTypes
import TestSupport
import Testing

@testable import ServiceProxy

/// Set `POPLIN_LONG_TESTS` to run this for so many times as long.
@Suite(.requiresRoot) struct RandomHistoryTests {
    private static let limit = Duration.seconds(
        2 * (getenv("POPLIN_LONG_TESTS").flatMap { Int(String(cString: $0)) } ?? 1))

    @Test(
        "whatever happens to objects, table and process, the kernel holds a fresh plan, and clients go where they went",
        arguments: [UInt64.random(in: 1...1 << 40)])
    func history(_ seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let node = try LabNamespace("history")
        try node.run {
            var run = try ApplierRun()
            let end = ContinuousClock.now + Self.limit
            var clients = ClientMemory()
            var step = 0
            while ContinuousClock.now < end || step < 2 {
                step += 1
                for _ in 0..<3 { try clients.add(to: run, &random) }
                switch Int.random(in: 0..<20, using: &random) {
                case 0: run.node = RandomObjects.node(&random)
                case 1: run = try ApplierRun(after: run)
                case 2: run.refused = [run.attempts + Int.random(in: 1...3, using: &random)]
                case 3:
                    try clients.clear(run)
                    try harm(run, &random)
                default: change(run, &random)
                }
                if try !run.flush() { run.repair() }
                do {
                    try run.loop.run(until: "the table is right, and clients go where they went") {
                        try run.differences().isEmpty && clients.contradictions(run).isEmpty
                    }
                } catch {
                    let clients = try clients.contradictions(run)
                    Issue.record("seed \(seed), step \(step): \(error): \(try run.differences()), \(clients)")
                    return
                }
            }
            #expect(step > 1, "seed \(seed)")
        }
    }

    private func change(_ run: ApplierRun, _ random: inout SeededGenerator) {
        for _ in 0...Int.random(in: 0..<3, using: &random) {
            let service = "s\(Int.random(in: 0..<6, using: &random))"
            if Bool.random(using: &random) {
                run.set(service: service, RandomObjects.service(&random))
            } else {
                let slice = "slice\(Int.random(in: 0..<9, using: &random))"
                run.set(slice: slice, RandomObjects.slice(of: service, &random))
            }
        }
    }

    /// Somebody else takes something away, or all, or adds what does not belong there.
    private func harm(_ run: ApplierRun, _ random: inout SeededGenerator) throws {
        let installed = try run.installed
        var harm = Transaction()
        switch Int.random(in: 0..<4, using: &random) {
        case 0: harm.destroy(ProxySet.table)
        case 1:
            guard let chain = installed.chains.values.randomElement(using: &random) else { return }
            harm.flush(chain)
        case 2:
            let filled = installed.elements.filter { !$0.value.isEmpty }.sorted { $0.key.name < $1.key.name }
            guard let (set, elements) = filled.randomElement(using: &random) else { return }
            harm.delete(Array(elements.prefix(2)), from: set)
        default:
            guard !installed.chains.isEmpty else { return }
            harm.add([Element([.address(address("192.0.2.1"))])], to: ProxySet.clusterIPs.set(.v4))
        }
        try run.commit(harm)
    }
}
