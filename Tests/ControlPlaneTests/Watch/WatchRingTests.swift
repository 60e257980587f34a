import Testing

@testable import ControlPlane

@Suite("The ring of changes")
struct WatchRingTests {
    private func change(_ revision: Int64, _ storage: StoragePrefix = .pods, bytes: Int = 0) -> ObjectChange {
        let object = CachedObject(path: "a/b", bytes: [], createRevision: 1, revision: revision)
        let previous = CachedObject(
            path: "a/b", bytes: Array(repeating: 32, count: bytes), createRevision: 1, revision: revision - 1)
        return ObjectChange(
            revision: revision, sequence: UInt64(revision), storage: storage, object: object, previous: previous,
            kind: .modified)
    }

    @Test("gives the changes of a resource behind a revision, and none of others")
    func byResource() {
        var ring = WatchRing(start: 10)
        for revision in Int64(11)...20 { ring.append(change(revision, revision.isMultiple(of: 2) ? .pods : .nodes)) }
        #expect(ring.changes(of: .pods, after: 10)?.map(\.revision) == [12, 14, 16, 18, 20])
        #expect(ring.changes(of: .pods, after: 15)?.map(\.revision) == [16, 18, 20])
        #expect(ring.changes(of: .nodes, after: 19)?.map(\.revision) == [])
        #expect(ring.changes(of: .services, after: 12)?.map(\.revision) == [])
        #expect(ring.changes(of: .pods, after: 9) == nil)
        #expect(ring.changes(of: .pods, after: 99)?.map(\.revision) == [])
    }

    @Test("drops the oldest beyond its limits and says so")
    func limits() {
        var ring = WatchRing(start: 0, limits: .init(bytes: 1 << 20, changes: 100))
        for revision in Int64(1)...10_000 { ring.append(change(revision, revision.isMultiple(of: 5) ? .pods : .nodes)) }
        #expect(ring.count == 100)
        #expect(ring.start == 9900)
        #expect(ring.changes(of: .pods, after: 9899) == nil)
        #expect(ring.changes(of: .pods, after: 9900)?.count == 20)
        #expect(ring.changes(of: .nodes, after: 9900)?.count == 80)

        var bytes = WatchRing(start: 0, limits: .init(bytes: 10_000, changes: 1000))
        for revision in Int64(1)...100 { bytes.append(change(revision, bytes: 808)) }
        #expect(bytes.count == 10)
        #expect(bytes.bytes == 10_000)
        // One that is larger than everything is still told.
        bytes.append(change(101, bytes: 1 << 20))
        #expect(bytes.changes(of: .pods, after: 100)?.map(\.revision) == [101])
    }

    @Test("holds nothing of a change that it has dropped")
    func dropped() {
        var ring = WatchRing(start: 0, limits: .init(bytes: 10_000, changes: 5))
        weak var first: ObjectChange?
        do {
            let change = change(1, bytes: 100)
            first = change
            ring.append(change)
        }
        #expect(first != nil)
        for revision in Int64(2)...6 { ring.append(change(revision)) }
        #expect(first == nil && ring.count == 5)
        #expect(ring.changes(of: .pods, after: 1)?.map(\.revision) == [2, 3, 4, 5, 6])
    }

    @Test("Who is behind the ring's beginning learns it, also when nothing has come since")
    func beginning() {
        let ring = WatchRing(start: 10, sequence: 7)
        #expect(ring.changes(of: .pods, afterSequence: 6) == nil)
        #expect(ring.changes(of: .pods, afterSequence: 7)?.isEmpty == true)
    }
}
