internal import Daemon
internal import Linux

/// The rules in the kernel, whoever writes them.
extension ProxyDaemon {
    func takeOver(_ view: NodeView, by applier: any RulesApplier) throws {
        let takeover = try applier.takeOver(view, &index)
        for what in takeover.replaced { log.info("kube-proxy's rules replaced", ["what": what]) }
        for what in takeover.kept { log.warning("kube-proxy's rules have to stay", ["what": what]) }
        if takeover.changes > 0 { metrics.elements.increment() }
        log.info("rules taken over", ["changes": "\(takeover.changes)"])
    }

    func scheduleRepair(after delay: Duration) {
        if repairTimer != nil { return }
        repairTimer = loop.after(delay) { [unowned self] in
            repairTimer = nil
            repair()
        }
    }

    private func repair() {
        guard let applier, applier.hasPlan else { return changed() }
        do {
            let changes = try applier.repair()
            if changes > 0 {
                metrics.repairs.increment()
                log.warning("the rules were changed by somebody else, and put right", ["changes": "\(changes)"])
            }
            synced(.now)
        } catch {
            log.error("the rules could not be put right", ["reason": "\(error)"])
            metrics.failures.increment()
            scheduleRepair(after: repairBackoff.next())
        }
    }
}
