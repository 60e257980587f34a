import Foundation
import Store
import Synchronization
import TestSupport
import Testing

/// A store of one of the kinds, and what a test needs to do with it. Threads may write; one opens and reopens.
final class StoreUnderTest: @unchecked Sendable {
    enum Kind: String, CaseIterable, CustomTestStringConvertible {
        case memory, sqlite, etcd

        var testDescription: String { rawValue }
    }

    let kind: Kind
    private(set) var store: any ObjectStore
    private(set) var recorder = StoreRecorder()
    private let directory: TemporaryDirectory
    private let clock = TestClock()
    private let etcd: EtcdServer?

    init(_ kind: Kind) throws {
        self.kind = kind
        etcd = kind == .etcd ? try EtcdServer() : nil
        directory = try TemporaryDirectory()
        store = MemoryObjectStore()
        try open()
    }

    deinit { store.close() }

    private func open() throws {
        switch kind {
        case .memory: break
        case .sqlite:
            var options = SQLiteOptions()
            options.clock = { [clock] in clock.seconds }
            store = SQLiteObjectStore(path: directory.file("store.db"), options: options)
        case .etcd:
            var options = EtcdObjectOptions()
            options.prefix = "/"
            store = EtcdObjectStore(EtcdConfiguration(endpoints: [etcd?.endpoint ?? ""]), options: options)
        }
        recorder = StoreRecorder()
        try recorder.start(store)
    }

    /// Closes the store and opens it again, as a restart does.
    func reopen() throws {
        store.close()
        if kind == .memory { return }
        try open()
    }

    var keepsState: Bool { kind != .memory }
    var givesEachWriteItsRevision: Bool { kind != .etcd }

    func passTime(seconds: Int) {
        (store as? MemoryObjectStore)?.passTime(seconds: seconds)
        clock.advance(seconds)
    }

    /// Makes the writes and waits for the answer, which must not come before the changes have been told.
    @discardableResult
    func commit(_ writes: [ObjectWrite]) throws(WriteFailure) -> [Revision] {
        try store.committed(writes, toldTo: recorder)
    }

    @discardableResult
    func write(_ write: ObjectWrite) throws(WriteFailure) -> Revision { try commit([write]).first ?? 0 }

    func barrier() throws(WriteFailure) -> Revision {
        let answer = Answer<Result<Revision, WriteFailure>>()
        store.barrier { answer.give($0) }
        return try answer.wait().get()
    }
}

extension ObjectStore {
    /// Makes the writes and waits for the answer; one that comes before the recorder was told the changes is a failure.
    @discardableResult
    func committed(_ writes: [ObjectWrite], toldTo recorder: StoreRecorder? = nil) throws(WriteFailure) -> [Revision] {
        let answer = Answer<Result<[Revision], WriteFailure>>()
        commit(writes) { result in
            if let recorder, case .success(let revisions) = result, let last = revisions.last, recorder.revision < last
            {
                answer.give(.failure(.unavailable("revision \(last) was acknowledged before it was told")))
            } else {
                answer.give(result)
            }
        }
        return try answer.wait().get()
    }

    @discardableResult
    func written(_ write: ObjectWrite) throws(WriteFailure) -> Revision { try committed([write]).first ?? 0 }
}

/// How the body fails; nil when it does not.
func writeFailure(_ body: () throws(WriteFailure) -> some Any) -> WriteFailure? {
    do throws(WriteFailure) {
        _ = try body()
        return nil
    } catch {
        return error
    }
}

/// One value from another thread.
final class Answer<Value: Sendable>: Sendable {
    private let value = Mutex<Value?>(nil)
    private let semaphore = DispatchSemaphore(value: 0)

    func give(_ value: Value) {
        self.value.withLock { $0 = value }
        semaphore.signal()
    }

    func wait() -> Value {
        semaphore.wait()
        guard let value = value.withLock({ $0 }) else { fatalError("signalled without a value") }
        return value
    }
}

final class TestClock: Sendable {
    private let now = Atomic<Int64>(1_000_000)

    var seconds: Int64 { now.load(ordering: .sequentiallyConsistent) }
    func advance(_ seconds: Int) { now.add(Int64(seconds), ordering: .sequentiallyConsistent) }
}
