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
    private var monitor: NFTMonitor?
    private let loop: EventLoop
    /// Called when a repair is due, after a while.
    private let onDisturbance: (Duration) -> Void

    package init(_ loop: EventLoop, onDisturbance: @escaping (Duration) -> Void) throws(NFTError) {
        self.loop = loop
        self.onDisturbance = onDisturbance
        nft = try NFTSocket()
        conntrack = try Conntrack()
    }

    package var hasPlan: Bool { planner != nil }

    package func takeOver(_ node: NodeView, _ index: inout ServiceIndex) throws -> Takeover {
        let installed = try InstalledTable(&nft)
        var planner = Planner(node, remembering: installed.slots)
        index.plan(with: &planner)
        var changes = installed.changes(to: planner.start())
        var takeover = Takeover()
        changes.append(try takeover.leftovers.nftablesRemoval(&nft))
        self.planner = planner
        if !changes.isEmpty { try nft.commit(changes) }
        // The legacy tables are another system: theirs go once ours lead where theirs led.
        takeover.leftovers.removeLegacy(IPTablesPrograms.installed())
        takeover.changes = changes.changes.count
        // Only now, so that it does not tell of all that.
        let generation = try nft.generation()
        try watch()
        if try nft.generation() != generation { onDisturbance(.zero) }
        return takeover
    }

    package func update(_ node: NodeView, _ index: inout ServiceIndex) throws -> Bool {
        planner?.move(to: node)
        guard var planner else { return false }
        // The one copy, so that it is changed in place.
        self.planner = nil
        index.plan(with: &planner)
        let changes = planner.takeChanges()
        self.planner = planner
        if changes.isEmpty { return false }
        try nft.commit(changes, &conntrack)
        return true
    }

    package func repair() throws -> Int {
        guard let planner else { return 0 }
        // The start may have come no further than here.
        try watch()
        let changes = try InstalledTable(&nft).changes(to: planner.ruleset)
        if !changes.isEmpty { try nft.commit(changes) }
        return changes.changes.count
    }

    private func watch() throws(NFTError) {
        if monitor != nil { return }
        let monitor = try NFTMonitor()
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
