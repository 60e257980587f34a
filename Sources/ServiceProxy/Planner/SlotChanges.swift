package import NFTables
internal import NetTypes

/// What became of the endpoints in slots that have changed: of those who are remembered with such a slot, some have to be
/// told another one, and some have to be forgotten.
package struct SlotChanges: Sendable {
    struct Slot: Hashable, Sendable {
        var memory: NFTSet
        var group: UInt32
        var number: UInt32
    }

    /// Nil for an endpoint that is gone.
    private var moves: [Slot: UInt32?] = [:]
    /// All that there are, when that is known: whoever is remembered with another is forgotten.
    private var present: Set<Slot>?
    /// Those that hold somebody whom it concerns.
    var memories: Set<NFTSet> = []

    init() {}

    /// The slots of all groups as somebody has left them, and as they are.
    init(from before: [Slot: Destination], to after: [Slot: Destination]) {
        present = Set(after.keys)
        memories = Set(Self.memories)
        var places: [Occupant: UInt32] = [:]
        for (slot, endpoint) in after {
            let occupant = Occupant(memory: slot.memory, group: slot.group, endpoint: endpoint)
            places[occupant] = min(places[occupant] ?? .max, slot.number)
        }
        for (slot, endpoint) in before where after[slot] != endpoint {
            moves[slot] = .some(places[Occupant(memory: slot.memory, group: slot.group, endpoint: endpoint)])
        }
    }

    static let memories = [ProxySet.affinity, .localAffinity].flatMap { [$0.set(.v4), $0.set(.v6)] }

    private struct Occupant: Hashable {
        var memory: NFTSet
        var group: UInt32
        var endpoint: Destination
    }

    /// The slots of a group of clients were one, and are another.
    mutating func note(_ memory: NFTSet, group: UInt32, before: [Destination], after: [Destination]) {
        if before == after { return }
        let places = Dictionary(zip(after, UInt32(0)...)) { first, _ in first }
        for (number, endpoint) in before.enumerated() where after.count <= number || after[number] != endpoint {
            moves[Slot(memory: memory, group: group, number: UInt32(number))] = .some(places[endpoint])
            memories.insert(memory)
        }
    }

    /// What has to happen to what a memory holds.
    package func changes(of elements: ElementList) -> Transaction {
        let memory = elements.set
        var transaction = Transaction()
        var gone = ElementList(memory)
        var moved = ElementList(memory)
        for place in elements.indices {
            guard case .mark(let group)? = elements.key(1, at: place),
                case .mark(let number)? = elements.value(0, at: place)
            else { continue }
            let slot = Slot(memory: memory, group: group, number: number)
            let move = moves[slot]
            if move == nil, present?.contains(slot) ?? true { continue }
            let element = elements[place]
            gone.append(Element(element.key))
            if case .some(.some(let move)) = move {
                moved.append(Element(element.key, [.mark(move)], timeout: element.timeout))
            }
        }
        if !gone.isEmpty { transaction.destroy(gone) }
        if !moved.isEmpty { transaction.add(moved) }
        return transaction
    }
}
