internal import CCurl
internal import Synchronization

/// Ends calls from another thread: once cancelled, every call that was given it ends at once, now and later.
package final class Cancellation: Sendable {
    private struct State {
        var isCancelled = false
        /// Transfers to wake, as curl's handles. A set of addresses, because pointers are not Sendable.
        var transfers: Set<UInt> = []
        var handlers: [UInt64: @Sendable () -> Void] = [:]
        var lastHandler: UInt64 = 0
    }

    private let state = Mutex(State())

    package init() {}

    package var isCancelled: Bool { state.withLock { $0.isCancelled } }

    package func cancel() {
        state.withLock { state in
            state.isCancelled = true
            // Under the lock, so that none of them is freed meanwhile.
            for transfer in state.transfers { curl_multi_wakeup(UnsafeMutableRawPointer(bitPattern: transfer)) }
            for handler in state.handlers.values { handler() }
        }
    }

    /// Calls the handler when it is cancelled, on whichever thread does that; at once if it is already. The handler must
    /// not block, and not come back here. Gives what to forget it by.
    package func onCancel(_ handler: @escaping @Sendable () -> Void) -> UInt64 {
        state.withLock { state in
            if state.isCancelled { handler() }
            state.lastHandler += 1
            state.handlers[state.lastHandler] = handler
            return state.lastHandler
        }
    }

    package func forget(_ handler: UInt64) { state.withLock { $0.handlers[handler] = nil } }

    func add(_ transfer: UnsafeMutableRawPointer) {
        state.withLock { _ = $0.transfers.insert(UInt(bitPattern: transfer)) }
    }

    func remove(_ transfer: UnsafeMutableRawPointer) {
        state.withLock { _ = $0.transfers.remove(UInt(bitPattern: transfer)) }
    }
}
