package import Linux

/// What the store tells about leases.
package enum LeaseEvent: Hashable, Sendable {
    /// All leases there are at the store's revision given: at start, and after a gap in the watch.
    case snapshot([Lease], revision: Int64 = .max)
    case put(Lease)
    case removed(SubnetKey)
}

/// All leases that are known. A value: events in, the subnets whose lease changed out.
package struct LeaseTable: Hashable, Sendable {
    package private(set) var leases: [SubnetKey: Lease] = [:]
    /// Before the first full snapshot nobody may conclude from a lease's absence that its node is gone.
    package private(set) var hasSnapshot = false

    /// Leases that the store has lost, not their nodes: they count until then, unless they come back before.
    package private(set) var remembered: [SubnetKey: MonotonicTime] = [:]

    package init() {}

    /// Applies an event. The result names the leases that came, went, or say something else than before; one that was
    /// only renewed is not among them.
    package mutating func apply(_ event: LeaseEvent) -> Set<SubnetKey> {
        switch event {
        case .snapshot(let list, _):
            var fresh = Dictionary(list.map { ($0.subnet, $0) }) { $0.revision > $1.revision ? $0 : $1 }
            remembered = remembered.filter { fresh[$0.key] == nil }
            for subnet in remembered.keys { fresh[subnet] = leases[subnet] }
            var changed = Set(leases.keys).subtracting(fresh.keys)
            for (subnet, lease) in fresh where leases[subnet]?.attributes != lease.attributes { changed.insert(subnet) }
            leases = fresh
            hasSnapshot = true
            return changed
        case .put(let lease):
            remembered[lease.subnet] = nil
            let before = leases.updateValue(lease, forKey: lease.subnet)
            return before?.attributes == lease.attributes ? [] : [lease.subnet]
        case .removed(let subnet):
            remembered[subnet] = nil
            return leases.removeValue(forKey: subnet) == nil ? [] : [subnet]
        }
    }

    /// Keeps leases that are gone from the store although their nodes are not: it was wiped, or restored from a backup.
    /// Their revisions are of a count that has ended: whatever the store says now is later.
    package mutating func remember(_ lost: some Sequence<Lease>, for time: Duration) {
        for var lease in lost {
            lease.revision = 0
            leases[lease.subnet] = lease
            remembered[lease.subnet] = .now + time
        }
    }

    /// Gives up leases that nobody has taken again in time; the result names them.
    package mutating func forgetExpired(now: MonotonicTime = .now) -> Set<SubnetKey> {
        let expired = Set(remembered.filter { $0.value <= now }.keys)
        for subnet in expired {
            remembered[subnet] = nil
            leases[subnet] = nil
        }
        return expired
    }

    /// Leases from the local cache, to start with while the store is away. They are no snapshot.
    package mutating func seed(_ cached: [Lease]) {
        for lease in cached where leases[lease.subnet] == nil { leases[lease.subnet] = lease }
    }
}
