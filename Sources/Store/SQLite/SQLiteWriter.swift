internal import Glibc
internal import Linux
internal import Synchronization

/// The one connection that writes: used by the thread that starts the store, then by the store's own.
///
/// A turn takes all writes that wait and makes them in one transaction, which costs one sync of the disk however many
/// they are; then it tells the changes and answers. Between turns it expires, compacts and checkpoints, a bounded piece
/// at a time.
final class SQLiteWriter {
    struct Commit: Sendable {
        var writes: [ObjectWrite]
        var done: @Sendable (Result<[Revision], WriteFailure>) -> Void
    }

    typealias Outcome = Result<[Revision], WriteFailure>

    private let database: SQLiteDatabase
    private let tables: ObjectTables
    private let upkeep: StoreUpkeep
    private let options: SQLiteOptions
    private let deliver: (StoreDelivery) -> Void
    private let delivered: DeliveredRevision
    /// How many commits wait for their turn.
    private let backlog: () -> Int
    private(set) var group = GroupCommit()
    private var revision: Revision
    private var nextExpiry: Int64?
    /// Why the file cannot be used any more, until it is opened anew.
    private var damage: String?
    private var isAvailable = true
    /// The disk was full. Small writes may fit into what SQLite has of it, which is no room yet.
    private var lacksRoom = false
    private static let room = 1 << 20

    init(
        _ database: consuming SQLiteDatabase, _ load: StoreLoad, _ options: SQLiteOptions,
        _ deliver: @escaping (StoreDelivery) -> Void, _ delivered: DeliveredRevision, backlog: @escaping () -> Int
    ) throws(SQLiteError) {
        tables = try ObjectTables(database)
        upkeep = try StoreUpkeep(database, load, options)
        nextExpiry = try tables.nextExpiry()
        self.database = database
        self.options = options
        self.deliver = deliver
        self.delivered = delivered
        self.backlog = backlog
        revision = load.snapshot.revision
    }

    // MARK: Commits

    /// Makes the commits in their order, tells the changes, answers.
    func make(_ commits: [Commit]) {
        if let damage {
            for commit in commits { commit.done(.failure(.unavailable(damage))) }
            return
        }
        let before = revision
        let start = MonotonicTime.now
        var changes: [StoreChange] = []
        var outcomes: [Outcome] = []
        do throws(SQLiteError) {
            try database.transaction("write to") { () throws(SQLiteError) in
                for commit in commits { outcomes.append(try apply(commit.writes, &changes)) }
            }
        } catch {
            revision = before
            let failure = failure(for: error)
            report(failure)
            for commit in commits { commit.done(.failure(failure)) }
            return
        }
        // Before the answers, after which their writers come back.
        group.note(commits.count, waiting: backlog(), took: .now - start)
        if !changes.isEmpty {
            reportAvailable()
            upkeep.note(changes, at: revision)
            deliver(.changes(changes))
            delivered.value.store(revision, ordering: .releasing)
        }
        for (commit, outcome) in zip(commits, outcomes) { commit.done(outcome) }
    }

    private func apply(_ writes: [ObjectWrite], _ changes: inout [StoreChange]) throws(SQLiteError) -> Outcome {
        var entries: [ObjectTables.Entry?] = []
        for write in writes {
            let entry = try tables.entry(write.key)
            let isExpected = write.expected.map { $0 == entry?.revision ?? 0 } ?? true
            guard isExpected, write.value != nil || entry != nil else {
                var current: StoredObject?
                if let entry { current = try tables.object(write.key, entry) }
                return .failure(.conflict(key: write.key, current: current))
            }
            entries.append(entry)
        }
        let first = revision + 1
        for (write, entry) in zip(writes, entries) {
            revision += 1
            let expires = write.lifetime.map { options.clock() + Int64($0) }
            changes.append(try tables.write(write, over: entry, at: revision, expires: expires))
            if let expires { nextExpiry = min(nextExpiry ?? expires, expires) }
        }
        return .success(Array(first...revision))
    }

    // MARK: Between turns

    /// When there is something to do even without writes.
    var nextTurn: MonotonicTime {
        if damage != nil { return .now + .seconds(3600) }
        if !isAvailable { return .now + .seconds(1) }
        let next = upkeep.nextTime ?? .now + .seconds(60)
        guard let nextExpiry else { return next }
        return min(next, .now + .seconds(max(0, nextExpiry - options.clock())))
    }

    /// Expires, compacts and checkpoints, a piece of each. Whether there is more to do at once.
    func tidy(isIdle: Bool) -> Bool {
        if damage != nil { return false }
        do throws(SQLiteError) {
            if !isAvailable { try probe() }
            let hasExpired = try expire()
            let hasCompacted = try upkeep.compact(database)
            try upkeep.checkpoint(database, isIdle: isIdle)
            return hasExpired || hasCompacted
        } catch {
            report(failure(for: error))
            return false
        }
    }

    func order(compactionThrough revision: Revision) { upkeep.order(through: min(revision, self.revision)) }

    private func expire() throws(SQLiteError) -> Bool {
        guard let time = nextExpiry, time <= options.clock() else { return false }
        let keys = try tables.expired(at: options.clock(), limit: options.compactionSlice)
        nextExpiry = keys.isEmpty ? try tables.nextExpiry() : time
        if !keys.isEmpty { make(keys.map { Commit(writes: [.delete($0, expected: nil)], done: { _ in }) }) }
        return !keys.isEmpty && isAvailable
    }

    /// Finds out whether what has failed works again.
    private func probe() throws(SQLiteError) {
        if lacksRoom && !hasRoom { return }
        try database.transaction("write to") { () throws(SQLiteError) in
            try database.execute("UPDATE store SET compacted = compacted", "write to")
        }
        reportAvailable()
    }

    // MARK: Failures

    private func failure(for error: SQLiteError) -> WriteFailure {
        if error.isFull {
            lacksRoom = true
            return .full("the disk is full: \(error)")
        }
        if error.isCorrupt {
            damage = "\(error); the file is damaged: stop, restore a backup, start again"
        } else if error.isSyncFailure {
            damage = "\(error); the disk did not take what was written: check it, then start again"
        }
        return error.isSyncFailure ? .uncertain("\(error)") : .unavailable(damage ?? "\(error)")
    }

    private func report(_ failure: WriteFailure) {
        if isAvailable { deliver(.unavailable(damage ?? failure.description)) }
        isAvailable = false
    }

    /// Says so after a success, but on a disk that was full not before there is room.
    private func reportAvailable() {
        if isAvailable || (lacksRoom && !hasRoom) { return }
        deliver(.available)
        isAvailable = true
        lacksRoom = false
    }

    private var hasRoom: Bool {
        var status = statvfs()
        return statvfs(database.path, &status) == 0 && Int(status.f_bavail) * Int(status.f_frsize) >= Self.room
    }
}
