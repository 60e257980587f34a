/// What a store tells its one listener.
package enum StoreDelivery: Hashable, Sendable {
    /// Everything there is. First of all, and again when changes were lost (etcd has compacted what was missed): what
    /// the listener has and the snapshot has not was deleted meanwhile.
    case snapshot(StoreSnapshot)
    /// In the order of revisions, each after all that was delivered before; all of one commit together.
    case changes([StoreChange])
    /// Writes fail and changes do not arrive for now; for the operator. Said once until `.available`.
    case unavailable(String)
    case available
}

/// The store at one revision.
package struct StoreSnapshot: Hashable, Sendable {
    /// Sorted by the bytes of their keys.
    package var objects: [StoredObject]
    /// The store's revision: the changes that follow are newer.
    package var revision: Revision
    /// The last changes before `revision`, without gaps and ending with it, as many as are kept: for watches that go on
    /// after a restart. Empty when the store has none to tell (etcd), or nothing was written lately.
    package var history: [PastChange]

    package init(objects: [StoredObject], revision: Revision, history: [PastChange] = []) {
        self.objects = objects
        self.revision = revision
        self.history = history
    }
}

/// A key that was written or deleted.
package struct StoreChange: Hashable, Sendable {
    package var key: String
    package var revision: Revision
    /// The revision that made the key; 0 for a deletion.
    package var createRevision: Revision
    /// nil when the key was deleted, by a write or because its time had come.
    package var value: [UInt8]?

    package init(key: String, revision: Revision, createRevision: Revision, value: [UInt8]?) {
        self.key = key
        self.revision = revision
        self.createRevision = createRevision
        self.value = value
    }

    /// What the key holds after the change.
    package var object: StoredObject? {
        value.map { StoredObject(key: key, value: $0, createRevision: createRevision, modRevision: revision) }
    }
}

/// A change of which the listener has not seen what was there before.
package struct PastChange: Hashable, Sendable {
    package var change: StoreChange
    /// What the key held before it; nil when it was made by the change.
    package var previous: StoredObject?

    package init(change: StoreChange, previous: StoredObject?) {
        self.change = change
        self.previous = previous
    }
}
