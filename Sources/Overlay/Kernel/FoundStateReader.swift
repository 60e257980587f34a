package import NetTypes
package import Netlink

extension FoundState {
    /// Reads what concerns the overlay from the kernel's tables: three dumps a family, however many peers there are.
    package init(_ socket: inout NetlinkSocket, config: NetworkConfig, facts: NodeFacts) throws(NetlinkError) {
        for family in config.families {
            guard let pool = config[family] else { continue }
            let vtep = facts[family]?.vtep
            for route in try socket.routes(RouteFilter(family)) {
                insert(route, network: pool.network, vtep: vtep)
            }
            guard let vtep else { continue }
            for neighbour in try socket.neighbours(family, on: vtep) { insert(neighbour, network: pool.network) }
            for entry in try socket.forwardingEntries(on: vtep) { insert(entry) }
        }
    }

    /// A route of the main table. Those that are not ours count only where they may stand in a peer's way.
    package mutating func insert(_ route: Route, network: CIDR, vtep: InterfaceIndex?) {
        guard route.table == .main else { return }
        let isOurs = route.protocolNumber == .poplin
        if isOurs && route.type == .blackhole && route.priority == blackholePriority {
            insert(.blackhole(route.destination), FoundEntry(.route(.blackhole), .ours))
            return
        }
        guard isOurs || (network.contains(route.destination) && route.destination != network) else { return }
        guard route.priority == (route.family == .v6 ? 1024 : 0) else { return }
        var target = RouteTarget.other
        if route.type == .unicast, route.nextHops.isEmpty, let gateway = route.gateway,
            let device = route.outputInterface
        {
            target = .via(gateway, device: device, isOnLink: route.isOnLink)
        }
        let ownership: Ownership
        if isOurs {
            ownership = .ours
        } else if route.protocolNumber == .boot {
            ownership = target != .other && route.outputInterface == vtep ? .adopted : .untagged
        } else {
            ownership = .foreign
        }
        insert(
            .route(route.destination),
            FoundEntry(.route(target), ownership, origin: "protocol \(route.protocolNumber.rawValue)"))
    }

    /// A neighbour of the VTEP device. Only permanent ones inside the network are the overlay's.
    package mutating func insert(_ neighbour: Neighbour, network: CIDR) {
        guard neighbour.state == .permanent, let mac = neighbour.mac, network.contains(neighbour.address),
            !neighbour.flags.contains(.proxy)
        else { return }
        insert(.neighbour(device: neighbour.interface, neighbour.address), FoundEntry(.neighbour(mac), .ours))
    }

    /// A forwarding entry of the VTEP device. What the device has learned itself, and the entry for unknown addresses,
    /// are not the overlay's.
    package mutating func insert(_ entry: ForwardingEntry) {
        guard entry.state.contains(.permanent), entry.flags.contains(.ownTable), entry.mac.rawValue != 0,
            let destination = entry.destination
        else { return }
        insert(.fdb(device: entry.interface, entry.mac), FoundEntry(.fdb(destination: destination), .ours))
    }

    /// Takes note of a change that the kernel has accepted.
    package mutating func note(_ change: Change) {
        switch change {
        case .put(let key, let entry): entries[key] = FoundEntry(entry, .ours)
        case .remove(let key, let entry):
            if let index = duplicates.firstIndex(where: { $0.key == key && $0.entry == entry }) {
                duplicates.remove(at: index)
            } else {
                entries[key] = nil
            }
        }
    }
}
