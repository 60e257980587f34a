package import NFTables
package import NetTypes

/// In which slots a table holds endpoints, so that who takes it over leaves them there.
package struct SlotMemory: Sendable {
    /// Of connections that may go to any endpoint, and of those that have to stay on the node.
    private(set) var cluster: [Front: [Destination]] = [:]
    private(set) var local: [Front: [Destination]] = [:]
    private(set) var groups: [Front: UInt32] = [:]
    /// Of the groups' numbers; 0 without one.
    private(set) var lastGroup: UInt32 = 0
    private var takenGroups: Set<UInt32> = []

    /// What no table of ours has more of, whatever somebody has put into one.
    private static let slotLimit = 1 << 17

    package init() {}

    /// What it takes from.
    static let sets = ProxySet.endpointMaps + [.groups, .nodePortGroups]

    package var isEmpty: Bool { cluster.isEmpty && local.isEmpty && groups.isEmpty }

    /// Takes what a map holds; elements that are not of its kind are passed over.
    package mutating func take(_ elements: ElementList, of set: ProxySet, _ family: IPFamily) {
        switch set {
        case .endpoints, .nodePortEndpoints: Self.takeSlots(elements, family, into: &cluster)
        case .localEndpoints, .nodePortLocalEndpoints: Self.takeSlots(elements, family, into: &local)
        default: takeGroups(elements, family)
        }
    }

    private mutating func takeGroups(_ elements: ElementList, _ family: IPFamily) {
        for place in elements.indices {
            guard case .mark(let group)? = elements.value(0, at: place),
                let (front, _) = Front.read(elements, place, family)
            else { continue }
            groups[front] = group
            lastGroup = max(lastGroup, group)
        }
    }

    private static func takeSlots(_ elements: ElementList, _ family: IPFamily, into slots: inout [Front: [Destination]])
    {
        let hole = Destination(IPAddress(family: family, value: 0), 0)
        for place in elements.indices {
            guard let (front, components) = Front.read(elements, place, family),
                case .mark(let number)? = elements.key(components, at: place), number < slotLimit,
                let address = elements.value(0, at: place)?.ipAddress,
                case .port(let port)? = elements.value(1, at: place)
            else { continue }
            let slot = Int(number)
            slots[front, default: []].put(Destination(address, port), at: slot, filling: hole)
        }
    }

    /// The same, but the next one to ask does not get it.
    mutating func takeGroup(of transport: L4Protocol, _ port: ServicePort) -> UInt32? {
        group(of: transport, port).flatMap { takenGroups.insert($0).inserted ? $0 : nil }
    }

    /// The number by which the clients of a port are known.
    func group(of transport: L4Protocol, _ port: ServicePort) -> UInt32? {
        groups.isEmpty ? nil : port.fronts(transport).lazy.compactMap { groups[$0] }.first
    }

    /// The order in which the table has these endpoints of a port, or most of them. All fronts that may have had them are
    /// looked at, since one may have been another's.
    func order(of wanted: [Destination], isLocal: Bool, _ transport: L4Protocol, _ port: ServicePort) -> [Destination] {
        let slots = isLocal ? local : cluster
        if slots.isEmpty || wanted.isEmpty { return [] }
        var best: (order: [Destination], score: Int) = ([], 0)
        for front in port.fronts(transport) where best.score < wanted.count {
            guard let order = slots[front] else { continue }
            if order == wanted { return order }
            // Of two that have all, the one that has no others.
            let known = Set(wanted)
            let score = order.reduce(0) { $0 + (known.contains($1) ? 1 : -1) }
            if score > best.score { best = (order, score) }
        }
        return best.order
    }
}

extension Front {
    /// The front that the key of an element begins with, and how many of its components that is.
    fileprivate static func read(
        _ elements: ElementList, _ place: Int, _ family: IPFamily
    ) -> (Front, components: Int)? {
        let address = elements.key(0, at: place)?.ipAddress
        let first = address == nil ? 0 : 1
        guard case .l4proto(let transport)? = elements.key(first, at: place),
            case .port(let port)? = elements.key(first + 1, at: place)
        else { return nil }
        return (
            address.map { .address($0, transport, port) } ?? .nodePort(family, transport, port), components: first + 2
        )
    }
}

extension [Destination] {
    /// Slots come in any order.
    fileprivate mutating func put(_ destination: Destination, at slot: Int, filling hole: Destination) {
        if slot < count { return self[slot] = destination }
        while count < slot { append(hole) }
        append(destination)
    }
}
