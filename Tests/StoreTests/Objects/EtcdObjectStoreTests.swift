import Glibc
import HTTP
import Linux
import Synchronization
import TestSupport
import Testing

@testable import Store

/// What only a store that is shared, and on the network, has to do.
@Suite("A store on etcd", .serialized, .requiresProgram("etcd"))
struct EtcdObjectStoreTests {
    private func open(
        _ endpoints: [String], tls: TLSFiles = TLSFiles(), _ change: (inout EtcdObjectOptions) -> Void = { _ in }
    ) throws -> (EtcdObjectStore, StoreRecorder) {
        var options = EtcdObjectOptions()
        change(&options)
        var configuration = EtcdConfiguration(endpoints: endpoints, tls: tls)
        configuration.requestTimeout = .seconds(3)
        let store = EtcdObjectStore(configuration, options: options)
        let recorder = StoreRecorder()
        try recorder.start(store)
        return (store, recorder)
    }

    private func barrier(_ store: EtcdObjectStore) throws -> Revision {
        let answer = Answer<Result<Revision, WriteFailure>>()
        store.barrier { answer.give($0) }
        return try answer.wait().get()
    }

    @Test("two servers see the same, in the same order, and what one acknowledged the other has after a barrier")
    func twoServers() throws {
        let etcd = try EtcdServer()
        let (first, firstRecorder) = try open([etcd.endpoint])
        let (second, secondRecorder) = try open([etcd.endpoint])
        defer { first.close() }
        defer { second.close() }
        let writers = try (0..<4).map { writer in
            let store = writer.isMultiple(of: 2) ? first : second
            let done = Answer<Int>()
            _ = try Thread("writes") {
                var wins = 0
                for number in 0..<100 {
                    if (try? store.written(.create("/registry/shared/\(number)", [UInt8(writer)]))) != nil { wins += 1 }
                }
                done.give(wins)
            }
            return done
        }
        // Each key has one winner.
        #expect(writers.map { $0.wait() }.reduce(0, +) == 100)
        for number in 0..<20 {
            let (one, other, recorder) =
                number.isMultiple(of: 2) ? (first, second, secondRecorder) : (second, first, firstRecorder)
            let revision = try one.written(.create("/registry/turns/\(number)", [1]))
            #expect(try barrier(other) >= revision)
            #expect(recorder.value("/registry/turns/\(number)") == [1])
        }
        _ = try barrier(first)
        _ = try barrier(second)
        #expect(firstRecorder.changes == secondRecorder.changes && firstRecorder.changes.count == 120)
        #expect(firstRecorder.state.faults + secondRecorder.state.faults == [])
    }

    @Test("keys of others are not told, and do not hold up a barrier")
    func foreignKeys() throws {
        let etcd = try EtcdServer()
        let other = try etcd.client()
        try other.put("/coreos.com/network/config", [1])
        let (store, recorder) = try open([etcd.endpoint])
        defer { store.close() }
        #expect(recorder.state.objects.isEmpty)
        try other.put("/registryx", [1])
        #expect(try barrier(store) == recorder.revision)
        #expect(recorder.changes.isEmpty && recorder.state.faults == [])
        let revision = try other.put("/registry/a", [1])
        try other.put("/registryx", [2])
        #expect(try barrier(store) == revision && recorder.revision == revision)
    }

    @Test("TLS with client certificates", .requiresProgram("openssl"))
    func tls() throws {
        let certificates = try Certificates()
        let etcd = try EtcdServer(scheme: "https", certificates.serverArguments)
        let (store, recorder) = try open([etcd.endpoint], tls: certificates.client)
        defer { store.close() }
        try store.written(.create("/registry/a", [1], ttl: 60))
        #expect(recorder.value("/registry/a") == [1])
        let wrong = EtcdObjectStore(EtcdConfiguration(endpoints: [etcd.endpoint], tls: TLSFiles(key: "k")))
        #expect(throws: StoreOpenError.self) { try wrong.start { _ in } }
    }

    @Test("an etcd that is away is reported once; writes fail meanwhile, and all goes on when it is back")
    func outage() throws {
        let etcd = try EtcdServer()
        let (store, recorder) = try open([etcd.endpoint])
        defer { store.close() }
        try store.written(.create("/registry/a", [1]))
        etcd.kill()
        try eventually("it is reported") { recorder.state.reports.count == 1 }
        guard
            case .unavailable? = writeFailure({ () throws(WriteFailure) in
                try store.written(.create("/registry/b", [1]))
            })
        else {
            Issue.record("a write without etcd")
            return
        }
        try etcd.start()
        try eventually("it is back", within: .seconds(20)) { recorder.state.reports.last == "available" }
        #expect(recorder.state.reports.count == 2)
        try store.written(.create("/registry/b", [2]))
        #expect(recorder.value("/registry/b") == [2])
        #expect(recorder.state.snapshots.count == 1 && recorder.state.faults == [])
    }

    @Test("changes that were compacted before they could be told come as a new snapshot")
    func missedHistory() throws {
        let etcd = try EtcdServer()
        let (store, recorder) = try open([etcd.endpoint])
        defer { store.close() }
        let other = try etcd.client()
        try store.written(.create("/registry/stays", [1]))
        try store.written(.create("/registry/goes", [1]))
        // The follower tries again ever more seldom, so that sooner or later it comes too late for the history.
        for round in 0..<10 where recorder.state.snapshots.count == 1 {
            etcd.kill()
            usleep(round.isMultiple(of: 2) ? 1_500_000 : 3_100_000)
            try etcd.start()
            try other.put("/registry/round", [UInt8(round)])
            _ = try? other.delete(.key("/registry/goes"))
            try other.compact(try other.put("/registry/last", [UInt8(round)]))
            _ = try eventually("it is told", within: .seconds(20)) {
                recorder.value("/registry/last") == [UInt8(round)]
            }
        }
        let state = recorder.state
        #expect(state.snapshots.count == 2)
        #expect(Set(state.objects.keys) == ["/registry/stays", "/registry/round", "/registry/last"])
        #expect(state.faults == [])
    }

    @Test("of a cluster any member may be killed or hang: nothing is lost, doubled or out of order")
    func failover() throws {
        let cluster = try EtcdCluster()
        let (store, recorder) = try open(cluster.endpoints) { $0.patience = .seconds(1) }
        defer { store.close() }
        let acknowledged = Mutex<[Revision]>([])
        let isDone = Mutex(false)
        let ended = Answer<Int>()
        _ = try Thread("writes") {
            var number = 0
            while !isDone.withLock({ $0 }) {
                if let revision = try? store.written(.create("/registry/n/\(number)", [1])) {
                    acknowledged.withLock { $0.append(revision) }
                }
                number += 1
            }
            ended.give(number)
        }
        func progress(_ what: String) throws {
            let before = acknowledged.withLock { $0.count }
            try eventually(what, within: .seconds(30)) { acknowledged.withLock { $0.count } > before + 50 }
        }
        try progress("writes")
        cluster.kill(0)
        try progress("writes after the first was killed")
        try cluster.start(0)
        try progress("writes with all three")
        cluster.signal(1, SIGSTOP)
        try progress("writes while the second hangs")
        cluster.signal(1, SIGCONT)
        cluster.kill(2)
        try progress("writes after the third was killed")
        isDone.withLock { $0 = true }
        _ = ended.wait()
        let state = recorder.state
        #expect(state.faults == [])
        let told = Set(state.changes.map(\.revision))
        #expect(acknowledged.withLock { $0.filter { !told.contains($0) } } == [])
        #expect(state.snapshots.count == 1)
    }

    @Test("history is compacted by the interval, by one of the servers")
    func compaction() throws {
        let etcd = try EtcdServer()
        let (first, _) = try open([etcd.endpoint]) { options in
            options.compactionInterval = .milliseconds(300)
            options.patience = .milliseconds(100)
        }
        let (second, _) = try open([etcd.endpoint]) { options in
            options.compactionInterval = .milliseconds(300)
            options.patience = .milliseconds(100)
        }
        defer { first.close() }
        defer { second.close() }
        let client = try etcd.client()
        let start = try first.written(.create("/registry/a", [1]))
        try first.written(.update("/registry/a", [2], expected: start))
        try eventually("the history is gone", within: .seconds(20)) {
            kind { try client.range(.key("/registry/a"), at: start, limit: nil) } == .compacted(oldest: 0)
        }
        #expect(try client.get("/registry/a")?.value == [2])
        #expect(try client.get("compact_rev_key") != nil)
    }

    @Test("keys with a time to live share leases")
    func leases() throws {
        let etcd = try EtcdServer()
        let (store, recorder) = try open([etcd.endpoint])
        defer { store.close() }
        for number in 0..<30 { try store.written(.create("/registry/events/\(number)", [1], ttl: 3600)) }
        let client = try etcd.client()
        let leases = Set(try client.range(.prefix("/registry/events/")).keyValues.map(\.lease))
        let lease = try #require(leases.first ?? nil)
        #expect(leases.count == 1)
        #expect(try client.leaseStatus(lease).grantedSeconds == 3660)
        // A lease that somebody has ended is replaced.
        try client.revokeLease(lease)
        try store.written(.create("/registry/events/after", [1], ttl: 3600))
        #expect(Set(recorder.state.objects.keys) == ["/registry/events/after"])
        #expect(recorder.state.faults == [])
    }
}
