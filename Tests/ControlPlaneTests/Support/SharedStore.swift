import Store
import Synchronization

/// One memory with several servers on it, as several processes share an etcd: each has a view of its own, and is told of
/// everything that any of them writes.
final class SharedStore: Sendable {
    private let memory = MemoryObjectStore()
    private let listeners = Mutex<[@Sendable (StoreDelivery) -> Void]>([])

    func view() -> any ObjectStore { View(self) }

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
