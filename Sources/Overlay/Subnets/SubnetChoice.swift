package import NetTypes

/// Which lease a node should have: flannel's order of preference as a pure function of what the store holds.
package struct SubnetChoice: Hashable, Sendable {
    /// Our lease from before, to be written again with our present attributes.
    package var reuse: Lease?
    /// Leases of ours that no longer fit the network's configuration.
    package var obsolete: [Lease] = []
    /// A subnet to create a lease for, when there is none to reuse. Nil with no `reuse`: the network is full.
    package var create: SubnetKey?
}

/// What a node knows about itself when it asks for a lease.
package struct LeaseIdentity: Hashable, Sendable {
    package var attributes: LeaseAttributes
    /// The subnets that it had before, from subnet.env or its own cache.
    package var previous: SubnetKey?

    package init(attributes: LeaseAttributes, previous: SubnetKey? = nil) {
        self.attributes = attributes
        self.previous = previous
    }

    /// Our lease has our public address. It is also ours when it is the one we had and names our VTEP, whose MAC is kept
    /// across restarts: then only our address has changed.
    func owns(_ lease: Lease) -> Bool {
        if let mine = attributes.publicIPv4 {
            if lease.attributes.publicIPv4 == mine { return true }
        } else if let mine = attributes.publicIPv6, lease.attributes.publicIPv6 == mine {
            return true
        }
        guard lease.subnet == previous, lease.attributes.backendType == attributes.backendType else { return false }
        let ours = [attributes.backendData, attributes.backendV6Data]
        return ours != [nil, nil] && ours == [lease.attributes.backendData, lease.attributes.backendV6Data]
    }
}

extension SubnetChoice {
    /// How many free subnets the random pick looks at, as flannel does: enough that nodes which start together seldom
    /// collide, few enough that a network fills from its beginning.
    package static let candidates = 100

    package init(
        config: NetworkConfig, leases: [Lease], occupied: [SubnetKey] = [], identity: LeaseIdentity,
        using generator: inout some RandomNumberGenerator
    ) {
        let mine = leases.filter(identity.owns).sorted { $0.revision > $1.revision }
        let fitting = mine.filter { Self.fits($0.subnet, config) }
        reuse = fitting.first { $0.subnet == identity.previous } ?? fitting.first
        obsolete = mine.filter { !Self.fits($0.subnet, config) }
        guard reuse == nil else { return }

        let taken = (leases.filter { !obsolete.contains($0) }.map(\.subnet) + occupied)
            .filter { !$0.coversNetwork(of: config) }
        if let previous = identity.previous, Self.fits(previous, config),
            !taken.contains(where: { $0.overlaps(previous) })
        {
            create = previous
            return
        }
        var picked: [IPFamily: CIDR] = [:]
        for family in config.families {
            guard let pool = config[family] else { continue }
            let free = pool.freeSubnets(taken: taken.compactMap { $0[family] }, limit: Self.candidates)
            guard let subnet = free.randomElement(using: &generator) else { return }
            picked[family] = subnet
        }
        create = SubnetKey(v4: picked[.v4], v6: picked[.v6])
    }

    static func fits(_ subnet: SubnetKey, _ config: NetworkConfig) -> Bool {
        IPFamily.allCases.allSatisfy { family in
            switch (subnet[family], config[family]) {
            case (nil, nil): true
            case (let subnet?, let pool?): pool.admits(subnet)
            default: false
            }
        }
    }
}

extension SubnetKey {
    /// No node was ever given the whole network: a key that claims it is a slip, and must not keep every node out.
    func coversNetwork(of config: NetworkConfig) -> Bool {
        config.families.contains { family in
            guard let subnet = self[family], let network = config[family]?.network else { return false }
            return subnet.contains(network)
        }
    }

    func overlaps(_ other: SubnetKey) -> Bool {
        IPFamily.allCases.contains { family in
            guard let mine = self[family], let theirs = other[family] else { return false }
            return mine.overlaps(theirs)
        }
    }
}

extension AddressPool {
    /// The first free subnets from the pool's beginning, at most `limit` of them. Cost grows with what is taken, not with
    /// the pool: a taken block is stepped over in one go.
    package func freeSubnets(taken: [CIDR], limit: Int) -> [CIDR] {
        guard let subnetLength else { return [] }
        let blocks = taken.map { (first: $0.first.value, last: $0.last.value) }.sorted { $0.first < $1.first }
        let size: UInt128 = 1 << UInt128(network.family.width - subnetLength)
        var free: [CIDR] = []
        var base = first.value
        var index = 0
        while base <= last.value && free.count < limit {
            let end = base &+ (size - 1)
            while index < blocks.count && blocks[index].last < base { index += 1 }
            if index < blocks.count && blocks[index].first <= end {
                let next = (blocks[index].last & ~(size - 1)).addingReportingOverflow(size)
                if next.overflow { break }
                base = max(next.partialValue, base &+ size)
                continue
            }
            free.append(CIDR(IPAddress(family: network.family, value: base), subnetLength))
            let next = base.addingReportingOverflow(size)
            if next.overflow { break }
            base = next.partialValue
        }
        return free
    }
}
