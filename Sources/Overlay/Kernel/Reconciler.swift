package import Linux
package import NetTypes
package import Netlink

/// Makes the kernel hold what the leases ask for: reads, compares, writes the difference. It owns its socket and the
/// last known state, so that one changed lease costs one lease's work.
package struct Reconciler: ~Copyable {
    private var socket: NetlinkSocket
    package private(set) var desired: DesiredState?
    package private(set) var found = FoundState()
    /// What could not be done, by peer; entries that belong to no peer are under nil.
    package private(set) var failures: [SubnetKey?: PeerFailure] = [:]
    /// Interface indices of our devices.
    package private(set) var vteps: [IPFamily: InterfaceIndex] = [:]

    package init(_ socket: consuming NetlinkSocket) { self.socket = socket }

    /// Compares everything and puts right what differs.
    ///
    /// Without `collectsGarbage` nothing is removed: leases that are not known yet must not look like nodes that left.
    package mutating func reconcile(
        _ situation: Situation, leases: some Sequence<Lease>, collectsGarbage: Bool
    ) throws(ReconcileError) -> ReconcileReport {
        var report = ReconcileReport()
        let leases = Array(leases)
        vteps = vteps.filter { device in situation.vteps.contains { $0.family == device.key } }
        for wish in situation.vteps {
            let (index, changes) = try ensure(wish)
            if vteps[wish.family] != index { report.hasNewDevice = true }
            vteps[wish.family] = index
            report.deviceChanges += changes
        }
        let planner = Planner(config: situation.config, facts: facts(situation, leases))
        var state = desired ?? DesiredState(planner: planner)
        if desired == nil || state.planner != planner {
            state.replan(planner, leases: leases)
        } else {
            let changes = state.leaseChanges(leases)
            if !changes.isEmpty { _ = state.update(changes) }
        }
        desired = state
        do throws(NetlinkError) {
            found = try FoundState(&socket, config: situation.config, facts: planner.facts)
        } catch {
            throw ReconcileError(object: "the kernel's tables", cause: error.description)
        }
        let before = failures
        failures = [:]
        apply(state.difference(found: found, collectsGarbage: collectsGarbage), after: before, into: &report)
        return report
    }

    /// Follows changed leases (nil: gone) without looking at the rest. Only after a first `reconcile`.
    package mutating func follow(_ changes: [SubnetKey: Lease?], collectsGarbage: Bool) -> ReconcileReport {
        var report = ReconcileReport()
        guard var state = desired else { return report }
        if state.planner.config.isDirectRouting {
            var planner = state.planner
            for lease in changes.values.compactMap(\.self) { note(direct: lease, in: &planner) }
            state.adopt(planner)
        }
        let keys = state.update(changes)
        // Who had one of these entries is planned anew, also those that only share a claim with a changed lease.
        for key in keys {
            if let peer = desired?.owner[key] { failures[peer] = nil }
        }
        desired = state
        apply(state.difference(keys, found: found, collectsGarbage: collectsGarbage), after: failures, into: &report)
        return report
    }

    /// Tries again the peers whose waiting time is over.
    package mutating func retry(now: MonotonicTime = .now, collectsGarbage: Bool) -> ReconcileReport {
        var report = ReconcileReport()
        guard let state = desired else { return report }
        let before = failures
        let due = before.filter { $0.value.nextAttempt <= now }.compactMap(\.key)
        // Also one that has nothing left to do: it would stay due, and be tried again at once and for ever.
        for peer in due { failures[peer] = nil }
        let keys = Set(due.flatMap { Array((state.plans[$0]?.entries ?? [:]).keys) })
        apply(state.difference(keys, found: found, collectsGarbage: collectsGarbage), after: before, into: &report)
        return report
    }

    /// When the next failed peer is due.
    package var nextRetry: MonotonicTime? { failures.compactMap { $0.key == nil ? nil : $0.value.nextAttempt }.min() }

    /// What `reconcile` would do, in words, without doing it.
    package mutating func preview(_ situation: Situation, leases: [Lease]) throws(ReconcileError) -> [String] {
        var lines: [String] = []
        for wish in situation.vteps {
            do {
                let link = try find(wish.name)
                lines += try wish.linkSteps(found: link).map(\.description)
                if let link {
                    let addresses = try socket.addresses(wish.family, on: link.index)
                    lines += wish.addressSteps(index: link.index, found: addresses).map(\.description)
                }
                // An index that no link has stands for a device that is not there.
                vteps[wish.family] = link?.index ?? -1
            } catch {
                throw ReconcileError(object: wish.name, cause: "\(error)")
            }
        }
        var state = DesiredState(planner: Planner(config: situation.config, facts: facts(situation, leases)))
        state.replan(state.planner, leases: leases)
        desired = state
        do throws(NetlinkError) {
            found = try FoundState(&socket, config: situation.config, facts: state.planner.facts)
        } catch {
            throw ReconcileError(object: "the kernel's tables", cause: error.description)
        }
        let difference = state.difference(found: found, collectsGarbage: true)
        lines += difference.changes.map(\.description)
        lines += difference.conflicts.map(\.description)
        return lines
    }

    // MARK: Devices

    private mutating func ensure(_ wish: VTEPWish) throws(ReconcileError) -> (InterfaceIndex, [String]) {
        do {
            var link = try find(wish.name)
            var steps: [DeviceStep] = []
            if link == nil, let renamed = try renamed(wish) {
                steps.append(DeviceStep(.deleteLink(.index(renamed.index)), "\(wish.name) was renamed \(renamed.name)"))
            }
            steps += try wish.linkSteps(found: link)
            if !steps.isEmpty {
                try run(steps, for: wish)
                link = try find(wish.name)
                // Router advertisements are none of the tunnel's business; flannel says so too.
                if wish.family == .v6 { try? Files.write("/proc/sys/net/ipv6/conf/\(wish.name)/accept_ra", "0") }
            }
            guard let link else { throw ReconcileError(object: wish.name, cause: "vanished while it was set up") }
            let addresses = wish.addressSteps(
                index: link.index, found: try socket.addresses(wish.family, on: link.index))
            for step in addresses { try socket.run(step.request) }
            return (link.index, (steps + addresses).map(\.description))
        } catch let error as ReconcileError {
            throw error
        } catch {
            throw ReconcileError(object: wish.name, cause: "\(error)")
        }
    }

    private mutating func run(_ steps: [DeviceStep], for wish: VTEPWish) throws(NetlinkError) {
        for step in steps {
            do throws(NetlinkError) {
                try socket.run(step.request)
            } catch {
                // A kernel that cannot change this on a living device gets a new device with the same address.
                guard case .changeLink(_, _, .some) = step.request, error.isNotSupported else { throw error }
                try socket.run(.deleteLink(.name(wish.name)))
                try socket.run(wish.creation)
                return
            }
        }
    }

    private mutating func find(_ name: String) throws(NetlinkError) -> Link? {
        do { return try socket.link(.name(name)) } catch  where error.isNotFound { return nil }
    }

    /// Our device of the last pass under another name. It holds the VNI, so that no other could be made.
    private mutating func renamed(_ wish: VTEPWish) throws(NetlinkError) -> Link? {
        guard let index = vteps[wish.family] else { return nil }
        do throws(NetlinkError) {
            let link = try socket.link(.index(index))
            guard case .vxlan(let settings) = link.kind, settings.id == wish.settings.id else { return nil }
            return link
        } catch  where error.isNotFound {
            return nil
        }
    }

    // MARK: Facts

    private mutating func facts(_ situation: Situation, _ leases: [Lease]) -> NodeFacts {
        func family(_ family: IPFamily) -> NodeFacts.FamilyFacts? {
            guard situation.config[family] != nil, let address = situation.underlay[family] else { return nil }
            return NodeFacts.FamilyFacts(
                publicAddress: address.published, underlay: situation.underlay.index, vtep: vteps[family],
                vtepMAC: situation.macs[family])
        }
        let facts = NodeFacts(
            subnet: situation.subnet, v4: family(.v4), v6: family(.v6), hasBlackholeRoute: situation.hasBlackholeRoute)
        var planner = Planner(config: situation.config, facts: facts)
        if situation.config.isDirectRouting {
            for lease in leases { note(direct: lease, in: &planner) }
        }
        return planner.facts
    }

    /// Finds out whether the lease's node is on a network that we are on, too.
    private mutating func note(direct lease: Lease, in planner: inout Planner) {
        for family in planner.config.families {
            guard let address = lease.attributes.publicAddress(family) else { continue }
            var device: InterfaceIndex?
            if let route = try? socket.route(to: address), route.type == .unicast, route.gateway == nil {
                device = route.outputInterface
            }
            planner.facts.neighbours[address] = device
        }
    }

    // MARK: Applying

    /// Whoever fails again waits longer than `before` says.
    private mutating func apply(
        _ difference: Difference, after before: [SubnetKey?: PeerFailure], into report: inout ReconcileReport
    ) {
        let outcome = socket.apply(difference.changes)
        for change in outcome.applied { found.note(change) }
        report.applied += outcome.applied
        var reasons: [SubnetKey?: [String]] = [:]
        for (change, error) in outcome.failed { reasons[desired?.owner[change.key], default: []].append("\(error)") }
        for conflict in difference.conflicts {
            reasons[desired?.owner[conflict.key], default: []].append(conflict.description)
        }
        for (peer, reasons) in reasons {
            var failure = before[peer] ?? PeerFailure()
            failure.fail(reasons)
            failures[peer] = failure
            report.failed.append((peer, reasons))
        }
    }
}
