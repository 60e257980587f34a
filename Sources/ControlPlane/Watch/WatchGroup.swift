internal import KubeAPI
internal import Store

/// Watches that see a change in the same way: of one resource, with the same selectors, in the same form. What a change
/// is to them is worked out, and written, once for all.
final class WatchGroup {
    struct Key: Hashable {
        var storage: StoragePrefix
        var words: ObjectFilter.Words
        var look: WatchFrames.Look
    }

    let key: Key
    private let filter: ObjectFilter
    private let renderer: Renderer
    private(set) var sessions: [WatchSession] = []

    init(_ storage: StoragePrefix, _ filter: ObjectFilter, _ renderer: Renderer) {
        let look = WatchFrames.Look(
            form: renderer.form, type: ObjectIdentifier(renderer.type), includesObject: renderer.includeObject)
        key = Key(storage: storage, words: filter.words, look: look)
        self.filter = filter
        self.renderer = renderer
    }

    var type: ResourceType { renderer.type }
    var form: AnswerForm { renderer.form }
    /// Objects go out as they are held.
    var isPlain: Bool { renderer.isPlain }
    var isTable: Bool { if case .table = form.rendering { true } else { false } }

    func add(_ session: WatchSession) {
        session.place = sessions.count
        sessions.append(session)
    }

    /// The last one takes its place. False when it has gone already.
    func remove(_ session: WatchSession) -> Bool {
        guard session.place < sessions.count, sessions[session.place] === session else { return false }
        let last = sessions.removeLast()
        if last !== session {
            sessions[session.place] = last
            last.place = session.place
        }
        return true
    }

    /// Tells some of the watches below the place, the last one first, and the caller about those that have become slow;
    /// gives the place below which they are still to be told. Who leaves has the last one in his place, which has been told
    /// before or knows that it has. Frames are shared with groups that differ in their selectors alone.
    func publish(
        _ change: ObjectChange, below place: Int, atMost count: Int, _ frames: inout WatchFrames,
        _ isBehind: (WatchSession) -> Void
    ) -> Int {
        guard let kind = kind(of: change) else { return 0 }
        let end = min(place, sessions.count)
        let start = max(0, end - count)
        var frame: [UInt8]?
        for session in sessions[start..<end].reversed() {
            if session.takes(change) {
                if session.isFirstOfTable {
                    session.send(self.frame(kind, change, isFirst: true))
                } else {
                    let bytes = frame ?? frames.frame(kind, key.look) { self.frame(kind, change, isFirst: false) }
                    frame = bytes
                    session.send(bytes)
                }
            }
            if session.isBusy { isBehind(session) }
        }
        return start
    }

    /// How the change looks to a watch that sees only what its selectors select; nil when it does not see it.
    func kind(of change: ObjectChange) -> ObjectChange.Kind? {
        guard filter.covers(change.object.path) else { return nil }
        guard filter.isSelective else { return change.kind }
        let was = change.previous.map(filter.selects) ?? false
        let isNow = change.kind != .deleted && filter.selects(change.object)
        switch (was, isNow) {
        case (true, true): return .modified
        case (true, false): return .deleted
        case (false, true): return .added
        case (false, false): return nil
        }
    }

    /// The first event of a table has the columns.
    func frame(_ kind: ObjectChange.Kind, _ change: ObjectChange, isFirst: Bool) -> [UInt8] {
        frame(kind, isShownAsWas(kind, change) ? change.previousAtRevision : change.object, isFirst)
    }

    /// Of an object that is no longer selected, the client is told the state that was.
    func isShownAsWas(_ kind: ObjectChange.Kind, _ change: ObjectChange) -> Bool {
        kind == .deleted && change.kind != .deleted
    }

    func frame(_ kind: ObjectChange.Kind, _ object: CachedObject, _ isFirst: Bool) -> [UInt8] {
        if isPlain { return WatchEncoding.frame(kind, object.bytes) }
        var renderer = renderer
        renderer.now = Timestamp.now.since1970
        let value = renderer.rendered(renderer.value(object), withColumns: isFirst)
        return WatchEncoding.frame(kind.word, value, form.encoding)
    }
}

extension ObjectChange {
    /// The state before the change under the version of the change.
    fileprivate var previousAtRevision: CachedObject {
        guard let previous else { return object }
        return CachedObject(
            path: previous.path, stored: previous.bytes, createRevision: previous.createRevision, revision: revision)
    }
}
