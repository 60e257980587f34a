package import NFTables
package import NetTypes

/// In which slots a table holds endpoints, so that who takes it over leaves them there.
package struct SlotMemory: Sendable {
    private(set) var slots: [Place: [Destination]] = [:]
    private(set) var groups: [Place: UInt32] = [:]
    /// Of the groups' numbers; 0 without one.
    private(set) var lastGroup: UInt32 = 0
    private var takenGroups: Set<UInt32> = []

    struct Place: Hashable, Sendable {
        var set: ProxySet
        /// Node ports are the same numbers in both.
        var family: IPFamily
        var key: [Datum]
    }

    package init() {}

    /// What it takes from.
    static let sets = ProxySet.endpointMaps + [.groups, .nodePortGroups]

    /// Takes what a map holds; elements that are not of its kind are passed over.
    package mutating func take(_ elements: [Element], of set: ProxySet, _ family: IPFamily) {
        if ProxySet.endpointMaps.contains(set) {
            takeSlots(elements, set, family)
        } else {
            takeGroups(elements, set, family)
        }
    }

    private mutating func takeGroups(_ elements: [Element], _ set: ProxySet, _ family: IPFamily) {
        for element in elements {
            guard case .data(let value)? = element.value, case .mark(let group)? = value.first else { continue }
            groups[Place(set: set, family: family, key: element.key)] = group
            lastGroup = max(lastGroup, group)
        }
    }

    package var isEmpty: Bool { slots.isEmpty && groups.isEmpty }

    /// The same, but the next one to ask does not get it.
    mutating func takeGroup(of transport: L4Protocol, _ port: ServicePort) -> UInt32? {
        group(of: transport, port).flatMap { takenGroups.insert($0).inserted ? $0 : nil }
    }

    /// The number by which the clients of a port are known.
    func group(of transport: L4Protocol, _ port: ServicePort) -> UInt32? {
        if groups.isEmpty { return nil }
        let family = port.clusterIP.family
        let transport = Datum.l4proto(transport)
        let fronts = [port.clusterIP] + port.externalIPs + port.loadBalancerIPs
        var keys = fronts.map {
            Place(set: .groups, family: family, key: [.address($0), transport, .port(port.port)])
        }
        keys.append(Place(set: .nodePortGroups, family: family, key: [transport, .port(port.nodePort)]))
        for key in keys { if let group = groups[key] { return group } }
        return nil
    }

    private mutating func takeSlots(_ elements: [Element], _ set: ProxySet, _ family: IPFamily) {
        var found: [[Datum]: [(UInt32, Destination)]] = [:]
        for element in elements {
            guard case .mark(let slot)? = element.key.last, case .data(let value)? = element.value, value.count == 2,
                let address = value[0].ipAddress, case .port(let port) = value[1]
            else { continue }
            found[Array(element.key.dropLast()), default: []].append((slot, Destination(address, port)))
        }
        for (key, slots) in found {
            self.slots[Place(set: set, family: family, key: key)] = slots.sorted { $0.0 < $1.0 }.map(\.1)
        }
    }

    /// The order in which the table has these endpoints of a port, or most of them. All fronts that may have had them are
    /// looked at, since one may have been another's.
    func order(of wanted: [Destination], isLocal: Bool, _ transport: L4Protocol, _ port: ServicePort) -> [Destination] {
        if slots.isEmpty || wanted.isEmpty { return [] }
        let family = port.clusterIP.family
        let transport = Datum.l4proto(transport)
        let wanted = Set(wanted)
        var best: (order: [Destination], score: Int) = ([], 0)
        func consider(_ set: ProxySet, _ key: [Datum]) {
            guard best.score < wanted.count, let order = slots[Place(set: set, family: family, key: key)] else {
                return
            }
            // Of two that have all, the one that has no others.
            let score = order.reduce(0) { $0 + (wanted.contains($1) ? 1 : -1) }
            if score > best.score { best = (order, score) }
        }
        func key(_ address: IPAddress) -> [Datum] { [.address(address), transport, .port(port.port)] }
        for address in [port.clusterIP] + port.externalIPs + port.loadBalancerIPs {
            consider(isLocal ? .localEndpoints : .endpoints, key(address))
        }
        consider(isLocal ? .nodePortLocalEndpoints : .nodePortEndpoints, [transport, .port(port.nodePort)])
        return best.order
    }
}
