import Store

@testable import ControlPlane

/// One thing that a client has been told.
struct Told: Hashable {
    enum Kind: Hashable { case added, modified, deleted, bookmark, endOfState }

    var kind: Kind
    /// Empty for a bookmark.
    var path = ""
    var revision: Revision
    /// Of the object as it is in the client's form; 0 for a bookmark.
    var fingerprint = 0
}

/// What a client with this selection must be told, worked out from the history alone.
final class Expectation {
    let selection: Selection
    let events: [Told]
    /// The state behind so many of the events, from which the next one asked for is worked out.
    private var replayed = 0
    private var objects: [String: Told] = [:]
    private var sorted: [Told]? = []

    init(_ selection: Selection, _ history: History) {
        self.selection = selection
        var events: [Told] = []
        for change in history.byStorage[selection.storage] ?? [] {
            let was = change.before.map(selection.selects) ?? false
            let isNow = change.after.map(selection.selects) ?? false
            if let after = change.after, isNow {
                events.append(
                    Told(
                        kind: was ? .modified : .added, path: after.path, revision: change.revision,
                        fingerprint: selection.form == .json
                            ? after.fingerprint
                            : selection.form.fingerprint(ServedBytes.make(after.bytes, revision: after.revision))))
            } else if let before = change.before, was {
                events.append(
                    Told(
                        kind: .deleted, path: before.path, revision: change.revision,
                        fingerprint: selection.form == .json
                            ? change.endFingerprint
                            : selection.form.fingerprint(ServedBytes.make(before.bytes, revision: change.revision))))
            }
        }
        self.events = events
    }

    /// The first event behind the revision.
    func index(after revision: Revision) -> Int { events.partitioningIndex { $0.revision > revision } }

    /// What a list at the revision gives, as additions in the order of their paths.
    func state(at revision: Revision) -> [Told] {
        let end = index(after: revision)
        if end < replayed {
            replayed = 0
            objects = [:]
            sorted = []
        }
        for event in events[replayed..<end] {
            objects[event.path] =
                event.kind == .deleted
                ? nil : Told(kind: .added, path: event.path, revision: event.revision, fingerprint: event.fingerprint)
            sorted = nil
        }
        replayed = end
        if let sorted { return sorted }
        let state = objects.values.sorted { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }
        sorted = state
        return state
    }
}
