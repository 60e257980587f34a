internal import Daemon
internal import Linux
internal import NFTables
internal import NetTypes
internal import Netlink

/// What the kernel says, and when to look again because of it.
extension OverlayDaemon {
    func watchKernel() throws {
        try loop.watch(monitor.descriptor) { [unowned self] _ in hearKernel() }
        try loop.watch(ruleMonitor.descriptor) { [unowned self] _ in hearRules() }
    }

    private func hearKernel() {
        let events: [NetlinkEvent]
        do throws(NetlinkError) {
            events = try monitor.receive()
        } catch {
            // Whatever was lost by it is found by looking.
            log.warning("kernel events unreadable", ["reason": error.description])
            return scheduleReconcile("events unreadable", after: .milliseconds(100))
        }
        let wishes = (situation?.vteps ?? []).compactMap { wish in reconciler.vteps[wish.family].map { ($0, wish) } }
        let relevance = KernelRelevance(
            state: reconciler.desired, vteps: Dictionary(uniqueKeysWithValues: wishes), underlay: underlay?.index,
            followsDefaultRoute: !selection.namesInterface, hasFailures: !reconciler.failures.isEmpty,
            lacksDevice: nodeProblems["devices"] != nil)
        for event in events {
            if event == .overrun {
                metrics.kernelOverruns.increment()
                log.warning("kernel events lost; reading everything")
            }
            switch relevance.judge(event) {
            case .nothing: break
            case .repair: repair(event)
            case .surroundings: scheduleReconcile("surroundings", after: .milliseconds(20))
            }
        }
    }

    /// Something of ours was touched. The first repair comes at once; a fight with another program is slowed down.
    private func repair(_ event: NetlinkEvent) {
        if reconcileTimer == nil {
            if lastRepair.map({ MonotonicTime.now - $0 > .seconds(5) }) ?? true { repairBackoff.reset() }
            lastRepair = .now
        }
        log.debug("touched by another", ["event": "\(event)"])
        scheduleReconcile("repair", after: reconcileTimer == nil ? repairBackoff.next() : .milliseconds(500))
    }

    private func hearRules() {
        let events = (try? ruleMonitor.receive()) ?? [.overrun]
        let isOurs = events.contains { event in
            switch event {
            case .changed(let change):
                change.table.name == TrafficRules.table.name && change.table.family == TrafficRules.table.family
            case .overrun: true
            case .committed: false
            }
        }
        guard isOurs, !isRuleCheckScheduled else { return }
        isRuleCheckScheduled = true
        loop.after(.milliseconds(20)) { [unowned self] in
            isRuleCheckScheduled = false
            checkRules()
        }
    }
}
