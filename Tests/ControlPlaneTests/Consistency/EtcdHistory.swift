import Glibc
import HTTP
import Linux
import Store
import Synchronization

/// Follows an etcd from its beginning, without any server between.
final class EtcdHistory: Sendable {
    private struct State {
        var history = History()
        var revision: Revision = 0
        var problem: String?
    }

    private let state = Mutex(State())
    private let cancellation = Cancellation()

    init(_ endpoint: String) throws {
        let client = try EtcdClient(EtcdConfiguration(endpoints: [endpoint]), cancellation: cancellation)
        _ = try Thread("etcd-history") { [self, handed = Handed(client)] in follow(handed.value) }
    }

    deinit { cancellation.cancel() }

    private func follow(_ client: EtcdClient) {
        while !cancellation.isCancelled {
            do throws(StoreError) {
                try client.watch(.prefix(""), from: revision + 1) { batch in
                    state.withLock { state in
                        for event in batch.events where event.revision > state.revision {
                            switch event {
                            case .put(let keyValue):
                                state.history.append(keyValue.key, keyValue.modRevision, keyValue.value)
                            case .delete(let key, let revision): state.history.append(key, revision, nil)
                            }
                        }
                        state.revision = max(state.revision, batch.revision)
                    }
                    return .proceed
                }
            } catch {
                if case .compacted = error.kind { return state.withLock { $0.problem = "\(error)" } }
                usleep(20_000)
            }
        }
    }

    func stop() { cancellation.cancel() }

    var revision: Revision { state.withLock { $0.revision } }
    var history: History { state.withLock { $0.history } }
    var problem: String? { state.withLock { $0.problem } }
}
