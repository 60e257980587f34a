package import Daemon
internal import Linux
internal import NFTables
internal import NetTypes

/// Chains of iptables, for hosts without nf_tables or on request. Nobody tells when they are touched: they are compared
/// from time to time.
package final class IPTablesApplier: RulesApplier {
    package let mode = ProxyMode.iptables

    private var planner: IPTablesPlanner?
    private let worker: IPTablesWorker
    /// Nil where the kernel does not tell of connections: then those of datagrams end by their timeout.
    private var conntrack: Conntrack?
    private var lastCleaning: FlowCleaning?
    /// Rules of the last change; nil while that was all of them.
    private var lastWritten: [IPFamily: [IPTablesTable: Int]]?
    private let choice: IPTablesChoice
    private let loop: EventLoop
    private let period: () -> Duration
    private let onDisturbance: (Duration) -> Void
    private let draining: Draining
    /// Flows that have to end when the rules are written; those of changes that were refused wait for the repair.
    private var unfinished: [ConntrackFilter] = []
    private static let unfinishedLimit = 1 << 16
    private var checkTimer: LoopTimer?

    /// `period` is the least time between two checks.
    package init(
        _ choice: IPTablesChoice, _ loop: EventLoop, period: @escaping () -> Duration,
        onDisturbance: @escaping (Duration) -> Void
    ) {
        worker = IPTablesWorker(choice.programs, loop)
        self.choice = choice
        self.loop = loop
        self.period = period
        self.onDisturbance = onDisturbance
        conntrack = try? Conntrack()
        draining = Draining(loop)
    }

    package private(set) var hasPlan = false

    package func beginTakeover(_ node: NodeView, _ index: inout ServiceIndex) throws -> RulesWork<Takeover> {
        // One that has failed before has heard already what the index will not tell again.
        var planner = self.planner ?? IPTablesPlanner(node)
        planner.move(to: node)
        index.plan(with: &planner)
        let wanted = planner.start()
        self.planner = planner
        let choice = choice
        return try worker.run { (tables, leftovers) throws(IPTablesError) in
            let count = try tables.bring(to: wanted, &leftovers)
            if choice.variant == .nft { leftovers.removeLegacy(choice.others) }
            return count
        } finish: { [unowned self] outcome in
            checkAgain(after: outcome)
            lastWritten = nil
            hasPlan = true
            // What nobody has followed, or another has led.
            if outcome.count > 0 { lastCleaning = try? conntrack?.clean(strangersTo: planner) }
            var takeover = Takeover(changes: outcome.count, leftovers: outcome.leftovers)
            // Without nf_tables there is nothing of it.
            if var nft = try? NFTSocket() {
                let isElsewhere = choice.variant == .legacy
                let removal = try? takeover.leftovers.nftablesRemoval(&nft, chains: isElsewhere, ourTable: true)
                if let removal, !removal.isEmpty { try nft.commit(removal) }
            }
            return takeover
        }
    }

    package func ruleCounts() -> [RuleCount] {
        IPFamily.allCases.flatMap { family in
            let rules = planner?.rules(family) ?? [:]
            return IPTablesTable.allCases.map { table in
                let total = rules.reduce(0) { $0 + ($1.key.table == table ? $1.value.count : 0) }
                return RuleCount(
                    family: family, table: table.rawValue, total: total, last: lastWritten?[family]?[table] ?? total)
            }
        }
    }

    package func takeCleaning() -> FlowCleaning? {
        defer { lastCleaning = nil }
        return lastCleaning
    }

    package func beginUpdate(_ node: NodeView, _ index: inout ServiceIndex) throws -> RulesWork<Bool> {
        guard var planner else { return .done(false) }
        // The one copy, so that it is changed in place.
        self.planner = nil
        planner.move(to: node)
        index.plan(with: &planner)
        let (changes, flows) = planner.takeChanges()
        self.planner = planner
        draining.start(flows.draining) { [unowned self] in self.planner?.serves($0) == true }
        if changes.isEmpty, flows.isEmpty { return .done(false) }
        unfinished = Array((unfinished + flows.stale).suffix(Self.unfinishedLimit))
        return try worker.run { (tables, _) throws(IPTablesError) in
            try tables.write(changes)
            return changes.count
        } finish: { [unowned self] _ in
            lastWritten = changes.mapValues { change in
                change.written.reduce(into: Dictionary(uniqueKeysWithValues: IPTablesTable.allCases.map { ($0, 0) })) {
                    $0[$1.key.table, default: 0] += $1.value.count
                }
            }
            try finish()
            return true
        }
    }

    package func beginRepair() throws -> RulesWork<Int> {
        guard let planner else { return .done(0) }
        let rules = Dictionary(uniqueKeysWithValues: IPFamily.allCases.map { ($0, planner.rules($0)) })
        return try worker.run { (tables, leftovers) throws(IPTablesError) in
            try tables.bring(to: rules, &leftovers)
        } finish: { [unowned self] outcome in
            checkAgain(after: outcome)
            try finish()
            return outcome.count
        }
    }

    package func end() { worker.join() }

    /// Only once the rules are there: before, a client could still be sent to an endpoint that is gone.
    private func finish() throws(NFTError) {
        if unfinished.isEmpty { return }
        lastCleaning = try conntrack?.clean(unfinished)
        unfinished = []
    }

    /// Looks again after a while: long enough that looking takes a twentieth of the time at most.
    private func checkAgain(after outcome: IPTablesWorker.Outcome) {
        if let checkTimer { loop.cancel(checkTimer) }
        let pause = max(period(), outcome.duration * 20)
        checkTimer = loop.after(pause) { [unowned self] in onDisturbance(.zero) }
    }
}
