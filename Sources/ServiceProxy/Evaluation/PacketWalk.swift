package import NFTables
package import NetTypes

/// A packet on its way through rules.
package struct PacketWalk: Sendable {
    package enum End: Sendable {
        /// The chain has nothing more to say.
        case through
        case accepted
        case dropped
        case rejected
        case returned
    }

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

/// Rules at the hooks of the kernel, run in memory: what may become of packets, whatever the dice say.
package protocol PacketRules: Sendable {
    associatedtype Base

    /// What is run at a hook, one after the other.
    func bases(at hook: Chain.Hook) -> [Base]
    func pass(_ walk: PacketWalk, _ base: Base) -> [(PacketWalk, PacketWalk.End)]
    func isLocal(_ address: IPAddress) -> Bool
    /// The Service whose address and port the packet is for, by the names in the rules.
    func service(of packet: Packet) -> String?
}

extension PacketRules {
    package func outcomes(_ packet: Packet) -> Set<Outcome> { Set(courses(packet).map(\.outcome)) }

    /// Every way that the packet may take.
    package func courses(_ packet: Packet) -> [PacketCourse] {
        let isOwn = packet.origin == .node
        var walks = [PacketWalk(packet)]
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

    private func delivered(_ walk: PacketWalk) -> PacketCourse {
        walk.course(.delivered(Destination(walk.packet.destination, walk.packet.port)))
    }

    private func run(_ hook: Chain.Hook, _ walks: inout [PacketWalk], _ courses: inout [PacketCourse]) {
        for base in bases(at: hook) {
            var next: [PacketWalk] = []
            for var walk in walks {
                walk.hook = hook
                for (walk, end) in pass(walk, base) {
                    switch end {
                    case .dropped: courses.append(walk.course(.dropped))
                    case .rejected: courses.append(walk.course(.rejected))
                    case .accepted, .through, .returned: next.append(walk)
                    }
                }
            }
            walks = next
        }
    }
}

extension Outcome.Fate {
    fileprivate var isDelivery: Bool { if case .delivered = self { true } else { false } }
}
