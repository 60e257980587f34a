import Glibc
import Testing

@testable import ControlPlane

/// Set `POPLIN_LONG_TESTS` to run these for so many times as long.
enum LongRun {
    static var factor: Int { getenv("POPLIN_LONG_TESTS").flatMap { Int(String(cString: $0)) } ?? 1 }
}

@Suite("The cache and its watches, at random")
struct WatchPropertyTests {
    @Test("every change reaches every watch once and in order, or the watch is told to begin anew")
    func interleavings() {
        let base = UInt64.random(in: 0..<1 << 32)
        var counts: [String: Int] = [:]
        let types = ServedTypes()
        for seed in base..<base + UInt64(1000 * LongRun.factor) {
            let world = RandomWorld(seed: seed, types)
            world.run(steps: 120)
            #expect(world.problems.isEmpty, "seed \(seed): \(world.problems.first ?? "")")
            counts.merge(world.counts) { $0 + $1 }
            if !world.problems.isEmpty { return }
        }
        // All of it has happened, and more often than not a watch has something to tell.
        for what in ["loss", "restart", "expired", "watch", "list"] {
            #expect(counts[what, default: 0] > 100, "\(what)")
        }
        #expect(counts["told", default: 0] > 2 * counts["watch", default: 0])
    }
}
