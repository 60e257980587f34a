package import NFTables
package import NetTypes

/// Runs packets through our chains of iptables as the kernel does, in memory.
package struct IPTablesEvaluator: PacketRules {
    private let chains: [IPFamily: [IPTablesChain: [IPTablesRule]]]
    private let jumps: [IPFamily: [IPTablesJump]]
    private let local: Set<IPAddress>
    /// Whom each list of xt_recent has.
    private let lists: [String: Set<IPAddress>]
    /// Rules in our chains that are another's.
    package let unreadable: [String]

    /// Chains, and the jumps that lead to them from iptables' own. `addresses` are those of the node.
    package init(
        _ rules: [IPFamily: IPTablesRules], jumps: [IPFamily: [IPTablesJump]], addresses: [IPAddress],
        lists: [String: Set<IPAddress>] = [:]
    ) {
        var unreadable: [String] = []
        chains = rules.mapValues { chains in
            chains.mapValues { lines in
                lines.compactMap { line in
                    let rule = IPTablesRule(line)
                    if rule == nil { unreadable.append(line) }
                    return rule
                }
            }
        }
        self.unreadable = unreadable.sorted()
        self.jumps = jumps
        self.lists = lists
        local = Set(addresses)
    }

    /// All that is planned, with all jumps.
    package init(_ rules: [IPFamily: IPTablesRules], addresses: [IPAddress]) {
        self.init(rules, jumps: rules.mapValues { _ in IPTablesJump.all }, addresses: addresses)
    }

    /// What is there.
    package init(
        _ dumps: [IPFamily: IPTablesDump], addresses: [IPAddress], lists: [String: Set<IPAddress>]
    ) {
        self.init(
            dumps.mapValues(\.ownRules), jumps: dumps.mapValues(\.jumps), addresses: addresses, lists: lists)
    }

    package func isLocal(_ address: IPAddress) -> Bool { local.contains(address) || address.isLoopback }

    /// A table has one chain for each hook; tables come one after the other.
    package func bases(at hook: Chain.Hook) -> [IPTablesTable] { [.mangle, .nat, .filter] }

    package func pass(_ walk: PacketWalk, _ base: IPTablesTable) -> [(PacketWalk, PacketWalk.End)] {
        let family = walk.packet.destination.family
        let leading = (jumps[family] ?? []).filter { $0.table == base && $0.from == walk.hook.iptablesName }
        return run(leading.compactMap { IPTablesRule($0.rule) }, of: IPTablesChain(base, ""), walk, depth: 0)
    }

    /// The name in the rule that the packet's address and port have.
    package func service(of packet: Packet) -> String? {
        let chains = chains[packet.destination.family] ?? [:]
        func name(_ chain: IPTablesChain, isFor front: Set<IPTablesRule.Test>) -> String? {
            chains[chain]?.first { rule in
                rule.comment != nil && front.isSubset(of: rule.conditions.map(\.test))
            }?.comment
        }
        let port: Set<IPTablesRule.Test> = [.transport(packet.transport), .destinationPort(packet.port)]
        let front = port.union([.destination(CIDR(host: packet.destination))])
        for chain in [IPTablesChain.services, .refuse] {
            if let name = name(chain, isFor: front) { return name }
        }
        guard isLocal(packet.destination) else { return nil }
        for chain in [IPTablesChain.nodePorts, .refuseNodePorts] {
            if let name = name(chain, isFor: port) { return name }
        }
        return nil
    }

    // MARK: Chains

    private func run(
        _ rules: [IPTablesRule], of chain: IPTablesChain, _ walk: PacketWalk, depth: Int
    ) -> [(PacketWalk, PacketWalk.End)] {
        // Ours are five deep.
        if depth > 16 { return [(walk, .dropped)] }
        var open = [walk]
        var ended: [(PacketWalk, PacketWalk.End)] = []
        for rule in rules {
            var next: [PacketWalk] = []
            for var walk in open {
                let share = share(of: walk, for: rule)
                if share < 1 {
                    var other = walk
                    other.probability *= 1 - share
                    next.append(other)
                }
                if share == 0 { continue }
                walk.probability *= share
                for (walk, end) in apply(rule, of: chain, &walk, depth: depth) {
                    if case .through = end { next.append(walk) } else { ended.append((walk, end)) }
                }
            }
            open = next
        }
        return open.map { ($0, .through) }
            + ended.map { walk, end in
                // Who leaves a chain goes on behind the rule that led there.
                if case .returned = end { (walk, .through) } else { (walk, end) }
            }
    }

    private func apply(
        _ rule: IPTablesRule, of chain: IPTablesChain, _ walk: inout PacketWalk, depth: Int
    ) -> [(PacketWalk, PacketWalk.End)] {
        let effect: PacketCourse.Effect
        var end = PacketWalk.End.through
        switch rule.target {
        case .chain(let name):
            effect = .verdict(.jump(name))
            walk.note(rule, chain, effect)
            let target = IPTablesChain(chain.table, name)
            let rules = chains[walk.packet.destination.family]?[target] ?? []
            return run(rules, of: target, walk, depth: depth + 1)
        case .accept: (effect, end) = (.verdict(.accept), .accepted)
        case .drop: (effect, end) = (.verdict(.drop), .dropped)
        case .leave: (effect, end) = (.verdict(.return), .returned)
        case .reject: (effect, end) = (.rejected, .rejected)
        case .mark(let value, let mask):
            walk.packet.mark = walk.packet.mark & ~mask ^ value
            effect = .marked
        case .translate(let endpoint):
            walk.packet.destination = endpoint.address
            walk.packet.port = endpoint.port
            walk.packet.isTranslated = true
            (effect, end) = (.translated(endpoint, choices: 1), .accepted)
        case .masquerade:
            walk.isMasqueraded = true
            (effect, end) = (.masqueraded, .accepted)
        }
        walk.note(rule, chain, effect)
        return [(walk, end)]
    }

    // MARK: Tests

    /// How likely it is that all holds: 0 and 1 but for chance.
    private func share(of walk: PacketWalk, for rule: IPTablesRule) -> Double {
        rule.conditions.reduce(1) { share, condition in
            if share == 0 { return 0 }
            if case .share(let part) = condition.test { return share * (condition.isNegated ? 1 - part : part) }
            return holds(condition.test, walk.packet) != condition.isNegated ? share : 0
        }
    }

    private func holds(_ test: IPTablesRule.Test, _ packet: Packet) -> Bool {
        switch test {
        case .source(let network): return network.contains(packet.source)
        case .destination(let network): return network.contains(packet.destination)
        case .transport(let transport): return packet.transport == transport
        case .destinationPort(let port): return packet.port == port
        case .interface(let name):
            guard case .interface(let arrival) = packet.origin else { return false }
            return name.hasSuffix("+") ? arrival.hasPrefix(name.dropLast()) : arrival == name
        case .isFromNode: return isLocal(packet.source)
        case .isForNode: return isLocal(packet.destination)
        case .mark(let value, let mask): return packet.mark & mask == value
        case .states(let states): return states.contains("NEW") || packet.isTranslated && states.contains("DNAT")
        case .share: return true
        case .part(let parts, let seed):
            // Of an address of IPv6 the kernel takes the first 32 bits (NF_CT_TUPLE_L3SIZE counts words, not bytes).
            return JenkinsHash.scaled(Array(packet.source.octets.prefix(4)), seed: seed, modulus: parts) == 0
        case .remembered(let list, _): return lists[list]?.contains(packet.source) ?? false
        }
    }
}

extension Chain.Hook {
    fileprivate var iptablesName: String { "\(self)".uppercased() }
}

extension IPTablesDump {
    /// Those to our chains that are there.
    fileprivate var jumps: [IPTablesJump] {
        IPTablesJump.all.filter { tables[$0.table.rawValue]?.chains[$0.from]?.contains($0.rule) == true }
    }
}

extension PacketWalk {
    fileprivate mutating func note(
        _ rule: IPTablesRule, _ chain: IPTablesChain, _ effect: PacketCourse.Effect
    ) {
        let effects = rule.memorySeconds != nil ? [effect, .remembered] : [effect]
        let meaning = chain.meaning(of: rule)
        // To go on as if nothing had been asked is no step.
        if effect == .verdict(.return), meaning.isEmpty { return }
        steps.append(
            .init(hook: hook, chain: chain.name, rule: rule.text, found: [], effects: effects, meaning: meaning))
    }
}
