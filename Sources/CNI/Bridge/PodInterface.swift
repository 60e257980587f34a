internal import Linux
internal import NetTypes
internal import Netlink

/// The container's end of the pair: its addresses and routes, and how it makes itself known.
struct PodInterface {
    let name: String
    let config: BridgeConfig
    let plan: BridgePlan
    let container: ContainerNamespace

    /// Brings the interface up with all it needs. Returns what announces its addresses to the ports of the bridge, to be
    /// called with their number when the way to it is complete.
    func configure() throws -> (Int) throws -> Void {
        let pod = try container.namespace.run {
            try prepare()
            return try PodSocket(awaiting: config.detectsDuplicates ? [] : plan.ips.map(\.address))
        }
        let link = try pod.socket.index(of: name)
        for failure in pod.socket.runAll(requests(link)) { if let failure { throw failure } }
        if config.detectsDuplicates { try DuplicateDetection.wait(on: link, name, in: container) }
        return { ports in
            try pod.awaitReadiness()
            if ports > Self.manyPorts, try announceAfterEnd(link) { return }
            try pod.announce(link, plan.podMAC)
        }
    }

    /// With more it costs less to make a child that waits until all have the announcement than to wait for that.
    private static let manyPorts = 64

    private func announceAfterEnd(_ link: InterfaceIndex) throws -> Bool {
        let announcement = Announcement(addresses: plan.ips.map(\.address.address), mac: plan.podMAC)
        return try container.namespace.run { announcement.sendAfterEnd(from: link) }
    }

    /// Settings that must be there before the first address.
    private func prepare() throws(SystemError) {
        guard hasFamily(.v6) else { return }
        let settings = "net/ipv6/conf/\(name)"
        try Sysctl.set("net/ipv6/conf/lo/disable_ipv6", "0")
        try Sysctl.set("\(settings)/disable_ipv6", "0")
        try Sysctl.setIfPresent("\(settings)/keep_addr_on_down", "1")
        try Sysctl.setIfPresent("\(settings)/ndisc_notify", "1")
        if config.detectsDuplicates { try Sysctl.setIfPresent("\(settings)/enhanced_dad", "1") }
        try Sysctl.set("\(settings)/accept_dad", config.detectsDuplicates ? "1" : "0")
    }

    private func hasFamily(_ family: IPFamily) -> Bool { plan.ips.contains { $0.address.family == family } }

    private func requests(_ index: InterfaceIndex) -> [NetlinkRequest] {
        let addresses = plan.ips.map { ip in
            NetlinkRequest.address(
                .add,
                InterfaceAddress(
                    ip.address, on: index,
                    flags: config.detectsDuplicates ? AddressFlags(rawValue: 0) : ip.address.family.usedAtOnce,
                    broadcast: ip.address.broadcast))
        }
        // Without an IPv6 address of its own the container takes no part in IPv6: a link-local address would cost the node
        // six multicasts to each port of the bridge, for nobody.
        let start: [NetlinkRequest] =
            hasFamily(.v6) ? [] : [.changeLink(.index(index), LinkAttributes(addressGeneration: .disabled))]
        // For the announcement. The kernel sets it when the interface is up already, so that it does not announce what
        // nobody hears, which costs as much as the bridge has ports.
        let up = LinkAttributes(isUp: true, ipv4: [.arpNotify: 1])
        let routes = plan.routes.map { NetlinkRequest.route(.append, route($0, index)) }
        return addresses + start + [.changeLink(.index(index), up)] + routes
    }

    /// The route as the kernel is to have it.
    func route(_ route: CNIResult.Route, _ index: InterfaceIndex) -> Route {
        let gateway = plan.gateway(for: route)
        let isReachable = plan.ips.contains { ip in gateway.map { ip.address.network.contains($0) } ?? true }
        var result = Route(
            route.destination, via: gateway, dev: index,
            table: route.table.map { RouteTable(rawValue: $0) } ?? .main,
            scope: route.scope.map { RouteScope(rawValue: $0) },
            priority: route.priority, isOnLink: !isReachable)
        result.mtu = route.mtu
        result.advertisedMSS = route.advertisedMSS
        return result
    }
}

/// The sockets in the container, kept for the announcement.
private final class PodSocket {
    var socket: NetlinkSocket
    private var readiness: AddressReadiness?

    /// Must run inside of the container's namespace.
    init(awaiting addresses: [CIDR]) throws {
        let late = addresses.filter { $0.family == .v6 }
        socket = try NetlinkSocket()
        readiness = late.isEmpty ? nil : try AddressReadiness(late)
    }

    func awaitReadiness() throws { try readiness?.wait() }

    /// Tells the neighbours by gratuitous ARP and unsolicited NA. The kernel sends both when the hardware address is
    /// set, also to what it was (arp_notify, ndisc_notify). A packet socket of our own would cost an RCU grace period
    /// when it is closed, which is longer than the whole ADD.
    func announce(_ index: InterfaceIndex, _ mac: MACAddress) throws {
        try socket.run(.changeLink(.index(index), LinkAttributes(mac: mac)))
    }
}

extension IPFamily {
    /// Without the wait for duplicate address detection, which only IPv6 has.
    var usedAtOnce: AddressFlags { self == .v6 ? .noDuplicateDetection : AddressFlags(rawValue: 0) }
}

extension CIDR {
    /// The broadcast address of an IPv4 network that has one (RFC 3021: not a /31).
    var broadcast: IPAddress? { family == .v4 && prefixLength < 31 ? last : nil }
}
