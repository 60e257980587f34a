package import NetTypes

/// All peers, with an index of what each claims, so that a change touches only the peers that share a claim with it.
package struct PeerSet: Sendable {
    /// What at most one peer may have.
    package enum Claim: Hashable, Sendable {
        /// The first address of a subnet, by which it is routed: two subnets of different length may share it.
        case base(IPAddress)
        case mac(IPFamily, MACAddress)
        case underlay(IPAddress)
    }

    package private(set) var peers: [SubnetKey: Peer] = [:]
    private var claimants: [Claim: [SubnetKey]] = [:]

    package init() {}

    /// Takes in a peer's new form (nil: gone). The result names every peer whose plan may have changed by it.
    package mutating func update(_ subnet: SubnetKey, to peer: Peer?) -> Set<SubnetKey> {
        var affected: Set = [subnet]
        for claim in peers[subnet]?.claims ?? [] {
            var others = claimants[claim] ?? []
            others.removeAll { $0 == subnet }
            affected.formUnion(others)
            claimants[claim] = others.isEmpty ? nil : others
        }
        peers[subnet] = peer
        for claim in peer?.claims ?? [] { claimants[claim, default: []].append(subnet) }
        return closure(affected)
    }

    /// The given peers and all that share a claim with one of them, directly or through others.
    func closure(_ start: Set<SubnetKey>) -> Set<SubnetKey> {
        var result = start
        var open = Array(start)
        while let subnet = open.popLast() {
            for claim in peers[subnet]?.claims ?? [] {
                for other in claimants[claim] ?? [] where result.insert(other).inserted { open.append(other) }
            }
        }
        return result
    }

    /// The peer that has this claim with the latest lease, if that is not the given one: the later lease is the truth,
    /// because a node that moved leaves its old lease behind until that expires.
    func laterClaimant(_ claim: Claim, than peer: Peer) -> Peer? {
        guard let names = claimants[claim], names.count > 1 else { return nil }
        let latest = names.compactMap { peers[$0] }.max { ($0.revision, $0.subnet) < ($1.revision, $1.subnet) }
        return latest?.subnet == peer.subnet ? nil : latest
    }

    func others(_ claim: Claim, than peer: Peer) -> [SubnetKey] {
        (claimants[claim] ?? []).filter { $0 != peer.subnet }.sorted()
    }
}

extension Peer {
    var claims: [PeerSet.Claim] {
        paths.flatMap { path -> [PeerSet.Claim] in
            let mac = path.mac.map { [PeerSet.Claim.mac(path.subnet.family, $0)] } ?? []
            return [.base(path.subnet.address), .underlay(path.underlay)] + mac
        }
    }
}
