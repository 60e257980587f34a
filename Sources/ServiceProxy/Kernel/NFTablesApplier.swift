package import Daemon
internal import Glibc
internal import Linux
package import NFTables

/// The table of nf_tables. Whoever touches it is noticed at once.
package final class NFTablesApplier: RulesApplier {
    package let mode = ProxyMode.nftables

    private var planner: Planner?
    private var nft: NFTSocket
    private var conntrack: Conntrack
    private let draining: Draining
    private var lastCleaning: FlowCleaning?
    private var monitor: NFTMonitor?
    private let monitorSpace: Int32
    /// Changes that were refused, or of which what follows was: the table is put right as a whole, and this remains.
    private var unfinished: [TableChange] = []
    private static let unfinishedLimit = 256
    /// Begun with the process, used by the first takeover.
    private var reading: ThreadResult<TableReading>?
    private let loop: EventLoop
    /// Called when a repair is due, after a while.
    private let onDisturbance: (Duration) -> Void

    package init(
        _ loop: EventLoop, monitorSpace: Int32 = 4 << 20, isRefused: (() -> Bool)? = nil,
        onDisturbance: @escaping (Duration) -> Void
    ) throws(NFTError) {
        self.loop = loop
        self.monitorSpace = monitorSpace
        self.onDisturbance = onDisturbance
        nft = try NFTSocket(isRefused: isRefused)
        conntrack = try Conntrack()
        draining = Draining(loop)
        reading = try? TableReading.begin()
    }

    package private(set) var hasPlan = false

    package func takeOver(_ node: NodeView, _ index: inout ServiceIndex) throws -> Takeover {
        let found = try found()
        let installed = found.table
        // One that has failed before has heard already what the index will not tell again.
        let isFirst = self.planner == nil
        var planner = self.planner ?? Planner(node, remembering: found.slots)
        planner.move(to: node)
        index.plan(with: &planner)
        let wanted = isFirst ? planner.start() : planner.ruleset
        _ = planner.takeChanges()
        self.planner = planner
        var changes = installed.changes(to: wanted)
        var takeover = Takeover()
        changes.append(try takeover.leftovers.nftablesRemoval(&nft))
        if !changes.isEmpty { try nft.commit(changes) }
        hasPlan = true
        // The legacy tables are another system: theirs go once ours lead where theirs led.
        takeover.leftovers.removeLegacy(IPTablesPrograms.installed())
        takeover.changes = changes.changes.count
        // Only now, so that it does not tell of all that. Whatever others have done since the table was read shows in the
        // number, which grows by one with each transaction.
        try watch()
        if try nft.generation() != found.generation &+ (changes.isEmpty ? 0 : 1) { onDisturbance(.zero) }
        let slots = changes.isEmpty ? found.slots : SlotMemory(wanted)
        try follow(TableChange(from: found.slots, to: slots))
        // What nobody has followed, or another has led. What cannot be looked at ends when nothing comes any more.
        if !changes.isEmpty { lastCleaning = try? conntrack.clean(strangersTo: planner) }
        return takeover
    }

    /// The table as it is. What could not be read early is read again, and whoever does is told why.
    private func found() throws(NFTError) -> TableReading {
        let early = try? reading.take()?.wait()
        if let early, try nft.generation() == early.generation { return early }
        return try TableReading(&nft)
    }

    package func ruleCounts() -> [RuleCount] { [] }

    package func takeCleaning() -> FlowCleaning? {
        defer { lastCleaning = nil }
        return lastCleaning
    }

    package func update(_ node: NodeView, _ index: inout ServiceIndex) throws -> Bool {
        planner?.move(to: node)
        guard var planner else { return false }
        // The one copy, so that it is changed in place.
        self.planner = nil
        index.plan(with: &planner)
        let changes = planner.takeChanges()
        self.planner = planner
        draining.start(changes.flows.draining) { [unowned self] in self.planner?.serves($0) == true }
        if changes.isEmpty { return false }
        // As long as there are any, everything goes by way of the repair.
        guard unfinished.isEmpty else {
            remember(changes)
            return try repair() > 0
        }
        do {
            try nft.commit(changes.transaction)
        } catch {
            remember(changes)
            throw error
        }
        try follow(changes)
        return true
    }

    /// What comes after a commit.
    private func follow(_ change: TableChange) throws {
        var rest = change
        do {
            lastCleaning = try nft.finish(&rest, &conntrack)
        } catch {
            remember(rest)
            throw error
        }
    }

    package func repair() throws -> Int {
        // The start may have come no further than here.
        try watch()
        let installed = try InstalledTable(&nft)
        // Of changes that were refused it is known which slots they are about.
        if unfinished.isEmpty { planner?.adopt(installed.slots) }
        guard let planner else { return 0 }
        let changes = installed.changes(to: planner.ruleset)
        if !changes.isEmpty { try nft.commit(changes) }
        while !unfinished.isEmpty {
            try nft.finish(&unfinished[0], &conntrack)
            unfinished.removeFirst()
        }
        return changes.changes.count
    }

    /// Of a kernel that goes on refusing, only the last are kept: clients of the others will have gone.
    private func remember(_ change: TableChange) {
        unfinished.append(change)
        if unfinished.count > Self.unfinishedLimit { unfinished.removeFirst() }
    }

    private func watch() throws(NFTError) {
        if monitor != nil { return }
        let monitor = try NFTMonitor(receiveSpace: monitorSpace)
        do {
            try loop.watch(monitor.descriptor) { [unowned self] _ in tableChanged() }
        } catch {
            throw NFTError("watch", "the table", error.errno)
        }
        self.monitor = consume monitor
    }

    /// Somebody has changed something: was it our table, and somebody else?
    private func tableChanged() {
        guard let events = try? monitor?.receive() else { return onDisturbance(.milliseconds(10)) }
        var touchesOurs = false
        for event in events {
            switch event {
            case .changed(let change): if change.table == ProxySet.table { touchesOurs = true }
            case .committed(_, let thread, _):
                // The loop is the process's first thread, which has its number.
                if touchesOurs, thread != getpid() { return onDisturbance(.milliseconds(1)) }
                touchesOurs = false
            case .overrun: return onDisturbance(.milliseconds(10))
            }
        }
    }
}
