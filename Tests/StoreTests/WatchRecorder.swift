import HTTP
import Linux
import Store
import Synchronization
import TestSupport

/// A watch on a thread of its own, and what it has told so far.
final class WatchRecorder: Sendable {
    private struct State {
        var batches: [WatchBatch] = []
        var end: StoreError?
        var hasEnded = false
    }

    private let state = Mutex(State())
    private let cancellation = Cancellation()

    /// Runs until it is cancelled or fails; its thread keeps the recorder alive so long.
    init(_ configuration: EtcdConfiguration, _ keys: KeyRange, from revision: Revision) throws {
        _ = try Thread("watch") { [self] in
            do throws(StoreError) {
                let store = try EtcdClient(configuration, cancellation: cancellation)
                try store.watch(keys, from: revision) { batch in
                    state.withLock { $0.batches.append(batch) }
                    return .proceed
                }
                state.withLock { $0.hasEnded = true }
            } catch {
                state.withLock { state in
                    state.end = error
                    state.hasEnded = true
                }
            }
        }
    }

    var batches: [WatchBatch] { state.withLock { $0.batches } }
    var events: [WatchEvent] { batches.flatMap(\.events) }
    var revisions: [Revision] { events.map(\.revision) }
    var end: StoreError? { state.withLock { $0.end } }
    var hasEnded: Bool { state.withLock { $0.hasEnded } }

    func waitUntilWatching() throws { try eventually("the watch stands") { !batches.isEmpty || hasEnded } }

    func waitForEvents(_ count: Int, within limit: Duration = .seconds(10)) throws {
        try eventually("\(count) events", within: limit) { events.count >= count || hasEnded }
    }

    /// The error that the watch ended with.
    func waitForEnd(within limit: Duration = .seconds(20)) throws -> StoreError? {
        try eventually("the watch ends", within: limit) { hasEnded }
        return end
    }

    func cancel() { cancellation.cancel() }
}
