import Lab
import NFTables
import NetTypes

@testable import ServiceProxy

/// Clients that are remembered, as rules remember them, and where each of them has to stay.
struct ClientMemory {
    private struct Client {
        var memory: NFTSet
        var key: [Datum]
        var place: SlotChanges.Slot
        var endpoint: Destination
    }

    private var clients: [Client] = []
    private var count: UInt32 = 0

    /// One more client, of a slot that the table has.
    mutating func add(to run: ApplierRun, _ random: inout some RandomNumberGenerator) throws {
        let places = try run.installed.slots.remembered
        let sorted = places.sorted { "\($0)" < "\($1)" }
        guard let (place, endpoint) = sorted.randomElement(using: &random) else { return }
        count += 1
        let source: IPAddress =
            endpoint.address.family == .v4
            ? .v4(IPv4Address(rawValue: 0x0A1E_0000 + count))
            : .v6(IPv6Address(rawValue: 0xFD30 << 112 | UInt128(count)))
        let key = [Datum.address(source), .mark(place.group)]
        var transaction = Transaction()
        transaction.add([Element(key, [.mark(place.number)], timeout: 3_600_000)], to: place.memory)
        try run.commit(transaction)
        clients.append(Client(memory: place.memory, key: key, place: place, endpoint: endpoint))
    }

    /// Nobody is remembered any more.
    mutating func clear(_ run: ApplierRun) throws {
        clients = []
        let there = try run.installed.elements
        var transaction = Transaction()
        for memory in SlotChanges.memories where there[memory] != nil { transaction.flush(memory) }
        try run.commit(transaction)
    }

    /// Whoever is sent to an endpoint that is not theirs, or to none, or has been forgotten for no reason. Who was forgotten
    /// with reason is no longer looked for.
    mutating func contradictions(_ run: ApplierRun) throws -> [String] {
        let places = try run.installed.slots.remembered
        let members = Set(places.map { Member(memory: $0.memory, group: $0.group, endpoint: $1) })
        let groups = Set(places.keys.map(\.owner))
        var remembered: [NFTSet: [[Datum]: Element]] = [:]
        for memory in SlotChanges.memories {
            let elements = try run.elements(of: memory)
            remembered[memory] = Dictionary(elements.map { ($0.key, $0) }) { first, _ in first }
        }
        var found: [String] = []
        var kept: [Client] = []
        for client in clients {
            let element = remembered[client.memory]?.removeValue(forKey: client.key)
            let belongs = members.contains(
                Member(memory: client.memory, group: client.place.group, endpoint: client.endpoint))
            guard case .data(let data)? = element?.value, case .mark(let number)? = data.first else {
                if belongs { found.append("\(client.key) was forgotten, and \(client.endpoint) is there") }
                continue
            }
            let slot = SlotChanges.Slot(memory: client.memory, group: client.place.group, number: number)
            // A port whose address has become another's keeps its clients until it is asked for again.
            if groups.contains(slot.owner), places[slot] != client.endpoint {
                let other = places[slot].map { "\($0)" } ?? "nobody"
                found.append("\(client.key) of \(client.endpoint) is sent to \(other)")
            }
            kept.append(client)
        }
        for element in remembered.values.flatMap(\.values) { found.append("\(element) is remembered and unknown") }
        if found.isEmpty { clients = kept }
        return found
    }

    private struct Member: Hashable {
        var memory: NFTSet
        var group: UInt32
        var endpoint: Destination
    }
}

extension SlotChanges.Slot {
    /// The group, whatever the slot.
    fileprivate var owner: Self { Self(memory: memory, group: group, number: 0) }
}
