internal import Daemon
internal import Linux

/// The rules in the kernel, whoever writes them.
extension ProxyDaemon {
    /// The mode asked for, or the best that the kernel has.
    func makeApplier() throws -> any RulesApplier {
        let choice = try ModeChoice(configuration.mode)
        for what in choice.missing { log.warning("the kernel lacks what mode nftables needs", ["what": what]) }
        let onDisturbance = { [unowned self] (delay: Duration) in scheduleRepair(after: delay) }
        guard let iptables = choice.iptables else {
            log.info("rules are written to nf_tables", ["mode": "\(choice.mode.rawValue)"])
            return try NFTablesApplier(loop, onDisturbance: onDisturbance)
        }
        log.info(
            "rules are written by iptables",
            [
                "mode": "\(choice.mode.rawValue)", "variant": iptables.variant?.rawValue ?? "",
                "because": iptables.reason,
            ])
        return IPTablesApplier(
            iptables, loop, period: { [unowned self] in configuration.ruleset.syncPeriod },
            onDisturbance: onDisturbance)
    }

    func tell(_ takeover: Takeover) {
        for what in takeover.leftovers.removed { log.info("earlier rules replaced", ["what": what]) }
        for what in takeover.leftovers.kept { log.warning("earlier rules have to stay", ["what": what]) }
        if takeover.changes > 0 { metrics.changes.increment() }
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
        // What is asked for while rules are written waits for their end.
        if isWriting { return isRepairDue = true }
        let begin = MonotonicTime.now
        write({ try applier.beginRepair() }) { [unowned self] result in
            switch result {
            case .success(let changes):
                metrics.synced(in: .now - begin, isFull: true)
                if changes > 0 {
                    metrics.repairs.increment()
                    log.warning("the rules were changed by somebody else, and put right", ["changes": "\(changes)"])
                }
                synced()
            case .failure(let error):
                log.error("the rules could not be put right", ["reason": "\(error)"])
                failed(isFull: true)
                scheduleRepair(after: repairBackoff.next())
            }
        }
    }

    /// Does one thing with the rules; others wait for its end. The handler is called once.
    func write<Value>(
        _ begin: () throws -> RulesWork<Value>, _ done: @escaping (Result<Value, any Error>) -> Void
    ) {
        isWriting = true
        let end = { [unowned self] (result: Result<Value, any Error>) in
            isWriting = false
            done(result)
            if isFlushDue { changed() }
            if isRepairDue { scheduleRepair(after: .zero) }
            (isFlushDue, isRepairDue) = (false, false)
        }
        do { try begin().whenDone(end) } catch { end(.failure(error)) }
    }

    func failed(isFull: Bool) {
        if pendingSince == nil { pendingSince = .now }
        if let applier { metrics.failed(applier.mode, isFull: isFull) }
    }
}
