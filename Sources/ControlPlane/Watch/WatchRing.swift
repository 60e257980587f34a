package import Store

/// The changes of the last while, in the order of their revisions: what watches and controllers read from, and what a
/// list at an earlier revision is worked out with.
///
/// Bounded by what it costs in bytes and by the number of changes; the oldest go first, of whatever resource they are.
/// Whoever is behind them must list again.
package struct WatchRing {
    package struct Limits: Sendable {
        package var bytes = 24 << 20
        package var changes = 50_000

        package init(bytes: Int = 24 << 20, changes: Int = 50_000) {
            self.bytes = bytes
            self.changes = changes
        }
    }

    private let limits: Limits
    /// All changes, the oldest first; those before `head` are gone.
    private var changes: [ObjectChange] = []
    private var head = 0
    private var lanes: [StoragePrefix: Lane] = [:]
    package private(set) var bytes = 0
    /// Every change after this revision is still here.
    package private(set) var start: Revision
    /// Every change after the one of this sequence is still here.
    private var startSequence: UInt64
    /// The last change's revision, or that of the state that the ring began with.
    package private(set) var end: Revision

    /// In the place of a change that is gone, until the space is given back: its objects may be large.
    private let gone = ObjectChange(
        revision: 0, sequence: 0, storage: StoragePrefix(""),
        object: CachedObject(path: "", bytes: [], createRevision: 0, revision: 0), previous: nil, kind: .deleted)

    /// The changes of one resource.
    private struct Lane {
        var changes: [ObjectChange] = []
        var head = 0

        mutating func dropFirst(_ gone: ObjectChange) {
            changes[head] = gone
            head += 1
        }
    }

    /// `sequence` is that of the last change before the first one that will be here.
    package init(start: Revision, sequence: UInt64 = 0, limits: Limits = Limits()) {
        self.limits = limits
        self.start = start
        startSequence = sequence
        end = start
    }

    package var count: Int { changes.count - head }

    package mutating func append(_ change: ObjectChange) {
        changes.append(change)
        lanes[change.storage, default: Lane()].changes.append(change)
        bytes += change.cost
        end = max(end, change.revision)
        while count > 1, bytes > limits.bytes || count > limits.changes { dropFirst() }
    }

    /// A revision has passed that changed nothing that is kept here.
    package mutating func advance(to revision: Revision) { end = max(end, revision) }

    /// The changes of a resource after the revision; nil when some of them may be gone.
    package func changes(of storage: StoragePrefix, after revision: Revision) -> ArraySlice<ObjectChange>? {
        guard revision >= start else { return nil }
        return changes(of: storage) { $0.revision > revision }
    }

    /// The changes of a resource after one that has been seen; nil when some of them may be gone.
    package func changes(of storage: StoragePrefix, afterSequence sequence: UInt64) -> ArraySlice<ObjectChange>? {
        guard sequence >= startSequence else { return nil }
        return changes(of: storage) { $0.sequence > sequence }
    }

    private func changes(of storage: StoragePrefix, where isAfter: (ObjectChange) -> Bool) -> ArraySlice<ObjectChange> {
        guard let lane = lanes[storage] else { return [] }
        let living = lane.changes[lane.head...]
        // Whoever is up to date asks most.
        guard let last = living.last, isAfter(last) else { return [] }
        var (low, high) = (living.startIndex, living.endIndex)
        while low < high {
            let middle = (low + high) / 2
            if isAfter(living[middle]) { high = middle } else { low = middle + 1 }
        }
        return living[low...]
    }

    private mutating func dropFirst() {
        let change = changes[head]
        changes[head] = gone
        head += 1
        bytes -= change.cost
        start = change.revision
        startSequence = change.sequence
        lanes[change.storage]?.dropFirst(gone)
        // Give the space back in halves: each change is moved once on average.
        if head > 1024, head > changes.count / 2 {
            changes.removeSubrange(..<head)
            head = 0
        }
        if let lane = lanes[change.storage], lane.head > 64, lane.head > lane.changes.count / 2 {
            lanes[change.storage]?.changes.removeSubrange(..<lane.head)
            lanes[change.storage]?.head = 0
        } else if let lane = lanes[change.storage], lane.head == lane.changes.count {
            lanes[change.storage] = nil
        }
    }
}
