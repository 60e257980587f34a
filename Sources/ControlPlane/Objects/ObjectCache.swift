package import Store

/// The cluster's objects as they are committed, by resource and in the order of their paths, and the changes of the last
/// while. Fed by the store's deliveries; owned by the loop.
package final class ObjectCache {
    package private(set) var ring: WatchRing
    /// The last revision that has been delivered.
    package private(set) var revision: Revision = 0
    private var tables: [StoragePrefix: OrderedObjects] = [:]
    /// As they came, those objects that are shown in another form.
    private var originals: [StoragePrefix: [String: CachedObject]] = [:]
    /// Of the last change.
    package private(set) var sequence: UInt64 = 0
    private let limits: WatchRing.Limits
    /// A stored value to the bytes that are served, but for the version: what other servers wrote is in other encodings.
    private let normalize: (StoragePrefix, [UInt8]) -> [UInt8]?

    /// `normalize` gives the value as compact JSON; nil for one that cannot be read, which is then left out.
    package init(
        limits: WatchRing.Limits = WatchRing.Limits(),
        normalize: @escaping (StoragePrefix, [UInt8]) -> [UInt8]? = { _, value in value }
    ) {
        self.limits = limits
        self.normalize = normalize
        ring = WatchRing(start: 0, limits: limits)
    }

    package subscript(storage: StoragePrefix) -> OrderedObjects { tables[storage] ?? OrderedObjects() }

    package func object(_ storage: StoragePrefix, _ path: String) -> CachedObject? { tables[storage]?[path] }

    package func object(_ storage: StoragePrefix, namespace: some StringProtocol, name: some StringProtocol)
        -> CachedObject?
    {
        object(storage, StoragePrefix.path(namespace: namespace, name: name))
    }

    /// Begins with everything that there is, and with the changes just before it. When there was something before, changes
    /// were lost: their differences are returned, the ring begins anew behind them, and every watch must be ended, as
    /// what it would have to be told is not known.
    package func load(_ snapshot: StoreSnapshot) -> [ObjectChange] {
        var objects: [StoragePrefix: [CachedObject]] = [:]
        // The versions that the history tells as well.
        var latest: [String: (StoragePrefix, CachedObject)] = [:]
        let first = snapshot.history.first?.change.revision ?? .max
        latest.reserveCapacity(snapshot.history.count)
        for stored in snapshot.objects {
            guard let (storage, object) = cached(stored) else { continue }
            objects[storage, default: []].append(object)
            if stored.modRevision >= first { latest[stored.key] = (storage, object) }
        }
        let before = tables
        let isFirst = revision == 0
        tables = objects.mapValues { OrderedObjects($0) }
        originals = [:]
        revision = snapshot.revision
        if isFirst {
            begin(snapshot, latest)
            return []
        }
        let changes = differences(from: before, at: snapshot.revision)
        ring = WatchRing(start: snapshot.revision, sequence: sequence, limits: limits)
        return changes
    }

    /// Takes the store's changes over; returns them as the watches and controllers want them.
    package func apply(_ changes: [StoreChange]) -> [ObjectChange] {
        var result: [ObjectChange] = []
        result.reserveCapacity(changes.count)
        for change in changes {
            revision = max(revision, change.revision)
            guard let change = apply(change) else {
                ring.advance(to: revision)
                continue
            }
            ring.append(change)
            result.append(change)
        }
        return result
    }

    /// Shows the resource's objects, until they are written again, in the form that the body makes of the one in which they
    /// came; nil stands for that one. Their versions stay, and nobody is told: a new schema is no change of an object.
    func show(_ storage: StoragePrefix, _ form: (CachedObject) -> [UInt8]?) {
        guard var table = tables[storage] else { return }
        var shown: [CachedObject] = []
        var originals: [String: CachedObject] = [:]
        table.forEach { present in
            let original = self.originals[storage]?[present.path] ?? present
            if let bytes = form(original) {
                shown.append(
                    CachedObject(
                        path: original.path, bytes: bytes, createRevision: original.createRevision,
                        revision: original.revision))
                originals[original.path] = original
            } else if original !== present {
                shown.append(original)
            }
            return true
        }
        if shown.isEmpty { return }
        for object in shown { table.insert(object) }
        tables[storage] = table
        self.originals[storage] = originals.isEmpty ? nil : originals
    }

    // MARK: Pieces

    private func apply(_ change: StoreChange) -> ObjectChange? {
        guard let stored = change.object else {
            guard let (storage, path) = StoragePrefix.split(change.key), let previous = tables[storage]?.remove(path)
            else { return nil }
            originals[storage]?[path] = nil
            return deletion(of: previous, storage, change.revision)
        }
        guard let (storage, object) = cached(stored) else { return nil }
        let previous = tables[storage, default: OrderedObjects()].insert(object)
        if !originals.isEmpty { originals[storage]?[object.path] = nil }
        return next(
            object.revision, storage, object, previous, previous == nil ? .added : .modified)
    }

    private func cached(_ stored: StoredObject) -> (StoragePrefix, CachedObject)? {
        guard let (storage, path) = StoragePrefix.split(stored.key), let value = normalize(storage, stored.value)
        else { return nil }
        return (
            storage,
            CachedObject(
                path: path, stored: value, createRevision: stored.createRevision, revision: stored.modRevision)
        )
    }

    /// The last state, at the revision of its end.
    private func deletion(of object: CachedObject, _ storage: StoragePrefix, _ revision: Revision)
        -> ObjectChange
    {
        let last = CachedObject(
            path: object.path, stored: object.bytes, createRevision: object.createRevision, revision: revision)
        return next(revision, storage, last, object, .deleted)
    }

    private func next(
        _ revision: Revision, _ storage: StoragePrefix, _ object: CachedObject, _ previous: CachedObject?,
        _ kind: ObjectChange.Kind
    ) -> ObjectChange {
        sequence += 1
        return ObjectChange(
            revision: revision, sequence: sequence, storage: storage, object: object, previous: previous, kind: kind)
    }

    /// The ring as it was before the restart, so that watches go on. It shares the current versions with the table.
    private func begin(_ snapshot: StoreSnapshot, _ latest: [String: (StoragePrefix, CachedObject)]) {
        let first = snapshot.history.first.map { $0.change.revision - 1 }
        ring = WatchRing(start: first ?? snapshot.revision, limits: limits)
        for past in snapshot.history {
            let revision = past.change.revision
            let previous = past.previous.flatMap(cached)
            if past.change.value == nil {
                guard let (storage, object) = previous else { continue }
                ring.append(deletion(of: object, storage, revision))
                continue
            }
            let current = latest[past.change.key].flatMap { $0.1.revision == revision ? $0 : nil }
            guard let (storage, object) = current ?? past.change.object.flatMap(cached) else { continue }
            ring.append(next(revision, storage, object, previous?.1, previous == nil ? .added : .modified))
        }
        ring.advance(to: snapshot.revision)
    }

    private func differences(from before: [StoragePrefix: OrderedObjects], at revision: Revision)
        -> [ObjectChange]
    {
        var changes: [ObjectChange] = []
        for (storage, table) in tables {
            let old = before[storage] ?? OrderedObjects()
            table.forEach { object in
                let previous = old[object.path]
                if previous?.revision != object.revision {
                    changes.append(
                        next(object.revision, storage, object, previous, previous == nil ? .added : .modified))
                }
                return true
            }
        }
        for (storage, table) in before {
            table.forEach { object in
                if tables[storage]?[object.path] == nil { changes.append(deletion(of: object, storage, revision)) }
                return true
            }
        }
        return changes.sorted { $0.revision < $1.revision }
    }
}
