internal import Daemon
internal import Linux
internal import NFTables
internal import NetTypes
internal import Netlink

/// What the daemon leaves for others and for its next run: rules, subnet.env, the cache.
extension OverlayDaemon {
    /// Compares our table with what it should be, and puts it right.
    func checkRules() {
        guard let situation else { return }
        do throws(NFTError) {
            let rules = TrafficRules(options.traffic, config: situation.config, subnet: situation.subnet)
            if !hasReplacedFlannel { replaceFlannel(by: rules) }
            let lines = try rules.reconcile(&nft)
            if !lines.isEmpty {
                metrics.ruleRepairs.increment()
                log.info("rules written", ["reason": lines.joined(separator: "; ")])
            }
            report("rules", nil)
        } catch {
            report("rules", error.description)
        }
    }

    /// Once, at the start: a flanneld that runs beside us would only make its rules again.
    private func replaceFlannel(by rules: TrafficRules) {
        hasReplacedFlannel = true
        do throws(NFTError) {
            let leftovers = try FlannelLeftovers(&nft)
            for kept in leftovers.kept { log.info("flannel's rules stay", ["what": kept]) }
            if leftovers.removed.isEmpty { return }
            try rules.replace(leftovers, &nft)
            log.info("flannel's rules replaced", ["what": leftovers.removed.joined(separator: ", ")])
        } catch {
            // They do no harm beside ours, which are written next.
            log.warning("flannel's rules stay", ["reason": error.description])
        }
    }

    /// Writes subnet.env where it is missing or says something else.
    func writeSubnetEnv(_ situation: Situation) {
        let text = situation.subnetEnv(masquerades: options.traffic.masquerades).text
        if (try? Files.readText(options.subnetFile)) == text { return report("subnet file", nil) }
        do throws(SystemError) {
            if let slash = options.subnetFile.lastIndex(of: "/"), slash > options.subnetFile.startIndex {
                try Files.makeDirectories(String(options.subnetFile[..<slash]))
            }
            try Files.replace(options.subnetFile, text.utf8, mode: 0o644)
            log.info("subnet file written", ["path": options.subnetFile])
            report("subnet file", nil)
        } catch {
            report("subnet file", error.description)
        }
    }

    /// Of what nobody tells us when it changes: rules by another's flush in between, files.
    func resync() {
        checkRules()
        guard hasStood, let situation else { return }
        writeSubnetEnv(situation)
        if nodeProblems[Self.stateDirectory] != nil { writeCache() }
        becomeReady()
    }

    func becomeReady() {
        guard isReady, !hasNotified else { return }
        hasNotified = true
        // A person who sees "ready" may ask `poplin status`, which reads the cache.
        writeCache()
        notifyReady()
        log.info("ready", ["subnet": own?.lease.subnet.description ?? ""])
        if options.kubernetes != nil { keeper?.post(.announce) }
        loop.after(.seconds(2)) { [unowned self] in settle() }
    }

    /// What only the start or the last changes needed, code of libraries and lists as text, is given back.
    private func settle() {
        CodePages.release()
        Allocator.trim()
    }

    // MARK: Cache

    func rememberDevices(_ situation: Situation) {
        let names = situation.vteps.map(\.name)
        // One of an earlier configuration, with another number, goes with its entries.
        for name in cache.devices where !names.contains(name) {
            guard let link = try? socket.link(.name(name)), case .vxlan = link.kind else { continue }
            do throws(NetlinkError) {
                try socket.run(.deleteLink(.index(link.index)))
                log.info("device of an earlier configuration removed", ["name": name])
            } catch {
                log.warning("device of an earlier configuration stays", ["name": name, "reason": error.description])
            }
        }
        if cache.devices != names {
            cache.devices = names
            scheduleCacheWrite()
        }
    }

    /// How long the cache may be behind.
    static let cachePause = Duration.seconds(2)

    /// The first change is written at once: `poplin check` holds the kernel against the cache. Changes come in bursts, of
    /// which the disk sees a write every two seconds.
    func scheduleCacheWrite() {
        isCacheBehind = true
        if cacheTimer == nil { writeCache(after: .zero) }
    }

    private func writeCache(after delay: Duration) {
        cacheTimer = loop.after(delay) { [unowned self] in
            cacheTimer = nil
            if delay > .zero && !isCacheBehind { return settle() }
            if isCacheBehind { writeCache() }
            writeCache(after: Self.cachePause)
        }
    }

    func writeCache() {
        isCacheBehind = false
        cache.configText = published?.text ?? cache.configText
        cache.own = own?.lease ?? cache.own
        if leases.hasSnapshot {
            cache.leases = Array(leases.leases.values)
            cache.remembered = leases.remembered.mapValues { CachedState.now + Int(max(.zero, $0 - .now).seconds) }
        }
        do throws(SystemError) {
            try cache.write(directory: options.stateDirectory)
            report(Self.stateDirectory, nil)
        } catch {
            report(Self.stateDirectory, error.description)
        }
    }
}
