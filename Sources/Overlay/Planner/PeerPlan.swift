internal import NetTypes

/// What the kernel should hold for one peer, and what of its lease could not be used.
package struct PeerPlan: Hashable, Sendable {
    package var entries: [EntryKey: Entry] = [:]
    package var problems: [String] = []

    package init() {}
}

/// The pure function from leases and this node's facts to kernel entries, a peer at a time.
package struct Planner: Hashable, Sendable {
    package var config: NetworkConfig
    package var facts: NodeFacts

    package init(config: NetworkConfig, facts: NodeFacts) {
        self.config = config
        self.facts = facts
    }

    /// Nil when nothing is wanted for this lease: it is our own or another backend's, or only subnets are given out.
    package func plan(_ peer: Peer, among peers: PeerSet) -> PeerPlan? {
        if peer.isOfOtherBackend || peer.subnet == facts.subnet || config.backend == .alloc { return nil }
        var plan = PeerPlan()
        plan.problems = peer.problems
        for path in peer.paths {
            guard let mine = facts[path.subnet.family] else { continue }
            if let problem = conflict(path, of: peer, with: mine, among: peers) {
                plan.problems.append(problem)
                continue
            }
            for other in peers.others(.underlay(path.underlay), than: peer) {
                plan.problems.append("has the same public address \(path.underlay) as \(other)")
            }
            plan.entries.merge(entries(path, mine)) { first, _ in first }
        }
        return plan
    }

    /// Why a path must not be programmed: it would take what is ours or another peer's.
    private func conflict(
        _ path: Peer.Path, of peer: Peer, with mine: NodeFacts.FamilyFacts, among peers: PeerSet
    ) -> String? {
        let family = path.subnet.family
        if let own = facts.subnet[family], own.overlaps(path.subnet) { return "\(path.subnet) overlaps our own \(own)" }
        if path.underlay == mine.publicAddress { return "has our own public address \(path.underlay)" }
        if let later = peers.laterClaimant(.base(path.subnet.address), than: peer) {
            return "\(path.subnet) belongs to the later lease \(later.subnet)"
        }
        guard let mac = path.mac else { return nil }
        if mac == mine.vtepMAC { return "has our own VTEP MAC \(mac)" }
        if let later = peers.laterClaimant(.mac(family, mac), than: peer),
            later.paths.contains(where: { $0.mac == mac && $0.underlay != path.underlay })
        {
            return "VTEP MAC \(mac) belongs to the later lease \(later.subnet)"
        }
        return nil
    }

    private func entries(_ path: Peer.Path, _ mine: NodeFacts.FamilyFacts) -> [EntryKey: Entry] {
        switch config.backend {
        case .alloc: return [:]
        case .hostGateway:
            return [.route(path.subnet): .route(.via(path.underlay, device: mine.underlay, isOnLink: false))]
        case .vxlan(let vxlan):
            if vxlan.directRouting, let device = facts.neighbours[path.underlay] {
                return [.route(path.subnet): .route(.via(path.underlay, device: device, isOnLink: false))]
            }
            guard let vtep = mine.vtep, let mac = path.mac else { return [:] }
            let base = path.subnet.address
            return [
                .neighbour(device: vtep, base): .neighbour(mac),
                .fdb(device: vtep, mac): .fdb(destination: path.underlay),
                .route(path.subnet): .route(.via(base, device: vtep, isOnLink: true)),
            ]
        }
    }

    /// Entries that belong to this node and not to a peer.
    package var ownEntries: [EntryKey: Entry] {
        guard facts.hasBlackholeRoute else { return [:] }
        return Dictionary(
            uniqueKeysWithValues: config.families.compactMap { facts.subnet[$0] }.map {
                (.blackhole($0), .route(.blackhole))
            })
    }
}
