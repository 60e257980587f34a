/// Everything that the overlay wants in the kernel besides devices and rules, and whose each entry is. A value: leases and
/// facts in, the keys to look at out.
package struct DesiredState: Sendable {
    package private(set) var planner: Planner
    package private(set) var peers = PeerSet()
    package private(set) var plans: [SubnetKey: PeerPlan] = [:]
    package private(set) var entries: [EntryKey: Entry] = [:]
    /// The peer of an entry; entries of this node itself have none.
    package private(set) var owner: [EntryKey: SubnetKey] = [:]

    package init(planner: Planner) {
        self.planner = planner
        entries = planner.ownEntries
    }

    /// Plans anew everything for changed configuration or facts.
    package mutating func replan(_ planner: Planner, leases: some Sequence<Lease>) {
        self = DesiredState(planner: planner)
        for lease in leases { _ = peers.update(lease.subnet, to: Peer(lease: lease, config: planner.config)) }
        for subnet in peers.peers.keys { _ = plan(subnet) }
    }

    /// Takes a planner that differs only in facts about peers that are planned anew next.
    mutating func adopt(_ planner: Planner) { self.planner = planner }

    /// How the leases given differ from those planned for.
    func leaseChanges(_ leases: [Lease]) -> [SubnetKey: Lease?] {
        var changes: [SubnetKey: Lease?] = [:]
        var gone = Set(peers.peers.keys)
        for lease in leases {
            gone.remove(lease.subnet)
            if peers.peers[lease.subnet] != Peer(lease: lease, config: planner.config) {
                changes.updateValue(lease, forKey: lease.subnet)
            }
        }
        for subnet in gone { changes.updateValue(nil, forKey: subnet) }
        return changes
    }

    /// Takes in changed leases (nil: gone). The result names the keys whose entry may have changed.
    package mutating func update(_ changes: [SubnetKey: Lease?]) -> Set<EntryKey> {
        var affected: Set<SubnetKey> = []
        for (subnet, lease) in changes {
            affected.formUnion(peers.update(subnet, to: lease.map { Peer(lease: $0, config: planner.config) }))
        }
        // All old claims go before the new ones come, so that an entry may pass from one peer to another.
        var touched: Set<EntryKey> = []
        for subnet in affected {
            for key in (plans.removeValue(forKey: subnet)?.entries ?? [:]).keys where owner[key] == subnet {
                entries[key] = nil
                owner[key] = nil
                touched.insert(key)
            }
        }
        for subnet in affected { touched.formUnion(plan(subnet)) }
        return touched
    }

    private mutating func plan(_ subnet: SubnetKey) -> [EntryKey] {
        guard let peer = peers.peers[subnet], let plan = planner.plan(peer, among: peers) else { return [] }
        plans[subnet] = plan
        for (key, entry) in plan.entries {
            entries[key] = entry
            owner[key] = subnet
        }
        return Array(plan.entries.keys)
    }
}
