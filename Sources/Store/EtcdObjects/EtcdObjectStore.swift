internal import HTTP
internal import Linux
internal import Synchronization

/// An `ObjectStore` on etcd, 3.4 or later, that any number of servers share, with upstream's layout of keys.
///
/// Writes wait for etcd on a few connections of their own; one watch tells all changes, also those of other servers.
/// The user of the etcd must be allowed to read all keys.
package final class EtcdObjectStore: ObjectStore {
    private struct Commit: Sendable {
        var writes: [ObjectWrite]
        var done: @Sendable (Result<[Revision], WriteFailure>) -> Void
    }

    private typealias Barrier = @Sendable (Result<Revision, WriteFailure>) -> Void

    private let configuration: EtcdConfiguration
    private let options: EtcdObjectOptions
    private let commits = WorkQueue<Commit>()
    private let barriers = WorkQueue<Barrier>()
    /// Revisions to compact to.
    private let orders = WorkQueue<Revision>()
    private let answers = PendingAnswers()
    private let cancellation = Cancellation()
    private let choice = EndpointChoice()
    private let follower = Mutex<EtcdFollower?>(nil)
    private let threads = ThreadGroup()

    /// Makes no connection yet.
    package init(_ configuration: EtcdConfiguration, options: EtcdObjectOptions = EtcdObjectOptions()) {
        var configuration = configuration
        configuration.requestTimeout = min(configuration.requestTimeout, options.answerLimit)
        self.configuration = configuration
        self.options = options
    }

    deinit { close() }

    package func start(_ deliver: @escaping @Sendable (StoreDelivery) -> Void) throws(StoreOpenError) {
        let follower = EtcdFollower(configuration, choice, prefix: options.prefix, answers, deliver)
        do {
            let leases = SharedLeases()
            for _ in 0..<options.writers {
                let committer = EtcdCommitter(client: try connection(), leases: leases)
                try run("store writer", committer) { [commits, answers] committer in
                    while let turn = commits.take(1) {
                        for commit in turn { Self.make(commit, committer, answers) }
                    }
                }
            }
            try run("store reader", try connection()) { [barriers, answers] client in
                // One read serves all that wait for one.
                while let turn = barriers.take(.max) { Self.reach(turn, client, answers) }
            }
            try run("store upkeep", try connection()) { [orders, answers, options] client in
                Self.tidy(client, orders, answers, follower, options)
            }
            self.follower.withLock { $0 = follower }
            try threads.start("store watch") { follower.run() }
        } catch let error as StoreError {
            throw StoreOpenError(.unusable, configuration.endpoints.joined(separator: ","), error.reason)
        } catch {
            throw StoreOpenError(.unusable, configuration.endpoints.joined(separator: ","), "\(error)")
        }
    }

    package func commit(
        _ writes: [ObjectWrite], _ done: @escaping @Sendable (Result<[Revision], WriteFailure>) -> Void
    ) {
        if let answer = ObjectWrite.answerWithoutStore(writes) { return done(answer) }
        if !commits.put(Commit(writes: writes, done: done)) { done(.failure(Self.closed)) }
    }

    package func barrier(_ done: @escaping @Sendable (Result<Revision, WriteFailure>) -> Void) {
        if !barriers.put(done) { done(.failure(Self.closed)) }
    }

    package func compact(through revision: Revision) { _ = orders.put(revision) }

    package func close() {
        for queue in [commits.close, barriers.close, orders.close] { queue() }
        cancellation.cancel()
        follower.withLock { $0 }?.close()
        answers.close()
        threads.join()
    }

    // MARK: What the threads do

    private static let closed = WriteFailure.unavailable("the store is closed")

    private func connection() throws(StoreError) -> EtcdClient {
        try EtcdClient(configuration, cancellation: cancellation, choice: choice)
    }

    /// Starts a thread that has the value for itself.
    private func run<Value>(_ name: String, _ value: Value, _ body: @escaping @Sendable (Value) -> Void)
        throws(SystemError)
    {
        let handed = Handed(value)
        try threads.start(name) { body(handed.value) }
    }

    private static func make(_ commit: Commit, _ committer: EtcdCommitter, _ answers: PendingAnswers) {
        do throws(StoreError) {
            let answer = try committer.commit(commit.writes)
            answers.whenDelivered(answer.revision) { isDelivered in
                if let conflict = answer.conflict {
                    commit.done(.failure(conflict))
                } else if isDelivered {
                    commit.done(.success(commit.writes.map { _ in answer.revision }))
                } else {
                    commit.done(.failure(.uncertain("etcd has made the write, but its watch has not told it")))
                }
            }
        } catch {
            commit.done(.failure(WriteFailure(error)))
        }
    }

    private static func reach(_ barriers: [Barrier], _ client: EtcdClient, _ answers: PendingAnswers) {
        do throws(StoreError) {
            // Any read is linearizable and tells the store's revision.
            let revision = try client.range(.key("\0"), at: nil, limit: 1).revision
            answers.whenDelivered(revision) { isDelivered in
                for barrier in barriers {
                    barrier(
                        isDelivered
                            ? .success(answers.told)
                            : .failure(.unavailable("etcd's watch has not come to revision \(revision)")))
                }
            }
        } catch {
            for barrier in barriers { barrier(.failure(.unavailable("\(error)"))) }
        }
    }

    /// Compacts, and sees to it that answers do not wait for a watch that hangs.
    private static func tidy(
        _ client: EtcdClient, _ orders: WorkQueue<Revision>, _ answers: PendingAnswers, _ follower: EtcdFollower,
        _ options: EtcdObjectOptions
    ) {
        var compactor = EtcdCompactor()
        var nextCompaction = MonotonicTime.now
        var lastRestart = MonotonicTime.now
        while let ordered = orders.take(.max, until: .now + options.patience / 2) {
            let now = MonotonicTime.now
            do throws(StoreError) {
                if let revision = ordered.max() { try client.compact(min(revision, answers.delivered)) }
                if now >= nextCompaction {
                    nextCompaction = now + options.compactionInterval
                    try compactor.turn(client)
                }
            } catch {
                // The follower reports what is wrong with etcd; history that stays for longer does no harm.
            }
            if let oldest = answers.oldest, now - oldest > options.patience, now - lastRestart > options.patience {
                lastRestart = now
                follower.restart()
            }
            answers.expire(before: MonotonicTime(nanoseconds: now.nanoseconds - options.deliveryLimit.nanoseconds))
        }
    }
}

/// A value that one thread hands to another and does not touch again.
private struct Handed<Value>: @unchecked Sendable {
    let value: Value
    init(_ value: Value) { self.value = value }
}
