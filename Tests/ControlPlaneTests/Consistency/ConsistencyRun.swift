import Daemon
import Glibc
import HTTP
import JSON
import Linux
import Store
import Synchronization
import TestSupport
import Testing

@testable import ControlPlane
@testable import KubeClient

/// Writers, watchers and informers on one or several real servers, which are killed meanwhile; and the judgement.
final class ConsistencyRun {
    struct Plan {
        var duration: Duration
        /// Milliseconds that a server lives before it is killed; nil for as long as it is wanted.
        var life: ClosedRange<Int>?
        var writers = 4
        var watchers = 16
        var informers = 6
        var writing = RandomWriter.Settings()
        /// Milliseconds that writers rest between two steps.
        var rest = 0...5
    }

    /// What has happened, for tests that want it to have.
    struct Report {
        var kills = 0
        var acknowledged = 0
        var unknown = 0
        var expirations = 0
        var resumptions = 0
        var copies = 0
        var told = 0
        var revision: Revision = 0
    }

    let plan: Plan
    let servers: [LiveServer]
    let etcd: EtcdHistory?
    let etcdProcess: EtcdProcess?
    private let loop: EventLoop
    let acknowledged = Acknowledged()
    var random: SeededGenerator
    private var watchers: [WatchClient] = []
    private var informers: [InformerClient] = []
    private(set) var problems: [String] = []
    private(set) var report = Report()
    private(set) var history = History()

    /// With an etcd, the servers are on that; else there is one, on a file.
    init(_ plan: Plan, _ servers: [LiveServer], _ etcd: EtcdProcess? = nil, seed: UInt64) throws {
        self.plan = plan
        self.servers = servers
        etcdProcess = etcd
        self.etcd = try etcd.map { try EtcdHistory($0.url) }
        random = SeededGenerator(seed: seed)
        loop = try EventLoop()
    }

    func run() throws {
        try prepare()
        let isOver = Raised()
        let writers = try (0..<plan.writers).map { try startWriter($0, isOver) }
        let killer = try startKiller(isOver)
        let hasEnded = Raised()
        let harvest = try startHarvest(hasEnded)
        try makeClients()
        try turn(for: plan.duration) { false }
        isOver.raise()
        var operations: [Operation] = []
        for writer in writers {
            let done = try waitFor(writer)
            operations += done.operations
            problems += done.problems
        }
        report.kills = try waitFor(killer)
        hasEnded.raise()
        var store = try harvest.map { try waitFor($0) }
        try settle(&store)
        problems += store?.problems ?? []
        if let problem = etcd?.problem { problems.append(problem) }
        judge(operations)
    }

    // MARK: Preparation

    func access(_ server: LiveServer) throws -> KubeClient.ClusterAccess {
        try Kubeconfig(file: server.kubeconfig).access()
    }

    static var options: APIClient.Options {
        var options = APIClient.Options()
        (options.requestsPerSecond, options.burst, options.busyRetries) = (1e6, 1_000_000, 0)
        return options
    }

    private func prepare() throws {
        let client = try BlockingAPIClient(access(servers[0]), options: Self.options)
        for name in ["n0", "n1"] {
            _ = try client.send(.create(ResourcePath("namespaces"), ["metadata": ["name": .string(name)]]))
        }
        _ = try client.send(
            .create(
                ResourcePath(group: "apiextensions.k8s.io", "customresourcedefinitions"), LoadKind.definition))
        try eventually("widgets are served everywhere") {
            try servers.allSatisfy { server in
                let client = try BlockingAPIClient(access(server), options: Self.options)
                return (try? client.send(APIRequest("GET", LoadKind.widget.path().path()))) != nil
            }
        }
        // Every namespace gets its own before somebody is deleted.
        try eventually("the namespaces have their accounts") {
            ["n0", "n1"].allSatisfy { namespace in
                (try? client.send(.get(ResourcePath("serviceaccounts", namespace: namespace), "default"))) != nil
            }
        }
    }

    private func makeClients() throws {
        let clients = try servers.map { try APIClient(access($0), loop, options: Self.options) }
        for _ in 0..<plan.watchers {
            let (kind, plain) = selection()

            var selection = plain
            if Bool.random(using: &random) { selection.form = kind.forms.randomElement(using: &random) ?? .json }
            let client = WatchClient(kind, selection, clients, acknowledged, seed: random.next())
            watchers.append(client)
            client.begin()
        }
        for index in 0..<plan.informers {
            let (kind, selection) = selection()
            let client = InformerClient(kind, selection, clients[index % clients.count])
            informers.append(client)
            client.begin()
        }
    }

    private func selection() -> (LoadKind, Selection) {
        let kind = plan.writing.kinds.randomElement(using: &random) ?? .configMap
        var selection = Selection(storage: kind.storage)
        // The leases of the system never rest.
        let namespaces = kind == .lease ? ["n0", "n1"] : kind == .storageClass ? [""] : ["", "", "n0", "n1"]
        selection.namespace = namespaces.randomElement(using: &random) ?? ""
        let labels: [Selection.Labels] = [
            .any, .any, .any, .equals("tier", "a"), .differs("tier", "a"), .among("tier", ["a", "b"]), .absent("x"),
        ]
        selection.labels = labels.randomElement(using: &random) ?? .any
        let name = "w0-\(kind.rawValue.lowercased())-0-0"
        let fields: [Selection.Fields] = [.any, .any, .equals("metadata.name", name)] + kind.fields + kind.fields
        selection.fields = fields.randomElement(using: &random) ?? .any
        return (kind, selection)
    }

    // MARK: Turns of the loop

    /// Runs the loop until the condition holds or the time is over; says whether it did.
    @discardableResult
    private func turn(for duration: Duration, until isMet: @escaping () -> Bool) throws -> Bool {
        let deadline = MonotonicTime.now + duration
        var hasMet = false
        let timer = loop.every(.milliseconds(20)) { [loop] in
            hasMet = isMet()
            if hasMet || MonotonicTime.now > deadline { loop.stop() }
        }
        try loop.run()
        loop.cancel(timer)
        return hasMet
    }

    private func waitFor<Value>(_ result: Promise<Value>) throws -> Value {
        try turn(for: .seconds(120)) { result.isSet }
        return try #require(result.value, "a thread has ended")
    }

    /// Nobody writes any more: waits until everybody has been told of everything.
    private func settle(_ store: inout StoreHarvest?) throws {
        for watcher in watchers { watcher.isSettling = true }
        try store?.take()
        if let etcd {
            try turn(for: .seconds(20)) { [acknowledged] in etcd.revision >= acknowledged.newest }
            // Controllers may have the last word.
            try turn(for: .milliseconds(500)) { false }
        }
        history = store?.history ?? etcd?.history ?? History()
        let revision = history.revision
        var expectations: [Selection: Expectation] = [:]
        for selection in watchers.map(\.selection) + informers.map(\.selection) where expectations[selection] == nil {
            expectations[selection] = Expectation(selection, history)
        }
        self.expectations = expectations
        var late = watchers.map { ($0.selection, $0.isCaughtUp) } + informers.map { ($0.selection, $0.isCaughtUp) }
        let isDone = try turn(for: .seconds(20)) {
            late.removeAll { selection, isCaughtUp in
                expectations[selection].map { isCaughtUp($0, revision) } ?? true
            }
            return late.isEmpty
        }
        if !isDone { problems.append("\(late.count) have not been told everything: \(late.map(\.0))") }
    }

    private var expectations: [Selection: Expectation] = [:]

    // MARK: Judgement

    private func judge(_ operations: [Operation]) {
        problems += WriteLog.problems(operations, history) { key in
            // As `RandomWriter` names them.
            key.split(separator: "/").last?.firstMatch(of: /^w\d+-/) != nil
        }
        var records: [(Selection, WatchRecord)] = []
        for watcher in watchers {
            problems += watcher.problems
            report.expirations += watcher.expirations
            report.resumptions += watcher.resumptions
            for record in watcher.records + [watcher.current].compactMap(\.self) {
                records.append((watcher.selection, record))
            }
        }
        for informer in informers {
            problems += informer.problems
            report.copies += informer.copies
            for record in informer.records { records.append((informer.selection, record)) }
        }
        for (selection, record) in records {
            report.told += record.told.count
            guard let expectation = expectations[selection], let problem = record.problem(expectation) else { continue }
            problems.append("\(selection): \(problem)")
        }
        problems += ServiceAddresses.problems(history)
        report.acknowledged = operations.count { if case .acknowledged = $0.outcome { true } else { false } }
        report.unknown = operations.count { if case .unknown = $0.outcome { true } else { false } }
        report.revision = history.revision
        for informer in informers { informer.stop() }
    }
}
