internal import Daemon
internal import Linux
internal import NetTypes
internal import Netlink

/// What the store says, and what follows from it.
extension OverlayDaemon {
    func obey(_ event: SessionEvent) {
        switch event {
        case .config(let config): take(config)
        case .own(let lease): take(lease)
        case .leases(let events): for event in events { take(event) }
        case .node(let wishes): take(wishes)
        case .unreadable(let names):
            if names == unreadable { break }
            unreadable = names
            if names.isEmpty { return log.info("all leases are readable again") }
            log.warning("leases unreadable", ["count": names.count, "first": names.first ?? ""])
        case .trouble(let part, nil) where troubles[part] == nil: break
        case .trouble(let part, let trouble):
            let isNew = troubles.updateValue(trouble ?? "", forKey: part) == nil
            if trouble == nil { troubles[part] = nil }
            if let trouble {
                // Each attempt fails in words of its own; the first tells enough.
                if isNew {
                    log.warning("store trouble", ["part": part.rawValue, "reason": trouble])
                } else {
                    log.debug("store trouble goes on", ["part": part.rawValue, "reason": trouble])
                }
                startFromCache()
            } else {
                log.info("store works again", ["part": part.rawValue])
            }
        }
    }

    private func take(_ config: PublishedConfig) {
        defer { isConfigConfirmed = true }
        if config == published { return report(Self.configuration, nil) }
        if let current = published?.config, current != config.config {
            let obstacles = own == nil ? [] : current.obstacles(to: config.config)
            if !obstacles.isEmpty && isConfigConfirmed {
                let changes = obstacles.joined(separator: ", ")
                return report(Self.configuration, "restart poplin overlay on every node to follow: \(changes)")
            }
            // What the cache told is out of date: this is the start.
            if !obstacles.isEmpty {
                own = nil
                isFromCache = false
                hasStood = false
            }
            log.info("configuration changed", ["config": config.text])
        }
        report(Self.configuration, nil)
        published = config
        scheduleCacheWrite()
        holdLease()
        scheduleReconcile("configuration", after: .zero)
    }

    private func take(_ lease: OwnLease) {
        let isNew = own?.lease.subnet != lease.lease.subnet || isFromCache
        let isChanged = own?.lease.attributes != lease.lease.attributes
        own = lease
        isFromCache = false
        if lease.wasRecreated { log.warning("lease was gone and is made again", ["subnet": lease.lease.subnet]) }
        if isNew || isChanged {
            log.info(
                "lease held",
                [
                    "subnet": lease.lease.subnet, "reservation": lease.lease.isReservation,
                    "value": lease.lease.attributes.json,
                ])
        }
        previousSubnet = lease.lease.subnet
        scheduleCacheWrite()
        if isNew { scheduleReconcile("lease", after: .zero) }
    }

    /// Whatever has changed about our Node: its subnet and its annotations are the keeper's to look at.
    private func take(_ wishes: NodeWishes) {
        let isNew = wishes != self.wishes
        self.wishes = wishes
        report(Self.annotations, wishes.problems.isEmpty ? nil : wishes.problems.joined(separator: "; "))
        if isNew {
            cache.wishes = wishes
            scheduleCacheWrite()
            holdLease()
            scheduleReconcile("node", after: .zero)
        }
        keeper?.post(.check)
    }

    private func take(_ event: LeaseEvent) {
        rememberWhatTheStoreLost(event)
        if case .removed(let subnet) = event, let lease = leases.leases[subnet] { removed[subnet] = lease }
        let changed = leases.apply(event)
        for subnet in changed { pending.updateValue(leases.leases[subnet], forKey: subnet) }
        if pendingSince == nil && !changed.isEmpty { pendingSince = .now }
        checkOwnLease(event)
        if case .snapshot = event {
            isCacheBehind = true
            // What is in the kernel may be of leases that ended while nobody watched.
            scheduleReconcile("snapshot", after: .zero)
        } else if !isFlushScheduled {
            isFlushScheduled = true
            loop.after(.zero) { [unowned self] in
                isFlushScheduled = false
                follow()
            }
        }
    }

    /// A store that was wiped tells of no peers, but they live, and will say so again: poplin at once, flanneld when it
    /// renews or restarts. Until then, or until their old leases would have ended, what we know of them holds.
    private func rememberWhatTheStoreLost(_ event: LeaseEvent) {
        guard case .snapshot(let list, let revision) = event else { return }
        let listed = Set(list.map(\.subnet) + [own?.lease.subnet ?? cache.own?.subnet].compactMap(\.self))
        // The first list of a run is held against what the run before has left on disk.
        let known = leases.hasSnapshot ? Array(leases.leases.values) : cache.leases
        if !leases.hasSnapshot {
            for lease in known where !listed.contains(lease.subnet) {
                guard let time = cache.remainingMemory(of: lease.subnet) else { continue }
                leases.remember([lease], for: time)
            }
        }
        guard StoreLoss.isShown(by: list, revision: revision, known: known) else { return }
        let time = leases.hasSnapshot ? .seconds(OwnLease.termSeconds) : cache.remainingTerm()
        let lost = known.filter { !listed.contains($0.subnet) && leases.remembered[$0.subnet] == nil }
        if lost.isEmpty || time <= .zero { return }
        log.warning(
            "store has lost leases; keeping the peers until they would have ended",
            ["count": lost.count, "seconds": Int(time.seconds)])
        leases.remember(lost, for: time)
    }

    /// Somebody deleted our lease together with others': the same, for as long as nodes need to take theirs again.
    func rememberWhatWentWithOurs() {
        defer { removed = [:] }
        guard let own, removed[own.lease.subnet] != nil, removed.count > 1 else { return }
        let lost = removed.values.filter { $0.subnet != own.lease.subnet && leases.leases[$0.subnet] == nil }
        if lost.isEmpty { return }
        log.warning("leases were deleted together with ours; keeping the peers for a minute", ["count": lost.count])
        leases.remember(lost, for: .seconds(60))
        for lease in lost { pending[lease.subnet] = nil }
    }

    /// Our own lease is kept by the keeper; what the watch sees of it is a hint that somebody else touched it.
    private func checkOwnLease(_ event: LeaseEvent) {
        guard let own, !isFromCache else { return }
        let subnet = own.lease.subnet
        let isSuspicious: Bool
        switch event {
        case .snapshot: isSuspicious = leases.leases[subnet]?.attributes != own.lease.attributes
        case .removed(let removed): isSuspicious = removed == subnet
        case .put(let lease):
            isSuspicious =
                lease.subnet == subnet && lease.revision > own.lease.revision
                && lease.attributes != own.lease.attributes
        }
        if isSuspicious { keeper?.post(.check) }
    }

    /// Says who we are to the store, once that is known, and again when it has changed.
    func holdLease() {
        guard let config = published?.config else { return }
        // An operator may have said which address is ours; without that, another would be published first.
        if options.kubernetes != nil && wishes == nil && !isFromCache { return }
        selectUnderlay()
        guard let underlay else { return }
        chooseMACs(config)
        let attributes = Situation.attributes(config, underlay, macs)
        if let own, !isFromCache, own.lease.attributes == attributes { return }
        keeper?.post(.hold(LeaseIdentity(attributes: attributes, previous: previousSubnet), config))
    }

    /// With the store away, or refusing to write (etcd over its quota), the node goes on from what it knew; nothing is
    /// removed until the store has spoken.
    func startFromCache() {
        guard own == nil, let lease = cache.own,
            let config = published ?? cache.configText.flatMap({ try? PublishedConfig($0, subnets: options.subnets) }),
            SubnetChoice.fits(lease.subnet, config.config),
            leases.leases[lease.subnet].map({ $0.attributes == lease.attributes }) ?? true
        else { return }
        published = config
        own = OwnLease(lease: lease, remaining: nil)
        isFromCache = true
        leases.seed(cache.leases)
        if wishes == nil { wishes = cache.wishes }
        log.warning("store is away; starting from the cache", ["subnet": lease.subnet, "leases": cache.leases.count])
        selectUnderlay()
        chooseMACs(config.config)
        // The keeper asks for this lease, and no other, when the store is back.
        holdLease()
        scheduleReconcile("cache", after: .zero)
    }
}
