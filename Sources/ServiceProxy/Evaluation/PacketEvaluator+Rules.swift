internal import NFTables
internal import NetTypes

/// Chains and their rules.
extension PacketEvaluator {
    func follow(_ chain: Ruleset.FilledChain, _ walk: PacketWalk, depth: Int) -> [(PacketWalk, PacketWalk.End)] {
        // The kernel refuses deeper ones (NFT_JUMP_STACK_SIZE).
        if depth > 16 { return [(walk, .dropped)] }
        var open = [walk]
        var ended: [(PacketWalk, PacketWalk.End)] = []
        for rule in chain.rules {
            var next: [PacketWalk] = []
            for walk in open {
                var run = RuleRun(chain: chain.chain.name, statements: rule, walk: walk)
                for (walk, end) in apply(&run, depth: depth) {
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

    /// A rule at work on a packet.
    private struct RuleRun {
        let chain: String
        let statements: [Statement]
        var walk: PacketWalk
        var found: [PacketCourse.Found] = []
        var effects: [PacketCourse.Effect] = []

        /// The rule has done something.
        mutating func note(_ effect: PacketCourse.Effect? = nil) {
            if let effect { effects.append(effect) }
            let text = Rule(Chain(ProxySet.table, chain), statements).description
            walk.steps.append(.init(hook: walk.hook, chain: chain, rule: text, found: found, effects: effects))
        }

        /// It ends here.
        mutating func end(_ end: PacketWalk.End, _ effect: PacketCourse.Effect) -> [(PacketWalk, PacketWalk.End)] {
            note(effect)
            return [(walk, end)]
        }
    }

    private func apply(_ run: inout RuleRun, depth: Int) -> [(PacketWalk, PacketWalk.End)] {
        for statement in run.statements {
            switch statement {
            case .match(let selector, let test):
                if !holds(test, selector, run.walk.packet) { return [(run.walk, .through)] }
            case .member(let key, let set, let negated):
                guard let key = data(key, run.walk.packet) else { return [(run.walk, .through)] }
                let element = element(key, in: set)
                if (element != nil) == negated { return [(run.walk, .through)] }
                if let element { run.found.append(.init(set: set, element: element)) }
            case .setMark(let value, let mask):
                run.walk.packet.mark = run.walk.packet.mark & ~mask | value & mask
                if value != 0 { run.effects.append(.marked) }
            case .masquerade:
                run.walk.isMasqueraded = true
                return run.end(.accepted, .masqueraded)
            case .reject: return run.end(.rejected, .rejected)
            case .verdict(let verdict):
                // To go on as if nothing had been asked is no step.
                if verdict != .return { run.note(.verdict(verdict)) }
                return obey(verdict, run.walk, depth)
            case .verdictMap(let key, let map):
                guard let key = data(key, run.walk.packet), let element = values[map]?[key],
                    case .verdict(let verdict)? = element.value
                else { return [(run.walk, .through)] }
                run.found.append(.init(set: map, element: element))
                run.note(.verdict(verdict))
                return obey(verdict, run.walk, depth)
            case .dnatMap(_, let key, let map, _, _): return translate(run, key, map)
            case .setPriorityMap(let key, let map):
                guard let key = data(key, run.walk.packet), let element = values[map]?[key],
                    case .data(let data)? = element.value, case .mark(let number)? = data.first
                else { return [(run.walk, .through)] }
                run.found.append(.init(set: map, element: element))
                // A map that rules fill is a memory.
                if Self.memories.contains(map) { run.effects.append(.remembered) }
                run.walk.packet.priority = number
            case .update, .counter, .log, .limit, .trace: continue
            case .snat, .dnat, .redirect: return [(run.walk, .through)]
            }
        }
        if !run.effects.isEmpty { run.note() }
        return [(run.walk, .through)]
    }

    private static let memories = Set(
        Ruleset.sets.filter { $0.options.contains(.dynamic) }.map(\.name))

    private func obey(_ verdict: Verdict, _ walk: PacketWalk, _ depth: Int) -> [(PacketWalk, PacketWalk.End)] {
        switch verdict {
        case .accept: return [(walk, .accepted)]
        case .drop: return [(walk, .dropped)]
        case .continue: return [(walk, .through)]
        case .return: return [(walk, .returned)]
        case .jump(let name):
            return chains[name].map { follow($0, walk, depth: depth + 1) } ?? [(walk, .through)]
        case .goto(let name):
            // What follows the goto is not run: its end is the end of this chain.
            return (chains[name].map { follow($0, walk, depth: depth + 1) } ?? [(walk, .through)]).map { walk, end in
                if case .through = end { (walk, .returned) } else { (walk, end) }
            }
        }
    }

    private func translate(_ run: RuleRun, _ key: [Selector], _ map: String) -> [(PacketWalk, PacketWalk.End)] {
        let slots = key.lazy.compactMap { $0.slots(run.walk.packet) }.first ?? 0..<1
        return slots.map { slot in
            var run = run
            run.walk.probability /= Double(slots.count)
            guard let key = data(key, run.walk.packet, slot: slot), let element = values[map]?[key],
                case .data(let value)? = element.value, value.count == 2, let address = value[0].ipAddress,
                case .port(let port) = value[1]
            else { return (run.walk, .through) }
            run.walk.packet.destination = address
            run.walk.packet.port = port
            run.walk.packet.isTranslated = true
            run.found.append(.init(set: map, element: element))
            run.note(.translated(Destination(address, port), choices: UInt32(slots.count)))
            return (run.walk, .accepted)
        }
    }
}

extension Selector {
    /// Of one that chooses a slot: which it may be. What is hashed is known.
    fileprivate func slots(_ packet: Packet) -> Range<UInt32>? {
        switch self {
        case .random(let modulus), .turn(let modulus): return 0..<modulus
        case .sourceHash(_, let modulus):
            let slot = JenkinsHash.scaled(packet.source.octets, seed: Selector.hashSeed, modulus: modulus)
            return slot..<slot + 1
        default: return nil
        }
    }
}
