internal import Linux
internal import Synchronization

/// An `ObjectStore` in one file, for one server: the state and its history in SQLite, durable at each acknowledgement.
package final class SQLiteObjectStore: ObjectStore {
    private enum Request: Sendable {
        case commit(SQLiteWriter.Commit)
        case compact(Revision)
    }

    package let path: String
    private let options: SQLiteOptions
    private let requests = WorkQueue<Request>()
    private let delivered = DeliveredRevision()
    private let isClosed = Atomic(false)
    private let thread = Mutex<Thread?>(nil)

    /// Writes that one sync of the disk makes durable at most: fewer than a slice of compaction, which thus keeps up.
    private static let turnLimit = 256

    /// The file, which `start` opens and makes if it is absent; its directory must be there.
    package init(path: String, options: SQLiteOptions = SQLiteOptions()) {
        self.path = path
        self.options = options
    }

    deinit { close() }

    package func start(_ deliver: @escaping @Sendable (StoreDelivery) -> Void) throws(StoreOpenError) {
        let opened = try Opened(path, options, deliver, delivered) { [requests] in requests.count }
        do throws(SystemError) {
            try thread.withLock { thread throws(SystemError) in
                thread = try Thread("store") { [requests] in Self.run(requests, opened) }
            }
        } catch {
            throw StoreOpenError(.unusable, path, "\(error)")
        }
    }

    package func commit(
        _ writes: [ObjectWrite], _ done: @escaping @Sendable (Result<[Revision], WriteFailure>) -> Void
    ) {
        if let answer = ObjectWrite.answerWithoutStore(writes) { return done(answer) }
        if !requests.put(.commit(SQLiteWriter.Commit(writes: writes, done: done))) {
            done(.failure(.unavailable("the store is closed")))
        }
    }

    /// There is no other server: what was acknowledged has been delivered.
    package func barrier(_ done: @escaping @Sendable (Result<Revision, WriteFailure>) -> Void) {
        let revision = delivered.value.load(ordering: .acquiring)
        let isOpen = revision > 0 && !isClosed.load(ordering: .acquiring)
        done(isOpen ? .success(revision) : .failure(.unavailable("the store is not open")))
    }

    package func compact(through revision: Revision) { _ = requests.put(.compact(revision)) }

    package func close() {
        isClosed.store(true, ordering: .releasing)
        requests.close()
        let thread = thread.withLock { $0.take() }
        if let thread { thread.join() }
    }

    /// The store's thread, until the queue is closed and empty.
    private static func run(_ requests: WorkQueue<Request>, _ opened: Opened) {
        let writer = opened.writer
        var hasMore = false
        while let turn = requests.take(
            turnLimit, until: hasMore ? .now : writer.nextTurn, expecting: min(turnLimit, writer.group.expected),
            patience: writer.group.patience)
        {
            var commits: [SQLiteWriter.Commit] = []
            for request in turn {
                switch request {
                case .commit(let commit): commits.append(commit)
                case .compact(let revision): writer.order(compactionThrough: revision)
                }
            }
            if !commits.isEmpty { writer.make(commits) }
            hasMore = writer.tidy(isIdle: turn.isEmpty)
        }
    }
}

/// Everything up to it has been delivered; 0 before the start.
final class DeliveredRevision: Sendable {
    let value = Atomic<Revision>(0)
}

/// An open file with its lock. Made by the thread that starts the store and then used by the store's thread alone.
private final class Opened: @unchecked Sendable {
    let writer: SQLiteWriter
    private let lock: FileLock

    init(
        _ path: String, _ options: SQLiteOptions, _ deliver: @escaping (StoreDelivery) -> Void,
        _ delivered: DeliveredRevision, backlog: @escaping () -> Int
    ) throws(StoreOpenError) {
        lock = try StoreLock.take(path)
        let database = try StoreSchema.open(path)
        do {
            let load = try StoreLoad.read(database, historyLimit: options.toldHistoryBytes)
            writer = try SQLiteWriter(database, load, options, deliver, delivered, backlog: backlog)
            deliver(.snapshot(load.snapshot))
            delivered.value.store(load.snapshot.revision, ordering: .releasing)
        } catch let error as SQLiteError {
            throw StoreOpenError(error, path)
        } catch let damage as StoreLoad.Damage {
            throw StoreOpenError(damage, path)
        } catch {
            throw StoreOpenError(.unusable, path, "\(error)")
        }
    }
}
