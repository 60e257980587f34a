internal import JSON
internal import KubeAPI
internal import Linux
internal import Store

/// One client's watch: what it wants to hear of, how far it has got, and what it is owed.
///
/// It holds no events of its own. What its client does not take is read again from the ring when there is room; a client
/// for whom the ring has moved on is cut with 410.
final class WatchSession {
    /// Bytes that may wait in the connection before we stop adding to them.
    private static let highWater = 256 << 10
    /// The same of all watches that are behind together, where what waits is made for each of them; one event always may.
    private static let highWaterOfAll = 16 << 20

    enum Phase {
        /// The state at the beginning is being sent: what is left of it.
        case state(ArraySlice<CachedObject>)
        /// Changes behind `sequence` are read from the ring, because the client was too slow for some.
        case behind
        /// All changes have been sent: the next one goes out as it comes.
        case live
        case ended
    }

    let storage: StoragePrefix
    let filter: ObjectFilter
    let call: APICall
    let sendsBookmarks: Bool
    private(set) var phase: Phase
    private let renderer: Renderer
    private let marksEnd: Bool
    /// The last change that has been dealt with.
    private var sequence: UInt64
    /// The version of the last thing that was sent, or known to have nothing for this watch.
    private(set) var revision: Revision
    /// Changes up to it are not wanted.
    private let start: Revision
    private var hasSentTable = false
    var nextBookmark: MonotonicTime
    let deadline: MonotonicTime
    /// A bookmark shortly before the end, so that the client goes on from there.
    var hasSaidGoodbye = false

    init(
        _ call: APICall, storage: StoragePrefix, filter: ObjectFilter, renderer: Renderer, sendsBookmarks: Bool,
        marksEnd: Bool, opening: WatchOpening, deadline: MonotonicTime
    ) {
        self.call = call
        self.storage = storage
        self.filter = filter
        self.renderer = renderer
        self.sendsBookmarks = sendsBookmarks
        self.marksEnd = marksEnd
        self.deadline = deadline
        start = opening.start
        revision = opening.revision
        sequence = opening.sequence
        nextBookmark = .now + .seconds(60)
        phase = opening.state.map { .state($0[...]) } ?? (opening.isBehind ? .behind : .live)
    }

    var isBusy: Bool {
        switch phase {
        case .state, .behind: true
        case .live, .ended: false
        }
    }

    private var hasRoom: Bool { call.sink.bufferedBytes < Self.highWater }

    /// Objects go out as they are held.
    private var isPlain: Bool { renderer.form == .json && renderer.isStoredVersion }

    // MARK: What comes in

    /// A change that has just been committed.
    func take(_ change: ObjectChange) {
        guard case .live = phase else { return }
        guard hasRoom else {
            // From here on it reads the ring at its own pace; nothing before this change is left to be read.
            sequence = change.sequence - 1
            phase = .behind
            return
        }
        send(change)
    }

    /// Sends what there is room for. The ring is asked only while the client is behind; `others` is how many are.
    func proceed(_ cache: ObjectCache, others: Int) {
        let room = isPlain ? Self.highWater : min(Self.highWater, Self.highWaterOfAll / max(1, others))
        if case .state(var rest) = phase {
            while call.sink.bufferedBytes < room, let object = rest.popFirst() {
                if isPlain {
                    call.sink.send(pieces: WatchEncoding.pieces(.added, object.bytes))
                } else {
                    send(frame(.added, object))
                }
            }
            phase = .state(rest)
            guard rest.isEmpty else { return }
            if marksEnd { sendBookmark(at: revision, marksEnd: true) }
            phase = .behind
        }
        guard case .behind = phase else { return }
        guard let changes = cache.ring.changes(of: storage, afterSequence: sequence) else {
            return expire(cache)
        }
        for change in changes {
            guard call.sink.bufferedBytes < room else { return }
            send(change, isShared: false)
        }
        revision = max(revision, cache.revision)
        phase = .live
    }

    // MARK: What goes out

    /// `isShared`: others are sent it now.
    private func send(_ change: ObjectChange, isShared: Bool = true) {
        sequence = change.sequence
        guard change.revision > start else { return }
        revision = change.revision
        guard let kind = kind(of: change) else { return }
        // Of an object that is no longer selected, the client is told the state that was.
        let isShownAsWas = kind == .deleted && change.kind != .deleted
        if isPlain, !isShared, !isShownAsWas {
            call.sink.send(pieces: WatchEncoding.pieces(kind, change.object.bytes))
            return
        }
        let key = WatchFrame(
            kind: kind, form: renderer.form, groupVersion: renderer.type.groupVersion,
            includesObject: renderer.includeObject, isFirst: isFirstTable)
        hasSentTable = true
        if let frame = change.frames[key] {
            send(frame)
            return
        }
        let object = isShownAsWas ? change.previousAtRevision : change.object
        let frame = frame(kind, object, isFirst: key.isFirst)
        if isShared { change.frames[key] = frame }
        send(frame)
    }

    /// How the change looks to a watch that sees only what its selectors select.
    private func kind(of change: ObjectChange) -> ObjectChange.Kind? {
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

    private var isFirstTable: Bool {
        if case .table = renderer.form.rendering { return !hasSentTable }
        return false
    }

    private func frame(_ kind: ObjectChange.Kind, _ object: CachedObject) -> [UInt8] {
        let isFirst = isFirstTable
        hasSentTable = true
        return frame(kind, object, isFirst: isFirst)
    }

    private func frame(_ kind: ObjectChange.Kind, _ object: CachedObject, isFirst: Bool) -> [UInt8] {
        if isPlain { return WatchEncoding.frame(kind, object.bytes) }
        let value = renderer.rendered(renderer.value(object), withColumns: isFirst)
        return WatchEncoding.frame(kind.word, value, renderer.form.encoding)
    }

    private func send(_ bytes: [UInt8]) { call.sink.send(bytes) }

    /// Tells an otherwise quiet client how far it has got.
    func sendBookmark(at current: Revision, marksEnd: Bool = false) {
        // A client that comes from another server may be ahead of this one, and must not be sent back.
        revision = max(current, start)
        let object = WatchEncoding.bookmark(renderer.type, renderer.form, revision, marksEnd: marksEnd)
        send(WatchEncoding.frame("BOOKMARK", object, renderer.form.encoding))
    }

    /// The client must list again: of what comes after the last that it was sent, something is gone.
    func expire(_ cache: ObjectCache) {
        fail(.expired("too old resource version: \(revision) (\(cache.ring.start))"))
    }

    /// Ends the watch with an error event, as upstream does once the stream has begun.
    func fail(_ status: APIStatus) {
        if case .ended = phase { return }
        send(WatchEncoding.frame("ERROR", status.json, renderer.form.encoding))
        end()
    }

    func end() {
        if case .ended = phase { return }
        phase = .ended
        call.sink.end()
    }

    /// The client has gone.
    func closed() { phase = .ended }
}

extension ObjectChange {
    /// The state before the change under the version of the change.
    var previousAtRevision: CachedObject {
        guard let previous else { return object }
        return CachedObject(
            path: previous.path, stored: previous.bytes, createRevision: previous.createRevision, revision: revision)
    }
}

extension ObjectChange.Kind {
    var word: String {
        switch self {
        case .added: "ADDED"
        case .modified: "MODIFIED"
        case .deleted: "DELETED"
        }
    }
}
