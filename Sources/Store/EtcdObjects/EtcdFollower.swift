internal import HTTP
internal import Linux
internal import Synchronization

/// Keeps the listener up to date, on a thread of its own: reads all objects once, then follows one watch over all keys.
final class EtcdFollower: Sendable {
    private let configuration: EtcdConfiguration
    private let choice: EndpointChoice
    private let prefix: String
    private let answers: PendingAnswers
    private let deliver: @Sendable (StoreDelivery) -> Void
    private let attempt = Mutex<Cancellation?>(nil)
    private let isClosed = Atomic(false)
    private let isWatching = Atomic(false)
    /// Woken to end a pause.
    private let pauses = WorkQueue<Void>()

    init(
        _ configuration: EtcdConfiguration, _ choice: EndpointChoice, prefix: String, _ answers: PendingAnswers,
        _ deliver: @escaping @Sendable (StoreDelivery) -> Void
    ) {
        self.configuration = configuration
        self.choice = choice
        self.prefix = prefix
        self.answers = answers
        self.deliver = deliver
    }

    /// Runs until it is closed.
    func run() {
        /// The last revision that was delivered; nil before the snapshot, and when there must be a new one.
        var revision: Revision?
        var isAvailable = true
        /// Since a watch stood.
        var failures = 0
        while !isClosed.load(ordering: .acquiring) {
            do throws(StoreError) {
                let cancellation = Cancellation()
                attempt.withLock { $0 = cancellation }
                if isClosed.load(ordering: .acquiring) { return }
                let client = try EtcdClient(configuration, cancellation: cancellation, choice: choice)
                try follow(client, &revision, &isAvailable, &failures)
            } catch {
                if isClosed.load(ordering: .acquiring) { return }
                switch error.kind {
                case .compacted:
                    revision = nil
                    continue
                // What has piled up is more than a watch can tell at once: to read everything anew goes by pages.
                case .malformedAnswer, .answerTooLarge: revision = nil
                default: break
                }
                failures += 1
                // One that was cancelled has been given up for another endpoint.
                if isAvailable && error.kind != .cancelled {
                    isAvailable = false
                    deliver(.unavailable("\(error)"))
                }
                let pause = Duration.milliseconds(min(2_000, 50 << min(failures, 6)))
                _ = pauses.take(1, until: .now + (failures <= configuration.endpoints.count ? .zero : pause))
            }
        }
    }

    private func follow(
        _ client: EtcdClient, _ revision: inout Revision?, _ isAvailable: inout Bool, _ failures: inout Int
    ) throws(StoreError) {
        if revision == nil {
            let result = try client.range(.prefix(prefix))
            let snapshot = StoreSnapshot(objects: result.keyValues.map(StoredObject.init), revision: result.revision)
            deliver(.snapshot(snapshot))
            revision = result.revision
            answers.advance(to: result.revision, told: result.revision)
        }
        guard var reached = revision else { return }
        defer { revision = reached }
        defer { isWatching.store(false, ordering: .releasing) }
        try client.watch(.prefix(""), from: reached + 1) { batch in
            failures = 0
            isWatching.store(true, ordering: .releasing)
            if !isAvailable {
                isAvailable = true
                deliver(.available)
            }
            let changes = batch.events.compactMap { change($0, after: reached) }
            if !changes.isEmpty { deliver(.changes(changes)) }
            if batch.revision > reached {
                reached = batch.revision
                answers.advance(to: reached, told: changes.last?.revision)
            }
            return .proceed
        }
    }

    /// nil for keys that are no objects, and for what was told before.
    private func change(_ event: WatchEvent, after reached: Revision) -> StoreChange? {
        guard event.revision > reached, event.key.utf8.starts(with: prefix.utf8) else { return nil }
        switch event {
        case .put(let keyValue):
            return StoreChange(
                key: keyValue.key, revision: keyValue.modRevision, createRevision: keyValue.createRevision,
                value: keyValue.value)
        case .delete(let key, let revision):
            return StoreChange(key: key, revision: revision, createRevision: 0, value: nil)
        }
    }

    /// Ends the watch as it is, which is then made anew, at another endpoint. Not what comes before it: to read
    /// everything may take its time.
    func restart() {
        guard isWatching.load(ordering: .acquiring) else { return }
        choice.leave(choice.index.load(ordering: .relaxed), of: configuration.endpoints.count)
        attempt.withLock { $0 }?.cancel()
    }

    func close() {
        isClosed.store(true, ordering: .releasing)
        pauses.close()
        attempt.withLock { $0 }?.cancel()
    }
}
