internal import NFTables
package import NetTypes

/// Runs packets through the table as the kernel does, in memory: what may happen to them, whatever the dice say.
package struct PacketEvaluator: Sendable {
    /// One rule that did something.
    package struct Step: Hashable, Sendable, CustomStringConvertible {
        package var chain: String
        package var rule: String

        package var description: String { "\(chain): \(rule)" }
    }

    /// One way through the table.
    package struct Course: Hashable, Sendable {
        package var outcome: Outcome
        package var steps: [Step]
    }

    private enum End {
        /// The chain has nothing more to say.
        case through
        case accepted
        case dropped
        case rejected
        case returned
    }

    private struct Walk {
        var packet: Packet
        var steps: [Step] = []
        var isMasqueraded = false
    }

    private let chains: [String: Ruleset.FilledChain]
    private let bases: [Ruleset.FilledChain]
    private let sets: [String: NFTSet]
    private let values: [String: [[Datum]: Element]]
    private let ranges: [String: [Element]]
    private let local: Set<IPAddress>

    /// `addresses` are those of the node.
    package init(_ ruleset: Ruleset, addresses: [IPAddress]) {
        chains = Dictionary(ruleset.chains.map { ($0.chain.name, $0) }) { first, _ in first }
        bases = ruleset.chains.filter { $0.chain.base != nil }
            .sorted { ($0.chain.base?.priority.value ?? 0) < ($1.chain.base?.priority.value ?? 0) }
        sets = Dictionary(Ruleset.sets.map { ($0.name, $0) }) { first, _ in first }
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

    package func outcomes(_ packet: Packet) -> Set<Outcome> { Set(courses(packet).map(\.outcome)) }

    /// Every way that the packet may take.
    package func courses(_ packet: Packet) -> [Course] {
        let isOwn = packet.origin == .node
        var walks = [Walk(packet: packet)]
        var courses: [Course] = []
        run(isOwn ? .output : .prerouting, where: { $0 < 0 }, &walks, &courses)
        if isOwn {
            run(.output, where: { $0 >= 0 }, &walks, &courses)
        } else {
            var staying = walks.filter { isLocal($0.packet.destination) }
            var passing = walks.filter { !isLocal($0.packet.destination) }
            run(.input, where: { _ in true }, &staying, &courses)
            run(.forward, where: { _ in true }, &passing, &courses)
            courses += staying.map(course)
            walks = passing
        }
        run(.postrouting, where: { _ in true }, &walks, &courses)
        return courses + walks.map(course)
    }

    private func course(_ walk: Walk) -> Course {
        let destination = Destination(walk.packet.destination, walk.packet.port)
        return Course(
            outcome: Outcome(.delivered(destination), isMasqueraded: walk.isMasqueraded), steps: walk.steps)
    }

    private func isLocal(_ address: IPAddress) -> Bool { local.contains(address) || address.isLoopback }

    private func run(
        _ hook: Chain.Hook, where isWanted: (Int32) -> Bool, _ walks: inout [Walk], _ courses: inout [Course]
    ) {
        for base in bases where base.chain.base?.hook == hook && isWanted(base.chain.base?.priority.value ?? 0) {
            var next: [Walk] = []
            for walk in walks {
                for (walk, end) in follow(base, walk, depth: 0) {
                    switch end {
                    case .dropped: courses.append(Course(outcome: Outcome(.dropped), steps: walk.steps))
                    case .rejected: courses.append(Course(outcome: Outcome(.rejected), steps: walk.steps))
                    case .through, .accepted, .returned: next.append(walk)
                    }
                }
            }
            walks = next
        }
    }

    // MARK: Chains

    private func follow(_ chain: Ruleset.FilledChain, _ walk: Walk, depth: Int) -> [(Walk, End)] {
        // The kernel refuses deeper ones (NFT_JUMP_STACK_SIZE).
        if depth > 16 { return [(walk, .dropped)] }
        var open = [walk]
        var ended: [(Walk, End)] = []
        for rule in chain.rules {
            var next: [Walk] = []
            for walk in open {
                for (walk, end) in apply(rule[...], chain.chain.name, walk, depth: depth) {
                    if case .through = end { next.append(walk) } else { ended.append((walk, end)) }
                }
            }
            open = next
        }
        return open.map { ($0, .through) }
            + ended.map { walk, end in
                if case .returned = end { (walk, .through) } else { (walk, end) }
            }
    }

    private func apply(_ rule: ArraySlice<Statement>, _ chain: String, _ walk: Walk, depth: Int) -> [(Walk, End)] {
        var walk = walk
        func note() {
            let text = Rule(Chain(ProxySet.table, chain), Array(rule)).description
            walk.steps.append(Step(chain: chain, rule: text))
        }
        for (index, statement) in zip(rule.indices, rule) {
            switch statement {
            case .match(let selector, let test):
                if !holds(test, selector, walk.packet) { return [(walk, .through)] }
            case .member(let key, let set, let negated):
                guard let key = data(key, walk.packet) else { return [(walk, .through)] }
                if contains(key, set) == negated { return [(walk, .through)] }
            case .setMark(let value, let mask):
                walk.packet.mark = walk.packet.mark & ~mask | value & mask
            case .masquerade:
                note()
                walk.isMasqueraded = true
                return [(walk, .accepted)]
            case .reject:
                note()
                return [(walk, .rejected)]
            case .verdict(let verdict):
                note()
                return obey(verdict, walk, depth)
            case .verdictMap(let key, let map):
                guard let key = data(key, walk.packet), case .verdict(let verdict)? = values[map]?[key]?.value else {
                    return [(walk, .through)]
                }
                note()
                return obey(verdict, walk, depth)
            case .dnatMap(_, let key, let map, _, _):
                note()
                return translate(walk, key, map)
            case .setPriority(.random(let modulus)):
                return (0..<modulus).flatMap { slot in
                    var walk = walk
                    walk.packet.priority = slot
                    return apply(rule[(index + 1)...], chain, walk, depth: depth)
                }
            // In memory nobody has been here before.
            case .setPriorityMap: return [(walk, .through)]
            case .update, .setPriority: continue
            case .counter, .log, .limit: continue
            case .snat, .dnat, .redirect: return [(walk, .through)]
            }
        }
        return [(walk, .through)]
    }

    private func obey(_ verdict: Verdict, _ walk: Walk, _ depth: Int) -> [(Walk, End)] {
        switch verdict {
        case .accept: return [(walk, .accepted)]
        case .drop: return [(walk, .dropped)]
        case .continue: return [(walk, .through)]
        case .return: return [(walk, .returned)]
        case .jump(let name):
            return chains[name].map { follow($0, walk, depth: depth + 1) } ?? [(walk, .through)]
        case .goto(let name):
            // What follows the goto is not run: its end is the end of this chain.
            return (chains[name].map { follow($0, walk, depth: depth + 1) } ?? []).map { walk, end in
                if case .through = end { (walk, .returned) } else { (walk, end) }
            }
        }
    }

    private func translate(_ walk: Walk, _ key: [Selector], _ map: String) -> [(Walk, End)] {
        var slots: UInt32 = 1
        for case .random(let modulus) in key { slots = modulus }
        return (0..<slots).map { slot in
            var walk = walk
            guard let key = data(key, walk.packet, slot: slot), case .data(let value)? = values[map]?[key]?.value,
                value.count == 2, case .port(let port) = value[1]
            else { return (walk, .through) }
            switch value[0] {
            case .ipv4(let address): walk.packet.destination = .v4(address)
            case .ipv6(let address): walk.packet.destination = .v6(address)
            default: return (walk, .through)
            }
            walk.packet.port = port
            walk.packet.isTranslated = true
            return (walk, .accepted)
        }
    }

    // MARK: Values

    private func contains(_ key: [Datum], _ set: String) -> Bool {
        if let values = values[set], values[key] != nil { return true }
        return ranges[set]?.contains { range in
            zip(key, zip(range.key, range.keyEnd ?? range.key)).allSatisfy { $1.0.precedes($0) && $0.precedes($1.1) }
        } ?? false
    }

    /// Nil when the packet has no such field.
    private func data(_ key: [Selector], _ packet: Packet, slot: UInt32 = 0) -> [Datum]? {
        var data: [Datum] = []
        for selector in key {
            guard let value = value(selector, packet, slot) else { return nil }
            data.append(value)
        }
        return data
    }

    private func value(_ selector: Selector, _ packet: Packet, _ slot: UInt32 = 0) -> Datum? {
        switch selector {
        case .ipSource: packet.source.v4.map(Datum.ipv4)
        case .ipDestination: packet.destination.v4.map(Datum.ipv4)
        case .ip6Source: packet.source.v6.map(Datum.ipv6)
        case .ip6Destination: packet.destination.v6.map(Datum.ipv6)
        case .l4proto: .l4proto(packet.transport)
        case .destinationPort: .port(packet.port)
        case .mark: .mark(packet.mark)
        case .priority: .mark(packet.priority)
        case .inputInterface:
            if case .interface(let name) = packet.origin { InterfaceName(name).map(Datum.interface) } else { nil }
        case .sourceAddressType: .addressType(isLocal(packet.source) ? .local : .unicast)
        case .destinationAddressType: .addressType(isLocal(packet.destination) ? .local : .unicast)
        case .ctState: .mark(ConntrackState.new.rawValue)
        case .ctStatus: .mark(packet.isTranslated ? ConntrackStatus.dnat.rawValue : 0)
        case .random: .mark(slot)
        default: nil
        }
    }

    private func holds(_ test: Statement.Test, _ selector: Selector, _ packet: Packet) -> Bool {
        guard let value = value(selector, packet) else { return false }
        switch test {
        case .equal(let wanted): return value == wanted
        case .notEqual(let unwanted): return value != unwanted
        case .inside(let network): return value.ipAddress.map(network.contains) ?? false
        case .notInside(let network): return value.ipAddress.map { !network.contains($0) } ?? false
        case .masked(let mask, let bits): return value.bits.map { $0 & mask == bits } ?? false
        case .anyOf(let mask): return value.bits.map { $0 & mask != 0 } ?? false
        case .range(let first, let last): return first.precedes(value) && value.precedes(last)
        case .beginning(let prefix):
            return if case .interface(let name) = value { "\(name)".hasPrefix(prefix) } else { false }
        }
    }
}

extension Datum {
    var ipAddress: IPAddress? {
        switch self {
        case .ipv4(let address): .v4(address)
        case .ipv6(let address): .v6(address)
        default: nil
        }
    }

    fileprivate var bits: UInt32? { if case .mark(let bits) = self { bits } else { nil } }

    /// Is it the same or less?
    fileprivate func precedes(_ other: Datum) -> Bool {
        switch (self, other) {
        case (.ipv4(let a), .ipv4(let b)): a.rawValue <= b.rawValue
        case (.ipv6(let a), .ipv6(let b)): a.rawValue <= b.rawValue
        case (.port(let a), .port(let b)): a <= b
        default: self == other
        }
    }
}
