internal import NFTables
internal import NetTypes

/// What has changed between two tables while nobody followed.
extension SlotMemory {
    init(_ ruleset: Ruleset) {
        self.init()
        for kind in Self.sets {
            for family in IPFamily.allCases {
                if let elements = ruleset.elements[kind.set(family)] { take(elements, of: kind, family) }
            }
        }
    }

    /// For those who are remembered: their endpoints' slots as they were and as they are.
    static func changes(from before: SlotMemory, to after: SlotMemory) -> SlotChanges {
        SlotChanges(from: before.remembered, to: after.remembered)
    }

    /// Of ports whose clients are remembered: who is in which slot.
    var remembered: [SlotChanges.Slot: Destination] {
        var found: [SlotChanges.Slot: Destination] = [:]
        for (front, group) in groups {
            for (memory, slots) in [(ProxySet.affinity, cluster), (.localAffinity, local)] {
                for (number, endpoint) in (slots[front] ?? []).enumerated() {
                    found[.init(memory: memory.set(front.family), group: group, number: UInt32(number))] = endpoint
                }
            }
        }
        return found
    }
}
