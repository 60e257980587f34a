import Store
import Synchronization

/// One memory with several servers on it, as several processes share an etcd: each has a view of its own, and is told of
/// everything that any of them writes.
final class SharedStore: Sendable {
    private let memory = MemoryObjectStore()
    private let listeners = Mutex<[@Sendable (StoreDelivery) -> Void]>([])

    func view() -> any ObjectStore { View(self) }

    /// One that is told of nothing before it asks: by a barrier, or a write of its own.
    func lateView() -> any ObjectStore { LateView(View(self)) }

    fileprivate func add(_ deliver: @escaping @Sendable (StoreDelivery) -> Void) throws(StoreOpenError) {
        listeners.withLock { $0.append(deliver) }
        // Everybody gets the snapshot that the new one needs; that is allowed at any time.
        try memory.start { [self] delivery in
            for listener in listeners.withLock({ $0 }) { listener(delivery) }
        }
    }

    private final class View: ObjectStore {
        private let shared: SharedStore

        init(_ shared: SharedStore) { self.shared = shared }

        func start(_ deliver: @escaping @Sendable (StoreDelivery) -> Void) throws(StoreOpenError) {
            try shared.add(deliver)
        }

        func commit(
            _ writes: [ObjectWrite], _ done: @escaping @Sendable (Result<[Revision], WriteFailure>) -> Void
        ) { shared.memory.commit(writes, done) }

        func barrier(_ done: @escaping @Sendable (Result<Revision, WriteFailure>) -> Void) {
            shared.memory.barrier(done)
        }
        func compact(through revision: Revision) {}
        func close() {}
    }
}

private final class LateView: ObjectStore {
    private struct State {
        var deliver: (@Sendable (StoreDelivery) -> Void)?
        var held: [StoreDelivery] = []
    }

    private let view: any ObjectStore
    private let state = Mutex(State())

    init(_ view: any ObjectStore) { self.view = view }

    func start(_ deliver: @escaping @Sendable (StoreDelivery) -> Void) throws(StoreOpenError) {
        state.withLock { $0.deliver = deliver }
        try view.start { [weak self] delivery in self?.state.withLock { $0.held.append(delivery) } }
        release()
    }

    private func release() {
        let (deliver, held) = state.withLock { state in
            defer { state.held = [] }
            return (state.deliver, state.held)
        }
        for delivery in held { deliver?(delivery) }
    }

    func commit(
        _ writes: [ObjectWrite], _ done: @escaping @Sendable (Result<[Revision], WriteFailure>) -> Void
    ) {
        view.commit(writes) { [self] result in
            release()
            done(result)
        }
    }

    func barrier(_ done: @escaping @Sendable (Result<Revision, WriteFailure>) -> Void) {
        release()
        view.barrier(done)
    }

    func compact(through revision: Revision) {}
    func close() {}
}
