import Store
import TestSupport
import Testing

@Suite("Operations on a real etcd", .serialized, .requiresProgram("etcd"))
struct EtcdOperationsTests {
    let server: EtcdServer
    let store: EtcdClient

    init() throws {
        server = try EtcdServer()
        store = try server.client()
    }

    @Test("what is put is read back with its revisions")
    func putAndGet() throws {
        let first = try store.put("/a", Array("één".utf8))
        let second = try store.put("/a", Array("two".utf8))
        #expect(second == first + 1)
        let read = try #require(try store.get("/a"))
        #expect(
            read
                == KeyValue(key: "/a", value: Array("two".utf8), createRevision: first, modRevision: second, version: 2)
        )
        #expect(try store.get("/b") == nil)
        let old = try store.range(.key("/a"), at: first, limit: nil)
        #expect(old.keyValues.first?.text == "één")
        #expect(old.revision == first)
    }

    @Test("bytes of every value survive, and so do empty ones")
    func bytes() throws {
        for value in [[], Array(UInt8.min...UInt8.max), [0], [255, 0]] as [[UInt8]] {
            try store.put("/bytes", value)
            #expect(try store.get("/bytes")?.value == value)
        }
    }

    @Test("a prefix has its own keys only, in order, in one revision however many pages it takes")
    func pages() throws {
        let count = 2 * EtcdClient.pageSize + 1
        for chunk in stride(from: 0, to: count, by: 100) {
            let puts = (chunk..<min(chunk + 100, count)).map {
                Transaction.Operation.put("/p/\(String(100_000 + $0))", [UInt8($0 % 256)], lease: nil)
            }
            #expect(try store.commit(Transaction(if: [], then: puts)).succeeded)
        }
        try store.put("/o", [])
        let last = try store.put("/q", [])
        let all = try store.range(.prefix("/p/"))
        #expect(all.keyValues.map(\.key) == (0..<count).map { "/p/\(100_000 + $0)" })
        #expect(all.revision == last)
        #expect(!all.isTruncated)
        let some = try store.range(.prefix("/p/"), at: nil, limit: 3)
        #expect(some.keyValues.count == 3 && some.isTruncated)
        #expect(try store.range(.prefix("")).keyValues.count == count + 2)
        #expect(try store.delete(.prefix("/p/")).count == count)
        #expect(try store.range(.prefix("/p/")).keyValues.isEmpty)
    }

    @Test("pages that are too large are read as smaller ones; a value that is too large alone is said to be")
    func largeValues() throws {
        for number in 0..<20 { try store.put("/p/\(number)", [UInt8](repeating: 7, count: 20_000)) }
        var configuration = EtcdConfiguration(endpoints: [server.endpoint])
        configuration.answerBytes = 100_000
        let all = try EtcdClient(configuration).range(.prefix("/p/"))
        #expect(all.keyValues.count == 20 && all.keyValues.allSatisfy { $0.value.count == 20_000 })
        configuration.answerBytes = 10_000
        #expect(kind { try EtcdClient(configuration).range(.prefix("/p/")) } == .answerTooLarge)
    }

    @Test("a transaction takes the branch that its comparisons choose")
    func transactions() throws {
        let create = Transaction(
            if: [.isAbsent("/t")], then: [.put("/t", [1], lease: nil)], else: [.range(.key("/t"))])
        let first = try store.commit(create)
        #expect(first.succeeded && first.outcomes == [.put])
        let second = try store.commit(create)
        #expect(!second.succeeded)
        let there = KeyValue(
            key: "/t", value: [1], createRevision: first.revision, modRevision: first.revision, version: 1)
        #expect(second.outcomes == [.range([there])])

        let swap = Transaction(
            if: [.isUnchanged("/t", since: first.revision), .init("/t", .greater, .version(0))],
            then: [.delete(.key("/t")), .put("/u", [2], lease: nil)])
        let swapped = try store.commit(swap)
        #expect(swapped.succeeded && swapped.outcomes == [.deleted(1), .put])
        let again = try store.commit(swap)
        #expect(!again.succeeded && again.outcomes.isEmpty)
    }

    @Test("keys go with their lease, and an ended lease is said to be none")
    func leases() throws {
        let lease = try store.grantLease(seconds: 600)
        #expect(lease.remainingSeconds == 600)
        try store.put("/l", [1], lease: lease.id)
        #expect(try store.get("/l")?.lease == lease.id)
        let status = try store.leaseStatus(lease.id)
        #expect(status.grantedSeconds == 600 && (590...600).contains(status.remainingSeconds))
        #expect(try store.keepLeaseAlive(lease.id).remainingSeconds == 600)
        try store.revokeLease(lease.id)
        #expect(try store.get("/l") == nil)
        #expect(kind { try store.leaseStatus(lease.id) } == .leaseNotFound)
        #expect(kind { try store.keepLeaseAlive(lease.id) } == .leaseNotFound)
        #expect(kind { try store.revokeLease(lease.id) } == .leaseNotFound)
        #expect(kind { try store.put("/l", [1], lease: lease.id) } == .leaseNotFound)
    }

    @Test("an impossible request is refused as such, with the operation and the endpoint named")
    func refusals() throws {
        let error = #expect(throws: StoreError.self) { try store.put("", []) }
        #expect(error?.kind == .invalid)
        #expect(error?.endpoint == server.endpoint)
        #expect(error?.mayHaveBeenDone == false)
        #expect(kind { try store.range(.key("/a"), at: 1_000_000, limit: nil) } == .invalid)
    }
}

/// The kind of the store's error, or nil when there is none.
func kind(_ body: () throws -> some Any) -> StoreError.Kind? {
    do {
        _ = try body()
        return nil
    } catch {
        return (error as? StoreError)?.kind
    }
}
