internal import NFTables
package import NetTypes

/// What becomes of a packet, step by step: what the table does with it, and where it is routed then.
package struct Trace: Hashable, Sendable {
    /// One of several ways, or the only one.
    package struct Way: Hashable, Sendable {
        package var outcome: Outcome
        package var probability: Double
        /// What happens to it on this way and not on all.
        package var steps: [PacketCourse.Step]
        package var route: NodeRouting.Route
        /// The source address that the other end sees; nil when it sees nothing.
        package var seenSource: IPAddress?
    }

    package var packet: Packet
    /// Whose address and port it is for, by the names in the table.
    package var service: String?
    /// What all ways begin with.
    package var steps: [PacketCourse.Step] = []
    /// The most likely first.
    package var ways: [Way] = []
    /// What the trace does not know.
    package var notes: [String] = []

    package init(_ packet: Packet, through rules: some PacketRules, _ routing: inout NodeRouting) {
        self.packet = packet
        service = rules.service(of: packet)
        // What the node sends needs a way to where it is sent, before the table sees it.
        if packet.origin == .node, case .none(let reason) = routing.route(packet) {
            let target = Destination(packet.destination, packet.port)
            ways = [Way(outcome: Outcome(.delivered(target)), probability: 1, steps: [], route: .none(reason: reason))]
            notes = ["without a route to \(packet.destination), a default one at least, the kernel sends nothing there"]
            return
        }
        let courses = rules.courses(packet)
        let common = Self.commonSteps(courses)
        steps = Array(courses.first?.steps.prefix(common) ?? [])
        var places: [Way: Int] = [:]
        for course in courses {
            var way = Way(
                outcome: course.outcome, probability: 0, steps: Array(course.steps.dropFirst(common)), route: .local)
            if case .delivered = course.outcome.fate {
                way.route = routing.route(course.routed)
                let isMasqueraded = course.outcome.isMasqueraded
                way.seenSource = isMasqueraded ? routing.masquerade(course.routed, way.route) : packet.source
                if case .none = way.route { way.seenSource = nil }
            }
            // The same end by another slot is the same way.
            if let place = places[way] {
                ways[place].probability += course.probability
            } else {
                places[way] = ways.count
                way.probability = course.probability
                ways.append(way)
            }
        }
        countEndpoints()
        ways.sort { a, b in
            a.probability != b.probability ? a.probability > b.probability : "\(a.outcome)" < "\(b.outcome)"
        }
    }

    /// Of slots several may hold the same endpoint. Which one it is differs from way to way.
    private mutating func countEndpoints() {
        let count = UInt32(Set(ways.map(\.outcome.fate)).count)
        for (place, step) in steps.enumerated() where (step.choices ?? 0) > 1 {
            steps[place].effects = step.effects.map { effect in
                if case .translated(let one, _) = effect { .translated(one, choices: count) } else { effect }
            }
            if count > 1 { steps[place].found = [] }
        }
    }

    /// How many steps all have, but for which endpoint was picked.
    private static func commonSteps(_ courses: [PacketCourse]) -> Int {
        guard let first = courses.first else { return 0 }
        var count = 0
        while count < first.steps.count,
            courses.allSatisfy({ count < $0.steps.count && $0.steps[count].isLike(first.steps[count]) })
        {
            count += 1
        }
        return count
    }
}

extension PacketCourse.Step {
    fileprivate func isLike(_ other: Self) -> Bool {
        hook == other.hook && chain == other.chain && rule == other.rule
    }

    /// To how many an endpoint was picked from, if one was.
    package var choices: UInt32? {
        for case .translated(_, let choices) in effects { return choices }
        return nil
    }

    /// It has only led on to where more is said.
    package var isPassage: Bool {
        if let meaning { return meaning.isEmpty }
        guard found.isEmpty, effects.count == 1, case .verdict(let verdict) = effects[0] else { return false }
        switch verdict {
        case .jump, .goto, .continue: return true
        default: return false
        }
    }
}
