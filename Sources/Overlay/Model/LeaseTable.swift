/// What the store tells about leases.
package enum LeaseEvent: Hashable, Sendable {
    /// All leases there are: at start, and after a gap in the watch.
    case snapshot([Lease])
    case put(Lease)
    case removed(SubnetKey)
}

/// All leases that are known. A value: events in, the subnets whose lease changed out.
package struct LeaseTable: Hashable, Sendable {
    package private(set) var leases: [SubnetKey: Lease] = [:]
    /// Before the first full snapshot nobody may conclude from a lease's absence that its node is gone.
    package private(set) var hasSnapshot = false

    package init() {}

    /// Applies an event. The result names the leases that came, went, or say something else than before; one that was
    /// only renewed is not among them.
    package mutating func apply(_ event: LeaseEvent) -> Set<SubnetKey> {
        switch event {
        case .snapshot(let list):
            let fresh = Dictionary(list.map { ($0.subnet, $0) }) { $0.revision > $1.revision ? $0 : $1 }
            var changed = Set(leases.keys).subtracting(fresh.keys)
            for (subnet, lease) in fresh where leases[subnet]?.attributes != lease.attributes { changed.insert(subnet) }
            leases = fresh
            hasSnapshot = true
            return changed
        case .put(let lease):
            let before = leases.updateValue(lease, forKey: lease.subnet)
            return before?.attributes == lease.attributes ? [] : [lease.subnet]
        case .removed(let subnet):
            return leases.removeValue(forKey: subnet) == nil ? [] : [subnet]
        }
    }

    /// Leases from the local cache, to start with while the store is away. They are no snapshot.
    package mutating func seed(_ cached: [Lease]) {
        for lease in cached where leases[lease.subnet] == nil { leases[lease.subnet] = lease }
    }
}
