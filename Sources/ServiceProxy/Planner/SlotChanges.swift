package import NFTables
internal import NetTypes

/// What became of the endpoints in slots that have changed: of those who are remembered with such a slot, some have to be
/// told another one, and some have to be forgotten.
package struct SlotChanges: Sendable {
    struct Slot: Hashable, Sendable {
        var map: ProxySet
        var family: IPFamily
        var front: [Datum]
        var number: UInt32
    }

    /// Nil for an endpoint that is gone.
    private var moves: [Slot: UInt32?] = [:]
    private(set) var memories: Set<NFTSet> = []

    init(_ changes: ElementChanges) {
        var now: [Slot: [[Datum]: UInt32]] = [:]
        func slot(_ place: ElementChanges.Place) -> Slot? {
            guard place.set.memory != nil, case .mark(let number)? = place.key.last else { return nil }
            return Slot(map: place.set, family: place.family, front: Array(place.key.dropLast()), number: number)
        }
        func front(_ slot: Slot) -> Slot { Slot(map: slot.map, family: slot.family, front: slot.front, number: 0) }
        for (place, element) in changes.added {
            if let slot = slot(place), case .data(let endpoint)? = element.value {
                now[front(slot), default: [:]][endpoint] = slot.number
            }
        }
        for (place, element) in changes.removed {
            if let slot = slot(place), let memory = slot.map.memory, case .data(let endpoint)? = element.value {
                moves[slot] = .some(now[front(slot)]?[endpoint])
                memories.insert(memory.set(slot.family))
            }
        }
    }

    /// What has to happen to what a memory holds.
    package func changes(of elements: [Element], in memory: NFTSet) -> Transaction {
        var transaction = Transaction()
        var gone: [Element] = []
        var moved: [Element] = []
        for map in ProxySet.endpointMaps {
            for family in IPFamily.allCases where map.memory?.set(family) == memory {
                let hasDestination = map == .endpoints || map == .localEndpoints
                for element in elements {
                    guard case .data(let data)? = element.value, case .mark(let number)? = data.first else { continue }
                    let front = Array(element.key.dropFirst(hasDestination ? 1 : 2))
                    guard let move = moves[Slot(map: map, family: family, front: front, number: number)] else {
                        continue
                    }
                    gone.append(Element(element.key))
                    if let move { moved.append(Element(element.key, [.mark(move)], timeout: element.timeout)) }
                }
            }
        }
        if !gone.isEmpty { transaction.destroy(gone, from: memory) }
        if !moved.isEmpty { transaction.add(moved, to: memory) }
        return transaction
    }
}
