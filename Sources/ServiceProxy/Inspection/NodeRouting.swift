package import NetTypes
package import Netlink

/// The node's interfaces, addresses and routes, as far as they decide about a packet.
package struct NodeRouting: ~Copyable {
    /// Where a packet goes after the table has seen it.
    package enum Route: Hashable, Sendable {
        /// To a process of the node.
        case local
        case out(dev: String, via: IPAddress?)
        /// The kernel has no way, or does not let it pass.
        case none(reason: String)
    }

    private var socket: NetlinkSocket
    private let names: [InterfaceIndex: String]
    private let all: [InterfaceAddress]

    /// Reads what there is in the network namespace of the calling thread.
    package init() throws(NetlinkError) {
        // All that can fail first: a noncopyable value cannot be half made.
        var socket = try NetlinkSocket()
        let links = try socket.links()
        let addresses = try socket.addresses()
        self.socket = socket
        names = Dictionary(links.map { ($0.index, $0.name) }) { first, _ in first }
        all = addresses.sorted { $0.interface < $1.interface }
    }

    package var addresses: [IPAddress] { all.map(\.address.address) }

    package func isOwn(_ address: IPAddress) -> Bool { address.isLoopback || addresses.contains(address) }

    package func index(of name: String) -> InterfaceIndex? { names.first { $0.value == name }?.key }

    /// The address that the node speaks to the other with, unless told otherwise.
    package mutating func source(to destination: IPAddress) throws(NetlinkError) -> IPAddress? {
        try socket.route(to: destination).preferredSource
    }

    /// By which interface packets of the address come in, if they come by the way that leads back.
    package mutating func arrival(from source: IPAddress) throws(NetlinkError) -> String? {
        name(of: try socket.route(to: source))
    }

    /// Which way a packet goes that has come in by the interface, or that the node has made.
    package mutating func route(_ packet: Packet) -> Route {
        var arrival: InterfaceIndex?
        if case .interface(let name) = packet.origin {
            guard let index = index(of: name) else { return .none(reason: "there is no interface \(name)") }
            arrival = index
        }
        do throws(NetlinkError) {
            let route = try socket.route(
                to: packet.destination, from: packet.source, arrivingBy: arrival,
                mark: packet.mark == 0 ? nil : packet.mark)
            switch route.type {
            case .local, .broadcast: return .local
            case .blackhole, .unreachable, .prohibit: return .none(reason: "the route there refuses packets")
            default: break
            }
            guard let name = name(of: route) else { return .none(reason: "the route there has no interface") }
            return .out(dev: name, via: route.gateway ?? route.nextHops.first?.gateway)
        } catch {
            return .none(reason: error.detail.isEmpty ? "\(error.errno)" : "\(error.errno): \(error.detail)")
        }
    }

    private func name(of route: Netlink.Route) -> String? {
        (route.outputInterface ?? route.nextHops.first?.outputInterface).flatMap { names[$0] }
    }

    /// What masquerade makes the source: as the kernel's inet_select_addr and ipv6_dev_get_saddr do, which do not heed the
    /// source that a route prefers.
    package mutating func masquerade(_ packet: Packet, _ route: Route) -> IPAddress? {
        let family = packet.destination.family
        let dev: InterfaceIndex?
        let hop: IPAddress
        switch route {
        case .out(let name, let via):
            dev = index(of: name)
            hop = via ?? packet.destination
        case .local:
            dev = index(of: "lo")
            hop = packet.destination
        case .none: return nil
        }
        let candidates = all.filter {
            $0.address.family == family && $0.scope == .universe && !$0.flags.contains(.secondary)
                && !$0.flags.contains(.tentative) && !$0.flags.contains(.deprecated)
        }
        if family == .v6, let preferred = try? socket.route(to: packet.destination).preferredSource,
            candidates.contains(where: { $0.address.address == preferred })
        {
            return preferred
        }
        let own = candidates.filter { $0.interface == dev }
        let near = own.first { CIDR($0.peer ?? $0.address.address, $0.address.prefixLength).contains(hop) }
        return (near ?? own.first ?? candidates.first)?.address.address
    }
}
