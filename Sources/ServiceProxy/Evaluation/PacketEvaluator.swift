package import NFTables
package import NetTypes

/// Runs packets through the table as the kernel does, in memory.
package struct PacketEvaluator: PacketRules {
    let chains: [String: Ruleset.FilledChain]
    private let bases: [Ruleset.FilledChain]
    let values: [String: [[Datum]: Element]]
    private let ranges: [String: [Element]]
    private let local: Set<IPAddress>

    /// `addresses` are those of the node.
    package init(_ ruleset: Ruleset, addresses: [IPAddress]) {
        chains = Dictionary(ruleset.chains.map { ($0.chain.name, $0) }) { first, _ in first }
        bases = ruleset.chains.filter { $0.chain.base != nil }
            .sorted { ($0.chain.base?.priority.value ?? 0) < ($1.chain.base?.priority.value ?? 0) }
        var values: [String: [[Datum]: Element]] = [:]
        var ranges: [String: [Element]] = [:]
        for (set, elements) in ruleset.elements {
            if set.options.contains(.interval) {
                ranges[set.name] = Array(elements)
            } else {
                values[set.name] = Dictionary(elements.map { ($0.key, $0) }) { first, _ in first }
            }
        }
        self.values = values
        self.ranges = ranges
        local = Set(addresses)
    }

    package func isLocal(_ address: IPAddress) -> Bool { local.contains(address) || address.isLoopback }

    package func bases(at hook: Chain.Hook) -> [Ruleset.FilledChain] { bases.filter { $0.chain.base?.hook == hook } }

    package func pass(_ walk: PacketWalk, _ base: Ruleset.FilledChain) -> [(PacketWalk, PacketWalk.End)] {
        follow(base, walk, depth: 0).map { walk, end in
            switch end {
            case .through, .returned: (walk, base.chain.base?.policy == .accept ? .accepted : .dropped)
            case .accepted, .dropped, .rejected: (walk, end)
            }
        }
    }

    /// The name in the comment of the element that the packet is for.
    package func service(of packet: Packet) -> String? {
        let port: [Datum] = [.l4proto(packet.transport), .port(packet.port)]
        let family = packet.destination.family
        let front = [Datum.address(packet.destination)] + port
        for set in [ProxySet.services, .noEndpoints] {
            if let name = element(front, in: set.set(family).name)?.comment { return name }
        }
        guard isLocal(packet.destination) else { return nil }
        for set in [ProxySet.nodePorts, .noEndpointNodePorts] {
            if let name = element(port, in: set.set(family).name)?.comment { return name }
        }
        return nil
    }

    // MARK: Sets

    /// The element that the key is, or is in.
    func element(_ key: [Datum], in set: String) -> Element? {
        values[set]?[key]
            ?? ranges[set]?.first { range in
                zip(key, zip(range.key, range.keyEnd ?? range.key)).allSatisfy {
                    $1.0.precedes($0) && $0.precedes($1.1)
                }
            }
    }
}
