internal import Daemon
internal import Glibc
internal import Linux
internal import NFTables

/// The table in the kernel.
extension ProxyDaemon {
    /// The first time: what is there becomes ours, with as few changes as can be.
    func takeOver(_ view: NodeView) throws(NFTError) {
        let installed = try InstalledTable(&nft)
        var planner = Planner(view, remembering: installed.slots)
        index.plan(with: &planner)
        var changes = installed.changes(to: planner.start())
        for table in try KubeProxyTables.found(&nft) {
            log.info("kube-proxy's rules replaced", ["table": "\(table)"])
            changes.delete(table)
        }
        self.planner = planner
        if !changes.isEmpty {
            try nft.commit(changes)
            metrics.elements.increment()
        }
        log.info("rules taken over", ["changes": "\(changes.changes.count)"])
        // Only now, so that it does not tell of all that.
        let generation = try nft.generation()
        try watchTable()
        if try nft.generation() != generation { scheduleRepair(after: .zero) }
    }

    func update(_ view: NodeView) throws(NFTError) {
        planner?.move(to: view)
        if var planner {
            // The one copy, so that it is changed in place.
            self.planner = nil
            index.plan(with: &planner)
            let changes = planner.takeChanges()
            self.planner = planner
            if changes.isEmpty { return }
            try nft.commit(changes, &conntrack)
            metrics.elements.increment()
        }
    }

    private func watchTable() throws(NFTError) {
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
        guard let events = try? monitor?.receive() else { return scheduleRepair(after: .milliseconds(10)) }
        var touchesOurs = false
        for event in events {
            switch event {
            case .changed(let change): if change.table == ProxySet.table { touchesOurs = true }
            case .committed(_, let thread, _):
                // The loop is the process's first thread, which has its number.
                if touchesOurs, thread != getpid() { return scheduleRepair(after: .milliseconds(1)) }
                touchesOurs = false
            case .overrun: return scheduleRepair(after: .milliseconds(10))
            }
        }
    }

    func scheduleRepair(after delay: Duration) {
        if repairTimer != nil { return }
        repairTimer = loop.after(delay) { [unowned self] in
            repairTimer = nil
            repair()
        }
    }

    /// Compares all that is there with all that should be.
    private func repair() {
        guard let planner else { return }
        do {
            // The start may have come no further than here.
            try watchTable()
            let changes = try InstalledTable(&nft).changes(to: planner.ruleset)
            if changes.isEmpty { return synced(.now) }
            try nft.commit(changes)
            metrics.repairs.increment()
            log.warning(
                "the table was changed by somebody else, and put right", ["changes": "\(changes.changes.count)"])
            synced(.now)
        } catch {
            log.error("the table could not be put right", ["reason": "\(error)"])
            metrics.failures.increment()
            scheduleRepair(after: repairBackoff.next())
        }
    }
}
