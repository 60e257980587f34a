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

    /// What has become of datagrams. `serves` says whether an endpoint that has no slot is to keep what it has.
    static func flowChanges(
        from before: SlotMemory, to after: SlotMemory, serves: (FrontPlace) -> Bool
    ) -> FlowChanges {
        var changes = FlowChanges()
        let (old, new) = (before.datagramPlaces, after.datagramPlaces)
        changes.lose(old.subtracting(new).filter { !serves($0) }.map { LostPlace(place: $0) })
        let fronts = Set(new.map(\.front)).subtracting(old.map(\.front))
        for front in fronts { if let address = front.address { changes.find(address, front.port) } }
        return changes
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

    private var datagramPlaces: Set<FrontPlace> {
        var places: Set<FrontPlace> = []
        for slots in [cluster, local] {
            for (front, order) in slots where front.transport == .udp {
                for endpoint in order { places.insert(FrontPlace(front, endpoint)) }
            }
        }
        return places
    }
}
