internal import Store

/// Where a watch begins: in what the cache holds, and among its changes.
struct WatchOpening {
    /// What is there, to be sent as additions first; nil for none.
    var state: [CachedObject]?
    /// Of the last change that `state`, or `start`, includes.
    var sequence: UInt64
    /// Changes up to it are not wanted.
    var start: Revision
    /// The version of what the client has when it has the state.
    var revision: Revision
    /// There are changes behind `sequence` already.
    var isBehind: Bool
}

extension ObjectCache {
    /// nil when changes after the version are gone.
    func opening(_ storage: StoragePrefix, _ filter: ObjectFilter, _ start: WatchStart) -> WatchOpening? {
        if start.sendsState {
            let state = list(storage, filter)?.objects ?? []
            return WatchOpening(state: state, sequence: sequence, start: 0, revision: revision, isBehind: false)
        }
        let from = start.revision ?? revision
        var opening = WatchOpening(sequence: sequence, start: from, revision: from, isBehind: false)
        guard from < revision else { return opening }
        guard let changes = ring.changes(of: storage, after: from) else { return nil }
        if let first = changes.first {
            opening.sequence = first.sequence - 1
            opening.isBehind = true
        }
        return opening
    }
}
