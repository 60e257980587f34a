internal import Daemon

/// What a controller has to look at: each key once however often it is added, one run of a key at a time, and failed ones
/// again after a while. Runs begin in a turn of their own, never inside of `add`.
final class WorkQueue<Key: Hashable> {
    enum Outcome {
        case done
        /// Again, after a delay that doubles each time.
        case retry
    }

    /// How many keys are begun with in one turn of the loop, on which requests are waiting too.
    private static var batch: Int { 64 }
    private let cluster: any Cluster
    private let parallel: Int
    private let work: (Key, _ finish: @escaping (Outcome) -> Void) -> Void

    /// In the order of their coming; a removed key leaves its place empty.
    private var waiting: [Key] = []
    private var isWaiting: Set<Key> = []
    private var running: Set<Key> = []
    private var addedWhileRunning: Set<Key> = []
    private var failures: [Key: Int] = [:]
    private var timers: [Key: LoopTimer] = [:]
    private var turn: LoopTimer?
    private var isStopped = false

    /// Works on at most `parallel` keys at the same time; `work` calls its `finish` once, at once or later.
    init(
        _ cluster: any Cluster, parallel: Int = 16,
        work: @escaping (Key, _ finish: @escaping (Outcome) -> Void) -> Void
    ) {
        self.cluster = cluster
        self.parallel = parallel
        self.work = work
    }

    var isIdle: Bool { waiting.isEmpty && running.isEmpty }

    func add(_ key: Key) {
        if isStopped { return }
        if running.contains(key) {
            addedWhileRunning.insert(key)
            return
        }
        if let timer = timers.removeValue(forKey: key) { cluster.cancel(timer) }
        guard isWaiting.insert(key).inserted else { return }
        waiting.append(key)
        schedule()
    }

    /// Adds the key later, if nothing adds it sooner.
    func add(_ key: Key, after delay: Duration) {
        if isStopped || timers[key] != nil || isWaiting.contains(key) { return }
        timers[key] = cluster.after(delay) { [weak self] in
            self?.timers[key] = nil
            self?.add(key)
        }
    }

    func stop() {
        isStopped = true
        for timer in timers.values { cluster.cancel(timer) }
        timers = [:]
        if let turn { cluster.cancel(turn) }
        turn = nil
        waiting = []
        isWaiting = []
    }

    private func schedule() {
        guard turn == nil, !isStopped else { return }
        turn = cluster.after(.zero) { [weak self] in
            self?.turn = nil
            self?.runWaiting()
        }
    }

    private func runWaiting() {
        var taken = 0
        while taken < waiting.count, taken < Self.batch, running.count < parallel, !isStopped {
            let key = waiting[taken]
            taken += 1
            isWaiting.remove(key)
            running.insert(key)
            work(key) { [weak self] outcome in self?.finished(key, outcome) }
        }
        waiting.removeFirst(min(taken, waiting.count))
        if !waiting.isEmpty, running.count < parallel { schedule() }
    }

    private func finished(_ key: Key, _ outcome: Outcome) {
        guard running.remove(key) != nil, !isStopped else { return }
        let again = addedWhileRunning.remove(key) != nil
        switch outcome {
        case .done:
            failures[key] = nil
            if again { add(key) }
        case .retry:
            let count = failures[key, default: 0]
            failures[key] = count + 1
            // 5 ms, 10 ms, … and 1000 s at most, as upstream's queues have it.
            add(key, after: .milliseconds(min(5 << min(count, 30), 1_000_000)))
        }
        if !waiting.isEmpty { schedule() }
    }
}

extension WorkQueue<String> {
    /// Adds the paths of all of these: what a controller begins with.
    func add(all objects: OrderedObjects) {
        objects.forEach { object in
            add(object.path)
            return true
        }
    }
}
