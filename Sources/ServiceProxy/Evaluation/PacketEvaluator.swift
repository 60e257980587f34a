internal import NFTables
package import NetTypes

/// Runs packets through the table as the kernel does, in memory: what may happen to them, whatever the dice say.
package struct PacketEvaluator: Sendable {
    enum End {
        /// The chain has nothing more to say.
        case through
        case accepted
        case dropped
        case rejected
        case returned
    }

    /// A packet on its way.
    struct Walk {
        var packet: Packet
        var hook = Chain.Hook.prerouting
        var steps: [PacketCourse.Step] = []
        var isMasqueraded = false
        var probability = 1.0
        var routed: Packet

        init(_ packet: Packet) {
            self.packet = packet
            routed = packet
        }

        func course(_ fate: Outcome.Fate) -> PacketCourse {
            PacketCourse(
                outcome: Outcome(fate, isMasqueraded: fate.isDelivery && isMasqueraded), steps: steps,
                probability: probability, routed: routed)
        }
    }

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

    package func outcomes(_ packet: Packet) -> Set<Outcome> { Set(courses(packet).map(\.outcome)) }

    /// Every way that the packet may take.
    package func courses(_ packet: Packet) -> [PacketCourse] {
        let isOwn = packet.origin == .node
        var walks = [Walk(packet)]
        var courses: [PacketCourse] = []
        run(isOwn ? .output : .prerouting, &walks, &courses)
        for index in walks.indices { walks[index].routed = walks[index].packet }
        if !isOwn {
            var staying = walks.filter { isLocal($0.packet.destination) }
            var passing = walks.filter { !isLocal($0.packet.destination) }
            run(.input, &staying, &courses)
            run(.forward, &passing, &courses)
            courses += staying.map(delivered)
            walks = passing
        }
        run(.postrouting, &walks, &courses)
        return courses + walks.map(delivered)
    }

    private func delivered(_ walk: Walk) -> PacketCourse {
        walk.course(.delivered(Destination(walk.packet.destination, walk.packet.port)))
    }

    func isLocal(_ address: IPAddress) -> Bool { local.contains(address) || address.isLoopback }

    private func run(_ hook: Chain.Hook, _ walks: inout [Walk], _ courses: inout [PacketCourse]) {
        for filled in bases {
            guard let base = filled.chain.base, base.hook == hook else { continue }
            var next: [Walk] = []
            for var walk in walks {
                walk.hook = hook
                for (walk, end) in follow(filled, walk, depth: 0) {
                    switch end {
                    case .dropped: courses.append(walk.course(.dropped))
                    case .rejected: courses.append(walk.course(.rejected))
                    case .accepted: next.append(walk)
                    case .through, .returned:
                        if base.policy == .accept { next.append(walk) } else { courses.append(walk.course(.dropped)) }
                    }
                }
            }
            walks = next
        }
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

extension Outcome.Fate {
    var isDelivery: Bool { if case .delivered = self { true } else { false } }
}
