internal import Synchronization

/// An `ObjectStore` that keeps nothing: for tests, which call it from one thread and find everything done on return.
///
/// Its time stands still until `passTime`. A failure can be ordered with `failWrites`.
package final class MemoryObjectStore: ObjectStore {
    fileprivate struct State {
        var objects: [String: StoredObject] = [:]
        var expiries: [String: Int] = [:]
        var time = 0
        var revision: Revision = 1
        var deliver: (@Sendable (StoreDelivery) -> Void)?
        var failure: WriteFailure?
        /// What is yet to be called, in order; one thread at a time calls it.
        var calls: [@Sendable () -> Void] = []
        var isCalling = false
        var isClosed = false
    }

    private let state = Mutex(State())

    package init() {}

    package func start(_ deliver: @escaping @Sendable (StoreDelivery) -> Void) throws(StoreOpenError) {
        change { state in
            state.deliver = deliver
            let objects = state.objects.values.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
            let snapshot = StoreSnapshot(objects: objects, revision: state.revision)
            state.calls.append { deliver(.snapshot(snapshot)) }
        }
    }

    package func commit(
        _ writes: [ObjectWrite], _ done: @escaping @Sendable (Result<[Revision], WriteFailure>) -> Void
    ) {
        if let answer = ObjectWrite.answerWithoutStore(writes) { return done(answer) }
        change { state in
            if let failure = state.refusal(of: writes) {
                state.calls.append { done(.failure(failure)) }
                return
            }
            let changes = writes.map { state.apply($0) }
            state.tell(changes)
            state.calls.append { done(.success(changes.map(\.revision))) }
        }
    }

    package func barrier(_ done: @escaping @Sendable (Result<Revision, WriteFailure>) -> Void) {
        change { state in
            let result: Result<Revision, WriteFailure> = state.failure.map { .failure($0) } ?? .success(state.revision)
            state.calls.append { done(result) }
        }
    }

    package func compact(through revision: Revision) {}

    package func close() { state.withLock { $0.isClosed = true } }

    /// Moves the time on; keys whose time has come are deleted.
    package func passTime(seconds: Int) {
        change { state in
            state.time += seconds
            let due = state.expiries.filter { $0.value <= state.time }.keys.sorted()
            let changes = due.map { state.apply(.delete($0, expected: nil)) }
            if !changes.isEmpty { state.tell(changes) }
        }
    }

    /// From now on everything fails so, and the listener is told; nil ends it.
    package func failWrites(_ failure: WriteFailure?) {
        change { state in
            state.failure = failure
            guard let deliver = state.deliver else { return }
            let delivery = failure.map { StoreDelivery.unavailable($0.description) } ?? .available
            state.calls.append { deliver(delivery) }
        }
    }

    /// Changes the state, then calls what that has brought about, outside of the lock and in order, whichever thread it
    /// is and even when one of the calls comes back here.
    private func change(_ body: (inout State) -> Void) {
        var mayCall = state.withLock { state in
            if state.isClosed { state.failure = .unavailable("the store is closed") }
            body(&state)
            if state.isCalling { return false }
            state.isCalling = true
            return true
        }
        while mayCall {
            let calls = state.withLock { state in
                let calls = state.calls
                state.calls = []
                state.isCalling = !calls.isEmpty
                return calls
            }
            for call in calls { call() }
            mayCall = !calls.isEmpty
        }
    }
}

extension MemoryObjectStore.State {
    fileprivate func refusal(of writes: [ObjectWrite]) -> WriteFailure? {
        if let failure { return failure }
        for write in writes {
            let current = objects[write.key]
            let isExpected = write.expected.map { $0 == current?.modRevision ?? 0 } ?? true
            if !isExpected || (write.value == nil && current == nil) {
                return .conflict(key: write.key, current: current)
            }
        }
        return nil
    }

    fileprivate mutating func apply(_ write: ObjectWrite) -> StoreChange {
        revision += 1
        expiries[write.key] = write.lifetime.map { time + $0 }
        guard let value = write.value else {
            objects[write.key] = nil
            return StoreChange(key: write.key, revision: revision, createRevision: 0, value: nil)
        }
        let created = objects[write.key]?.createRevision ?? revision
        objects[write.key] = StoredObject(
            key: write.key, value: value, createRevision: created, modRevision: revision)
        return StoreChange(key: write.key, revision: revision, createRevision: created, value: value)
    }

    fileprivate mutating func tell(_ changes: [StoreChange]) {
        guard let deliver else { return }
        calls.append { deliver(.changes(changes)) }
    }
}
