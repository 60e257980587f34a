internal import JSON

/// The bytes of a watch, as batches: a state machine without a connection.
///
/// The gateway writes each message as a line: `{"result":{"header":…,"created":true}}`, then events, signs of progress,
/// and, at its end, `"canceled":true` with the reason or an `{"error":…}`.
struct WatchStream {
    enum End: Error, Hashable {
        case compacted(oldest: Revision)
        case refused(GatewayFailure)
        case malformed(String)
    }

    /// The last revision that the caller has seen everything of.
    private(set) var revision: Revision
    private var unfinished: [UInt8] = []
    private let lineLimit: Int

    init(from revision: Revision, lineLimit: Int = 64 << 20) {
        self.revision = revision - 1
        self.lineLimit = lineLimit
    }

    /// Takes bytes as they come; gives the batches that they complete to the body, until it is enough for it.
    mutating func receive(_ bytes: [UInt8], _ body: (WatchBatch) -> WatchDecision) throws(End) -> WatchDecision {
        var rest = bytes[...]
        while let newline = rest.firstIndex(of: 0x0A) {
            let line = unfinished + rest[..<newline]
            unfinished = []
            rest = rest[(newline + 1)...]
            if line.isEmpty { continue }
            if let batch = try batch(line), body(batch) == .stop { return .stop }
        }
        guard unfinished.count + rest.count <= lineLimit else {
            throw .malformed("a message is longer than \(lineLimit) bytes")
        }
        unfinished += rest
        return .proceed
    }

    private mutating func batch(_ line: [UInt8]) throws(End) -> WatchBatch? {
        let message: JSONValue
        do {
            message = try JSONValue.parse(line)
        } catch {
            throw .malformed("\(error)")
        }
        if let failure = GatewayFailure(message) { throw .refused(failure) }
        do {
            let answer = try GatewayAnswer(message["result"] ?? message)
            if try answer.bool("canceled") {
                let oldest = try answer.int64("compact_revision")
                if oldest > 0 { throw End.compacted(oldest: oldest) }
                throw End.refused(GatewayFailure(cancelReason: try answer.string("cancel_reason")))
            }
            var events: [WatchEvent] = []
            for event in try answer.answers("events") { events.append(try event.watchEvent()) }
            if let last = events.last {
                revision = max(revision, last.revision)
            } else if try !answer.bool("created") {
                // Without events, the header says how far the watch has come.
                revision = max(revision, try answer.revision())
            }
            return WatchBatch(revision: revision, events: events)
        } catch let end as End {
            throw end
        } catch {
            throw .malformed("\(error)")
        }
    }
}

extension WatchEvent {
    package var key: String {
        switch self {
        case .put(let keyValue): keyValue.key
        case .delete(let key, _): key
        }
    }

    package var revision: Revision {
        switch self {
        case .put(let keyValue): keyValue.modRevision
        case .delete(_, let revision): revision
        }
    }
}
