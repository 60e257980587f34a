package import NetTypes
package import Netlink

extension SelectionFacts {
    /// Reads what the choice of the underlay looks at.
    package init(_ socket: inout NetlinkSocket, request: InterfaceRequest, families: [IPFamily]) throws(NetlinkError) {
        let addresses = try socket.addresses()
        let byInterface = Dictionary(grouping: addresses, by: \.interface)
        let candidates = try socket.links().filter { $0.isUp && !$0.flags.contains(.loopback) }.map { link in
            InterfaceCandidate(
                index: link.index, name: link.name, mtu: link.mtu,
                addresses: (byInterface[link.index] ?? []).map(InterfaceCandidate.Address.init))
        }
        var defaults: [IPFamily: [InterfaceIndex]] = [:]
        for family in families {
            defaults[family] = try socket.routes(RouteFilter(family, type: .unicast))
                .filter { $0.destination.prefixLength == 0 }
                .sorted { $0.priority < $1.priority }
                .flatMap { route in
                    route.nextHops.isEmpty ? [route.outputInterface] : route.nextHops.map(\.outputInterface)
                }
                .compactMap(\.self)
        }
        let reachableBy = request.reachable.flatMap { address in (try? socket.route(to: address))?.outputInterface }
        self.init(candidates: candidates, defaultRoutes: defaults, reachableBy: reachableBy)
    }
}

extension InterfaceCandidate.Address {
    init(_ found: InterfaceAddress) {
        // IPv4 has the temporary flag's bit for secondary addresses.
        let isV6 = found.address.family == .v6
        self.init(
            found.address.address, isGlobal: found.scope == .universe && !found.address.address.isLinkLocal,
            isPermanent: found.validLifetime == nil, isTemporary: isV6 && found.flags.contains(.secondary),
            isUnusable: found.preferredLifetime == 0
                || !found.flags.isDisjoint(with: [.deprecated, .duplicateFound, .tentative]))
    }
}
