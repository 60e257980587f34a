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

    let call: APICall
    private let sink: any AnswerSink
    let sendsBookmarks: Bool
    /// Those that see what it sees.
    var group: WatchGroup
    /// Where it stands among them.
    var place = 0
    private(set) var phase: Phase
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
        _ call: APICall, _ group: WatchGroup, sendsBookmarks: Bool, marksEnd: Bool, opening: WatchOpening,
        deadline: MonotonicTime
    ) {
        self.call = call
        sink = call.sink
        self.group = group
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

    private var hasRoom: Bool { sink.bufferedBytes < Self.highWater }

    // MARK: What comes in

    /// A change that has been committed and concerns it: whether it is to be sent now. Of others it hears nothing.
    func takes(_ change: ObjectChange) -> Bool {
        // It may have come, or have read the ring, since the change was made.
        guard case .live = phase, change.sequence > sequence else { return false }
        guard hasRoom else {
            // From here on it reads the ring at its own pace; nothing before this change is left to be read.
            sequence = change.sequence - 1
            phase = .behind
            return false
        }
        sequence = change.sequence
        guard change.revision > start else { return false }
        revision = change.revision
        return true
    }

    /// Sends what there is room for. The ring is asked only while the client is behind; `others` is how many are.
    func proceed(_ cache: ObjectCache, others: Int) {
        let room = group.isPlain ? Self.highWater : min(Self.highWater, Self.highWaterOfAll / max(1, others))
        if case .state(var rest) = phase {
            while sink.bufferedBytes < room, let object = rest.popFirst() {
                if group.isPlain {
                    sink.send(pieces: WatchEncoding.pieces(.added, object.bytes))
                } else {
                    send(group.frame(.added, object, isFirstOfTable))
                }
            }
            phase = .state(rest)
            guard rest.isEmpty else { return }
            if marksEnd { sendBookmark(at: revision, marksEnd: true) }
            phase = .behind
        }
        guard case .behind = phase else { return }
        guard let changes = cache.ring.changes(of: group.key.storage, afterSequence: sequence) else {
            return expire(cache)
        }
        for change in changes {
            guard sink.bufferedBytes < room else { return }
            send(change)
        }
        revision = max(revision, cache.revision)
        phase = .live
    }

    // MARK: What goes out

    /// A change that others have been sent before: what is written is for this watch alone.
    private func send(_ change: ObjectChange) {
        sequence = change.sequence
        guard change.revision > start else { return }
        revision = change.revision
        guard let kind = group.kind(of: change) else { return }
        if group.isPlain, !group.isShownAsWas(kind, change) {
            sink.send(pieces: WatchEncoding.pieces(kind, change.object.bytes))
        } else {
            send(group.frame(kind, change, isFirst: isFirstOfTable))
        }
    }

    /// No event of a table has been sent, and so no columns.
    var isFirstOfTable: Bool { !hasSentTable && group.isTable }

    /// Sends an event of an object.
    func send(_ frame: [UInt8]) {
        hasSentTable = true
        sink.send(frame)
    }

    /// Tells an otherwise quiet client how far it has got.
    func sendBookmark(at current: Revision, marksEnd: Bool = false) {
        // A client that comes from another server may be ahead of this one, and must not be sent back.
        revision = max(current, start)
        let object = WatchEncoding.bookmark(group.type, group.form, revision, marksEnd: marksEnd)
        sink.send(WatchEncoding.frame("BOOKMARK", object, group.form.encoding))
    }

    /// The client must list again: of what comes after the last that it was sent, something is gone.
    func expire(_ cache: ObjectCache) {
        fail(.expired("too old resource version: \(revision) (\(cache.ring.start))"))
    }

    /// Ends the watch with an error event, as upstream does once the stream has begun.
    func fail(_ status: APIStatus) {
        if case .ended = phase { return }
        sink.send(WatchEncoding.frame("ERROR", status.json, group.form.encoding))
        end()
    }

    func end() {
        if case .ended = phase { return }
        phase = .ended
        sink.end()
    }

    /// The client has gone.
    func closed() { phase = .ended }
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
