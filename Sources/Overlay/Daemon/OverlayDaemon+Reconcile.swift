internal import Daemon
internal import Glibc
internal import Linux
internal import NetTypes
internal import Netlink

/// Bringing the kernel in line.
extension OverlayDaemon {
    /// Asks for a full pass; several requests before it runs are one.
    func scheduleReconcile(_ reason: String, after delay: Duration) {
        let due = MonotonicTime.now + delay
        if let reconcileTimer {
            if reconcileTimer.due <= due { return }
            loop.cancel(reconcileTimer.timer)
        }
        log.debug("reconcile scheduled", ["reason": reason, "delay": "\(delay)"])
        let timer = loop.after(delay) { [unowned self] in
            reconcileTimer = nil
            reconcile()
        }
        reconcileTimer = (timer, due)
    }

    /// One full pass: underlay, devices, peers, rules, subnet.env.
    private func reconcile() {
        holdLease()
        guard let situation else { return }
        let since = pendingSince
        rememberWhatWentWithOurs()
        _ = leases.forgetExpired()
        pending = [:]
        pendingSince = nil
        let start = MonotonicTime.now
        defer { metrics.reconciliation.observe(.now - start) }
        do throws(ReconcileError) {
            let report = try reconciler.reconcile(
                situation, leases: leases.leases.values, collectsGarbage: leases.hasSnapshot)
            self.report("devices", nil)
            reconcileBackoff.reset()
            note(report, since: since)
        } catch {
            self.report("devices", error.description)
            scheduleReconcile("retry", after: reconcileBackoff.next())
            return
        }
        rememberDevices(situation)
        checkRules()
        writeSubnetEnv(situation)
        hasStood = true
        becomeReady()
        if isCacheBehind { writeCache() }
        // The kernel's tables and the store's list were in memory as text and as messages; they will not be again soon.
        Allocator.trim()
    }

    /// The leases that changed, and nothing else.
    func follow() {
        rememberWhatWentWithOurs()
        guard !pending.isEmpty, situation != nil, reconciler.desired != nil, reconcileTimer == nil else { return }
        let (changes, since) = (pending, pendingSince)
        pending = [:]
        pendingSince = nil
        note(reconciler.follow(changes, collectsGarbage: leases.hasSnapshot), since: since)
        scheduleCacheWrite()
    }

    private func retry() {
        retryTimer = nil
        note(reconciler.retry(collectsGarbage: leases.hasSnapshot), since: nil)
    }

    private func note(_ report: ReconcileReport, since: MonotonicTime?) {
        metrics.deviceChanges.increment(by: Double(report.deviceChanges.count))
        metrics.writes.increment(by: Double(report.applied.count))
        metrics.refusals.increment(by: Double(report.failed.count))
        if let since { metrics.convergence.observe(.now - since) }
        for change in report.deviceChanges { log.info("device changed", ["change": change]) }
        if !report.applied.isEmpty {
            log.info(
                "entries written",
                [
                    "count": report.applied.count,
                    "milliseconds": since.map { Int((MonotonicTime.now - $0).seconds * 1000) } ?? 0,
                ])
            for change in report.applied { log.debug("entry written", ["change": change]) }
        }
        for (peer, reasons) in report.failed {
            log.warning(
                "entries refused",
                ["peer": peer?.description ?? "none", "reasons": reasons.joined(separator: "; ")])
        }
        scheduleRetry()
    }

    private func scheduleRetry() {
        if let retryTimer { loop.cancel(retryTimer) }
        retryTimer = nil
        guard let due = reconciler.nextRetry else { return }
        retryTimer = loop.after(max(.zero, due - .now)) { [unowned self] in retry() }
    }

    // MARK: Facts

    /// The command line's request, unless the store has another for this node.
    var selection: InterfaceRequest { wishes.map { options.selection.with($0) } ?? options.selection }

    /// Looks which interface is the underlay. While none fits, the one chosen before stays.
    func selectUnderlay() {
        guard let config = published?.config else { return }
        do {
            let selection = selection
            let facts = try SelectionFacts(&socket, request: selection, families: config.families)
            let chosen = try Underlay(selection, facts, families: config.families)
            report("underlay", nil)
            if case .hostGateway = config.backend, let problem = chosen.hostGatewayProblem {
                report("underlay", problem)
                return
            }
            if chosen != underlay {
                log.info(
                    "underlay chosen",
                    [
                        "interface": chosen.name, "mtu": chosen.mtu,
                        "address": (chosen.v4 ?? chosen.v6)?.published.description ?? "",
                        "address_v6": chosen.v6?.published.description ?? "",
                    ])
                if let underlay, underlay.v4 != chosen.v4 || underlay.v6 != chosen.v6 {
                    for watcher in watchers { watcher.restart() }
                }
                underlay = chosen
            }
        } catch {
            report("underlay", "\(error)")
            // One timer: each pass comes here again, and a timer a pass would be ever more passes.
            if let underlayTimer { loop.cancel(underlayTimer) }
            underlayTimer = loop.after(.seconds(1)) { [unowned self] in
                underlayTimer = nil
                if underlay == nil { scheduleReconcile("underlay", after: .zero) }
            }
        }
    }

    /// The VTEPs' addresses: the living device's, else the one kept on disk, else the one that other nodes know already,
    /// else a new one. They are on disk before any
    /// other node hears of them.
    func chooseMACs(_ config: NetworkConfig) {
        guard case .vxlan(let vxlan) = config.backend else {
            macs = [:]
            return
        }
        for family in config.families where macs[family] == nil {
            let link = try? socket.link(.name(VTEPWish.name(family, vni: vxlan.vni)))
            let living: MACAddress? = if case .vxlan = link?.kind { link?.mac } else { nil }
            macs[family] = living ?? cache.macs[family] ?? wishes?.macs[family] ?? .random()
        }
        if cache.macs != macs {
            cache.macs = macs
            writeCache()
        }
    }
}

extension Underlay {
    /// A route through us must lead to us: behind a NAT there is no next hop to give.
    var hostGatewayProblem: String? {
        for address in [v4, v6].compactMap(\.self) where address.local != address.published {
            return "backend host-gw needs the public address \(address.published) to be one of \(name)'s own"
        }
        return nil
    }
}
