import Glibc
import HTTP
import Linux
import Store
import TestSupport
import Testing

@Suite("Watching a real etcd", .serialized, .requiresProgram("etcd"))
struct EtcdWatchTests {
    let server: EtcdServer
    let store: EtcdClient

    init() throws {
        server = try EtcdServer()
        store = try server.client()
    }

    var configuration: EtcdConfiguration { EtcdConfiguration(endpoints: [server.endpoint]) }

    @Test("what has changed since the revision comes first, then what changes, in order and of the range alone")
    func order() throws {
        let old = try store.put("/w/a", [1])
        let second = try store.put("/w/b", [2])
        let watch = try WatchRecorder(configuration, .prefix("/w/"), from: old + 1)
        try watch.waitUntilWatching()
        try store.put("/x", [9])
        let third = try store.put("/w/a", [3])
        let gone = try store.delete(.key("/w/b")).revision
        try watch.waitForEvents(3)
        #expect(
            watch.events == [
                .put(KeyValue(key: "/w/b", value: [2], createRevision: second, modRevision: second, version: 1)),
                .put(KeyValue(key: "/w/a", value: [3], createRevision: old, modRevision: third, version: 2)),
                .delete(key: "/w/b", revision: gone),
            ])
        #expect(watch.batches.first == WatchBatch(revision: old, events: []))
        #expect(watch.batches.last?.revision == gone)
        watch.cancel()
        #expect(try watch.waitForEnd()?.kind == .cancelled)
    }

    @Test("one transaction's changes come together, and many changes all come")
    func many() throws {
        let start = try store.put("/w/0", [])
        let watch = try WatchRecorder(configuration, .prefix("/w/"), from: start + 1)
        try watch.waitUntilWatching()
        for round in 0..<20 {
            let puts = (0..<100).map {
                Transaction.Operation.put("/w/\(round)-\($0)", Array(repeating: 7, count: 500), lease: nil)
            }
            _ = try store.commit(Transaction(if: [], then: puts))
        }
        try watch.waitForEvents(2000)
        #expect(watch.events.count == 2000)
        var last: Revision = 0
        for batch in watch.batches where !batch.events.isEmpty {
            let revisions = Set(batch.events.map(\.revision))
            for revision in revisions {
                #expect(revision > last)
                #expect(batch.events.count { $0.revision == revision } == 100)
            }
            last = revisions.max() ?? last
        }
        watch.cancel()
    }

    @Test("a key that goes with its lease is told as gone")
    func leaseEnds() throws {
        let lease = try store.grantLease(seconds: 600)
        let revision = try store.put("/w/l", [1], lease: lease.id)
        let watch = try WatchRecorder(configuration, .prefix("/w/"), from: revision + 1)
        try watch.waitUntilWatching()
        try store.revokeLease(lease.id)
        try watch.waitForEvents(1)
        #expect(watch.events == [.delete(key: "/w/l", revision: revision + 1)])
        watch.cancel()
    }

    @Test("a revision that was compacted away is said to be, with the oldest one kept")
    func compaction() throws {
        let first = try store.put("/w/a", [1])
        for value in 2...9 { try store.put("/w/a", [UInt8(value)]) }
        try server.compact(first + 5)
        let watch = try WatchRecorder(configuration, .prefix("/w/"), from: first + 1)
        #expect(try watch.waitForEnd()?.kind == .compacted(oldest: first + 5))
        guard case .compacted = kind({ try store.range(.key("/w/a"), at: first, limit: nil) }) else {
            Issue.record("the range was answered")
            return
        }
        let later = try WatchRecorder(configuration, .prefix("/w/"), from: first + 6)
        try later.waitForEvents(3)
        #expect(later.revisions == [first + 6, first + 7, first + 8])
        later.cancel()
    }

    @Test("a killed etcd ends the watch; a new watch after the restart misses nothing")
    func restart() throws {
        let first = try store.put("/w/a", [1])
        let watch = try WatchRecorder(configuration, .prefix("/w/"), from: first + 1)
        try watch.waitUntilWatching()
        let second = try store.put("/w/a", [2])
        try watch.waitForEvents(1)
        server.kill()
        let end = try #require(try watch.waitForEnd())
        #expect(end.kind == .unavailable && end.endpoint == server.endpoint)
        #expect(kind { try store.get("/w/a") } == .unavailable)
        try server.start()
        let reached = try #require(watch.batches.last?.revision)
        #expect(reached == second)
        let third = try store.put("/w/a", [3])
        let again = try WatchRecorder(configuration, .prefix("/w/"), from: reached + 1)
        try again.waitForEvents(1)
        #expect(again.revisions == [third])
        again.cancel()
    }

    @Test("an etcd that hangs without closing anything is noticed by its silence")
    func hang() throws {
        var configuration = configuration
        configuration.watchProbeInterval = .milliseconds(200)
        configuration.requestTimeout = .seconds(5)
        let watch = try WatchRecorder(configuration, .prefix("/w/"), from: 1)
        try watch.waitUntilWatching()
        let asked = try server.rangesAnswered()
        try eventually("several probes are answered") { try server.rangesAnswered() >= asked + 4 }
        #expect(!watch.hasEnded)
        server.signal(SIGSTOP)
        defer { server.signal(SIGCONT) }
        #expect(try watch.waitForEnd()?.kind == .unavailable)
    }
}
