import Foundation
import Linux
import Store
import Synchronization
import TestSupport
import Testing

/// What every `ObjectStore` promises.
@Suite("Every object store", .serialized, .requiresProgram("etcd"))
struct ObjectStoreConformanceTests {
    typealias Kind = StoreUnderTest.Kind

    @Test("an empty store tells an empty snapshot with a revision", arguments: Kind.allCases)
    func empty(kind: Kind) throws {
        let test = try StoreUnderTest(kind)
        let snapshot = try #require(test.recorder.state.snapshots.first)
        #expect(snapshot.objects.isEmpty && snapshot.revision > 0 && snapshot.history.isEmpty)
        #expect(try test.barrier() == snapshot.revision)
    }

    @Test("what is written is told with its revisions before it is acknowledged", arguments: Kind.allCases)
    func lifeOfAKey(kind: Kind) throws {
        let test = try StoreUnderTest(kind)
        let key = "/registry/configmaps/default/één"
        let made = try test.write(.create(key, [1]))
        let changed = try test.write(.update(key, [2, 3], expected: made))
        let forced = try test.write(.update(key, [], expected: nil))
        let deleted = try test.write(.delete(key, expected: forced))
        let again = try test.write(.create(key, [4]))
        #expect([made, changed, forced, deleted, again].sorted() == [made, changed, forced, deleted, again])
        #expect(
            test.recorder.changes == [
                StoreChange(key: key, revision: made, createRevision: made, value: [1]),
                StoreChange(key: key, revision: changed, createRevision: made, value: [2, 3]),
                StoreChange(key: key, revision: forced, createRevision: made, value: []),
                StoreChange(key: key, revision: deleted, createRevision: 0, value: nil),
                StoreChange(key: key, revision: again, createRevision: again, value: [4]),
            ])
        #expect(test.recorder.state.faults == [])
    }

    @Test("a write whose key is not as expected is a conflict that shows the key", arguments: Kind.allCases)
    func conflicts(kind: Kind) throws {
        let test = try StoreUnderTest(kind)
        let first = try test.write(.create("/a", [1]))
        let second = try test.write(.update("/a", [2], expected: first))
        let there = StoredObject(key: "/a", value: [2], createRevision: first, modRevision: second)
        let table: [(ObjectWrite, StoredObject?)] = [
            (.create("/a", [9]), there),
            (.update("/a", [9], expected: first), there),
            (.update("/a", [9], expected: second + 1), there),
            (.delete("/a", expected: first), there),
            (.delete("/a", expected: 0), there),
            (.update("/b", [9], expected: first), nil),
            (.delete("/b", expected: second), nil),
            (.delete("/b", expected: nil), nil),
            (.delete("/b", expected: 0), nil),
        ]
        for (write, current) in table {
            #expect(
                writeFailure { () throws(WriteFailure) in try test.write(write) }
                    == .conflict(key: write.key, current: current), "\(write)")
        }
        #expect(test.recorder.changes.count == 2)
        #expect(try test.barrier() == second)
    }

    @Test("writes of one commit are all made or none, and told together", arguments: Kind.allCases)
    func atomicity(kind: Kind) throws {
        let test = try StoreUnderTest(kind)
        let revisions = try test.commit([.create("/a", [1]), .create("/b", [2]), .create("/c", [3])])
        #expect(revisions.count == 3 && revisions == revisions.sorted())
        #expect(test.recorder.state.largestBatch == 3)
        if test.givesEachWriteItsRevision { #expect(Set(revisions).count == 3) }
        let before = test.recorder.state.objects
        #expect(before.map { $0.value.modRevision }.sorted() == revisions)

        let failure = writeFailure { () throws(WriteFailure) in
            try test.commit([
                .delete("/a", expected: revisions[0]), .update("/b", [9], expected: 1_000_000), .create("/d", [4]),
            ])
        }
        #expect(failure == .conflict(key: "/b", current: before["/b"]))
        #expect(test.recorder.state.objects == before)

        try test.commit([
            .delete("/a", expected: revisions[0]), .update("/b", [9], expected: revisions[1]), .create("/d", [4]),
        ])
        #expect(Set(test.recorder.state.objects.keys) == ["/b", "/c", "/d"])
        #expect(test.recorder.value("/b") == [9])
        #expect(test.recorder.state.faults == [])
    }

    @Test("every byte survives, up to the largest value; a larger one is refused", arguments: Kind.allCases)
    func values(kind: Kind) throws {
        let test = try StoreUnderTest(kind)
        var generator = SeededGenerator(seed: 7)
        let large = (0..<ObjectWrite.valueLimit).map { _ in UInt8.random(in: 0...255, using: &generator) }
        for value in [[], Array(UInt8.min...UInt8.max), [0], [255, 0], large] {
            try test.write(.update("/v", value, expected: nil))
            #expect(test.recorder.value("/v") == value)
            if test.keepsState {
                try test.reopen()
                #expect(test.recorder.value("/v") == value)
            }
        }
        #expect(
            writeFailure { () throws(WriteFailure) in try test.write(.create("/w", large + [0])) }
                == .tooLarge(key: "/w", limit: ObjectWrite.valueLimit))
    }

    @Test(
        "a key whose time has come is deleted, with a revision; a write without a time keeps it",
        arguments: Kind.allCases)
    func timeToLive(kind: Kind) throws {
        let test = try StoreUnderTest(kind)
        try test.write(.create("/prolonged", [1], ttl: 2))
        try test.write(.update("/prolonged", [2], expected: nil, ttl: 3600))
        try test.write(.create("/kept", [1], ttl: 2))
        try test.write(.update("/kept", [2], expected: nil))
        try test.write(.create("/stays", [1]))
        let last = try test.write(.create("/short", [1], ttl: 2))
        test.passTime(seconds: 3)
        try eventually("the key is gone", within: .seconds(20)) { test.recorder.value("/short") == nil }
        #expect(Set(test.recorder.state.objects.keys) == ["/kept", "/prolonged", "/stays"])
        let gone = try #require(test.recorder.changes.last)
        #expect(gone.key == "/short" && gone.value == nil && gone.revision > last)
        #expect(try test.barrier() == gone.revision)
        #expect(test.recorder.state.faults == [])
    }

    @Test("of writers that compete for a revision one wins each; all is told once, in order", arguments: Kind.allCases)
    func competition(kind: Kind) throws {
        let test = try StoreUnderTest(kind)
        let first = try test.write(.create("/counter", Array("0".utf8)))
        let (writers, rounds) = (8, 50)
        let won = Mutex(0)
        DispatchQueue.concurrentPerform(iterations: writers) { writer in
            var current = StoredObject(
                key: "/counter", value: Array("0".utf8), createRevision: first, modRevision: first)
            var wins = 0
            while wins < rounds {
                let count = Int(String(decoding: current.value, as: UTF8.self)) ?? 0
                let value = Array(String(count + 1).utf8)
                do throws(WriteFailure) {
                    let revision = try test.write(.update("/counter", value, expected: current.modRevision))
                    current.value = value
                    current.modRevision = revision
                    wins += 1
                } catch {
                    guard case .conflict(_, let now?) = error else {
                        Issue.record("\(error)")
                        return
                    }
                    current = now
                }
            }
            won.withLock { $0 += wins }
        }
        #expect(won.withLock { $0 } == writers * rounds)
        #expect(test.recorder.value("/counter") == Array(String(writers * rounds).utf8))
        let state = test.recorder.state
        #expect(state.faults == [])
        #expect(
            state.changes.map { String(decoding: $0.value ?? [], as: UTF8.self) }
                == (0...writers * rounds).map(String.init))
        if test.givesEachWriteItsRevision {
            #expect(state.changes.map(\.revision) == Array(first...first + Revision(writers * rounds)))
        }
    }

    @Test("a barrier comes after all that was acknowledged before it", arguments: Kind.allCases)
    func barriers(kind: Kind) throws {
        let test = try StoreUnderTest(kind)
        for round in 0..<20 {
            let revision = try test.write(.update("/\(round % 3)", [UInt8(round)], expected: nil))
            let barrier = try test.barrier()
            #expect(barrier >= revision && test.recorder.revision >= barrier)
        }
    }

    @Test("after a restart everything is as it was, and revisions go on", arguments: Kind.allCases)
    func restart(kind: Kind) throws {
        let test = try StoreUnderTest(kind)
        guard test.keepsState else { return }
        var generator = SeededGenerator()
        for _ in 0..<3 {
            for _ in 0..<60 {
                let key = "/k\(Int.random(in: 0..<10, using: &generator))"
                let write: ObjectWrite =
                    Bool.random(using: &generator) && test.recorder.value(key) != nil
                    ? .delete(key, expected: nil) : .update(key, Array(key.utf8), expected: nil)
                try test.write(write)
            }
            let before = test.recorder.state
            if Bool.random(using: &generator) { test.store.compact(through: before.revision - 5) }
            try test.reopen()
            let after = test.recorder.state
            #expect(after.objects == before.objects && after.revision == before.revision, "seed \(generator.seed)")
        }
        let last = test.recorder.revision
        #expect(try test.write(.update("/k", [1], expected: nil)) == last + 1)
        #expect(test.recorder.state.faults == [])
    }

    @Test("compaction changes nothing that a key holds", arguments: Kind.allCases)
    func compaction(kind: Kind) throws {
        let test = try StoreUnderTest(kind)
        var last = try test.write(.create("/old", [1]))
        for round in 0..<100 { last = try test.write(.update("/r", [UInt8(round)], expected: nil)) }
        test.store.compact(through: last)
        test.store.compact(through: last + 1000)
        let next = try test.write(.update("/r", [200], expected: last))
        #expect(next > last && test.recorder.value("/old") == [1])
        try test.reopen()
        #expect(test.recorder.value("/old") == [1] && test.recorder.value("/r") == [200])
    }

    @Test("a closed store has acknowledged or refused all, and refuses what comes later", arguments: Kind.allCases)
    func closing(kind: Kind) throws {
        let test = try StoreUnderTest(kind)
        let acknowledged = Mutex(0)
        let failed = Mutex(0)
        for number in 0..<200 {
            test.store.write(.create("/\(number)", [1])) { result in
                if case .success = result {
                    acknowledged.withLock { $0 += 1 }
                } else {
                    failed.withLock { $0 += 1 }
                }
            }
        }
        test.store.close()
        #expect(acknowledged.withLock { $0 } + failed.withLock { $0 } == 200)
        #expect(test.recorder.state.objects.count >= acknowledged.withLock { $0 })
        for failure in [
            writeFailure { () throws(WriteFailure) in try test.write(.create("/late", [1])) },
            writeFailure { () throws(WriteFailure) in try test.barrier() },
        ] {
            guard case .unavailable? = failure else {
                Issue.record("\(String(describing: failure))")
                continue
            }
        }
    }
}
