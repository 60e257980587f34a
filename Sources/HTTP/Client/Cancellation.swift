internal import CCurl
internal import Synchronization

/// Ends calls from another thread: once cancelled, every call that was given it ends at once, now and later.
package final class Cancellation: Sendable {
    private struct State {
        var isCancelled = false
        /// Transfers to wake, as curl's handles. A set of addresses, because pointers are not Sendable.
        var transfers: Set<UInt> = []
    }

    private let state = Mutex(State())

    package init() {}

    package var isCancelled: Bool { state.withLock { $0.isCancelled } }

    package func cancel() {
        state.withLock { state in
            state.isCancelled = true
            // Under the lock, so that none of them is freed meanwhile.
            for transfer in state.transfers { curl_multi_wakeup(UnsafeMutableRawPointer(bitPattern: transfer)) }
        }
    }

    func add(_ transfer: UnsafeMutableRawPointer) {
        state.withLock { _ = $0.transfers.insert(UInt(bitPattern: transfer)) }
    }

    func remove(_ transfer: UnsafeMutableRawPointer) {
        state.withLock { _ = $0.transfers.remove(UInt(bitPattern: transfer)) }
    }
}
