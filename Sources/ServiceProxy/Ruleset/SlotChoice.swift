internal import NFTables
internal import NetTypes

/// How one of so many slots is chosen.
package struct SlotChoice: Hashable, Sendable {
    package enum Way: Hashable, Sendable {
        case random
        /// For each port by itself: the port's name is part of the chain's.
        case turn(String)
        case sourceHash
    }

    package var slots: Int
    package var way = Way.random
    /// For how long a client keeps what was chosen for it.
    package var seconds: UInt32?

    package init(_ slots: Int, _ way: Way = .random, seconds: UInt32? = nil) {
        self.slots = slots
        self.way = way
        self.seconds = seconds
    }

    init(_ slots: Int, _ name: ServicePortName, _ port: ServicePort) {
        self.slots = slots
        seconds = port.affinitySeconds
        way =
            switch port.scheduling {
            case .random: .random
            case .roundRobin: .turn(name.chainText)
            case .sourceHash: .sourceHash
            }
    }

    func with(slots: Int) -> SlotChoice {
        var choice = self
        choice.slots = slots
        return choice
    }

    func selector(_ family: IPFamily) -> Selector {
        switch way {
        // There is nothing to choose.
        case _ where slots == 1: .random(1)
        case .random: .random(UInt32(slots))
        case .turn: .turn(UInt32(slots))
        case .sourceHash: .sourceHash(family, UInt32(slots))
        }
    }

    /// What follows the number of slots in the name of a chain.
    var suffix: String {
        let kept = seconds.map { "-sticky-\($0)" } ?? ""
        return switch way {
        case .random: kept
        case .turn(let name): "\(kept)-turn-\(name)"
        case .sourceHash: "\(kept)-hash"
        }
    }
}

extension ServicePortName {
    /// As a chain's name may have it: neither a colon nor a second of the same name with another protocol.
    fileprivate var chainText: String {
        "\(namespace)/\(service)/\(transport)" + (port.isEmpty ? "" : "/\(port)")
    }
}
