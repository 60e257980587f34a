import Store
import Synchronization
import TestSupport
import Testing

/// Listens to a store as a server does: folds what it is told into a state, and notes whatever breaks the promises.
final class StoreRecorder: Sendable {
    struct State {
        var objects: [String: StoredObject] = [:]
        var revision: Revision = 0
        var snapshots: [StoreSnapshot] = []
        var changes: [StoreChange] = []
        var largestBatch = 0
        var reports: [String] = []
        /// Breaches of what the protocol promises.
        var faults: [String] = []
    }

    private let recorded = Mutex(State())

    var state: State { recorded.withLock { $0 } }
    var revision: Revision { recorded.withLock { $0.revision } }
    var changes: [StoreChange] { state.changes }
    func value(_ key: String) -> [UInt8]? { recorded.withLock { $0.objects[key]?.value } }

    func receive(_ delivery: StoreDelivery) {
        recorded.withLock { state in
            switch delivery {
            case .snapshot(let snapshot): state.take(snapshot)
            case .changes(let changes): state.take(changes)
            case .unavailable(let reason): state.reports.append(reason)
            case .available: state.reports.append("available")
            }
        }
    }

    func start(_ store: any ObjectStore) throws {
        try store.start { [self] in receive($0) }
        try eventually("a snapshot", within: .seconds(20)) { !state.snapshots.isEmpty }
    }
}

extension StoreRecorder.State {
    mutating func take(_ snapshot: StoreSnapshot) {
        if snapshot.revision < revision { faults.append("a snapshot of \(snapshot.revision) after \(revision)") }
        let keys = snapshot.objects.map(\.key)
        if zip(keys, keys.dropFirst()).contains(where: { !$0.utf8.lexicographicallyPrecedes($1.utf8) }) {
            faults.append("the snapshot's keys are not sorted")
        }
        if snapshot.objects.contains(where: { $0.modRevision > snapshot.revision }) {
            faults.append("the snapshot has an object that is newer than it")
        }
        objects = Dictionary(uniqueKeysWithValues: snapshot.objects.map { ($0.key, $0) })
        revision = snapshot.revision
        snapshots.append(snapshot)
    }

    mutating func take(_ batch: [StoreChange]) {
        if snapshots.isEmpty { faults.append("changes before the first snapshot") }
        if batch.isEmpty { faults.append("a batch without changes") }
        var told: Set<String> = []
        for change in batch {
            // Writes of one commit may share a revision, but only within a batch.
            let isNew = change.revision > revision
            if isNew { told = [] }
            if !isNew && (told.isEmpty || change.revision < revision) {
                faults.append("revision \(change.revision) after \(revision)")
            }
            if !told.insert(change.key).inserted { faults.append("\(change.key) twice at \(change.revision)") }
            revision = change.revision
            let created = objects[change.key]?.createRevision
            if change.value != nil, change.createRevision != created ?? change.revision {
                faults.append("\(change.key) was made at \(change.createRevision), not \(created ?? change.revision)")
            }
            if change.value == nil && created == nil { faults.append("\(change.key) was deleted, but not there") }
            objects[change.key] = change.object
        }
        changes += batch
        largestBatch = max(largestBatch, batch.count)
    }
}
