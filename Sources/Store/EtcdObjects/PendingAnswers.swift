internal import Linux
internal import Synchronization

/// Answers that wait until the watch has delivered their revision.
final class PendingAnswers: Sendable {
    private struct Waiting {
        var revision: Revision
        var since: MonotonicTime
        /// Whether it has been delivered.
        var call: @Sendable (Bool) -> Void
    }

    private struct State {
        var delivered: Revision = 0
        /// Of the last snapshot or change of an object; older than `delivered` when keys of others were written since.
        var told: Revision = 0
        var waiting: [Waiting] = []
        var isClosed = false
    }

    private let state = Mutex(State())

    /// Calls once everything up to the revision is delivered, with true; with false when that takes too long.
    func whenDelivered(_ revision: Revision, _ call: @escaping @Sendable (Bool) -> Void) {
        let isDelivered: Bool? = state.withLock { state in
            if state.delivered >= revision { return true }
            if state.isClosed { return false }
            state.waiting.append(Waiting(revision: revision, since: .now, call: call))
            return nil
        }
        if let isDelivered { call(isDelivered) }
    }

    var delivered: Revision { state.withLock { $0.delivered } }
    var told: Revision { state.withLock { $0.told } }

    /// The listener has everything up to it; the last that it was told is of revision `told`, unless nothing was.
    func advance(to revision: Revision, told: Revision?) {
        let ready = state.withLock { state in
            state.delivered = max(state.delivered, revision)
            state.told = max(state.told, told ?? 0)
            let ready = state.waiting.filter { $0.revision <= revision }
            if !ready.isEmpty { state.waiting.removeAll { $0.revision <= revision } }
            return ready
        }
        for waiting in ready { waiting.call(true) }
    }

    /// Since when the oldest waits; nil when none does.
    var oldest: MonotonicTime? { state.withLock { $0.waiting.map(\.since).min() } }

    /// Gives up on those that wait since before the time.
    func expire(before time: MonotonicTime) {
        let late = state.withLock { state in
            let late = state.waiting.filter { $0.since < time }
            state.waiting.removeAll { $0.since < time }
            return late
        }
        for waiting in late { waiting.call(false) }
    }

    func close() {
        state.withLock { $0.isClosed = true }
        expire(before: MonotonicTime(nanoseconds: .max))
    }
}
