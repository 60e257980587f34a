internal import Linux
internal import NetTypes
internal import Netlink

/// The network between the nodes: a bridge in a namespace of its own, and a veth pair to each host.
struct Underlay {
    /// Path of the bridge's namespace.
    let path: String
    private static let bridge = "underlay"

    /// Makes the bridge in a namespace that is empty.
    func make(mtu: Int) throws {
        let namespace = try NetworkNamespace(path: path)
        // A switch: it forwards frames and has no addresses itself.
        try namespace.run {
            for scope in ["all", "default"] { try Sysctl.set("net/ipv6/conf/\(scope)/disable_ipv6", "1") }
        }
        var socket = try NetlinkSocket(in: namespace)
        let settings = BridgeSettings(multicastSnooping: false)
        try socket.run(
            .createLink(NewLink(Self.bridge, .bridge(settings), LinkAttributes(mtu: mtu, isUp: true))))
    }

    /// Gives the host's namespace an `eth0` on the bridge, with these addresses and default routes; `port` is the name
    /// of the bridge's end.
    func connect(_ host: String, port: String, addresses: [CIDR], gateways: [IPAddress], mtu: Int) throws {
        let namespace = try NetworkNamespace(path: host)
        let bridgeNamespace = try NetworkNamespace(path: path)
        var bridgeSocket = try NetlinkSocket(in: bridgeNamespace)
        let peer = VethPeer("eth0", LinkAttributes(mtu: mtu, namespace: namespace.descriptor.rawValue))
        let attributes = LinkAttributes(
            mtu: mtu, isUp: true, masterIndex: try bridgeSocket.link(.name(Self.bridge)).index)
        try bridgeSocket.run(.createLink(NewLink(port, .veth(peer), attributes)))

        var socket = try NetlinkSocket(in: namespace)
        let eth0 = try socket.link("eth0").index
        // Nobody else has the addresses: no need to wait for duplicate detection, not even of the link-local one, without
        // which a node asks for no neighbour on behalf of others.
        try namespace.run { try Sysctl.set("net/ipv6/conf/eth0/accept_dad", "0") }
        // Not at creation: the kernel refuses the peer's being up before its other end is there (ENOTCONN).
        try socket.run(.changeLink(.index(eth0), .up))
        for address in addresses {
            try socket.run(.address(.add, InterfaceAddress(address, on: eth0, flags: [.noDuplicateDetection])))
        }
        for gateway in gateways {
            let everything = CIDR(IPAddress(family: gateway.family, value: 0), 0)
            try socket.run(.route(.add, Route(everything, via: gateway, dev: eth0)))
        }
    }

    /// Changes the MTU of the whole network, on the bridge and on both ends of every pair.
    func setMTU(_ mtu: Int, hosts: [String]) throws {
        var socket = try NetlinkSocket(in: NetworkNamespace(path: path))
        let bridge = try socket.link(.name(Self.bridge)).index
        for link in try socket.links(master: bridge) {
            try socket.run(.changeLink(.index(link.index), LinkAttributes(mtu: mtu)))
        }
        try socket.run(.changeLink(.index(bridge), LinkAttributes(mtu: mtu)))
        for host in hosts {
            var socket = try NetlinkSocket(in: NetworkNamespace(path: host))
            try socket.run(.changeLink("eth0", LinkAttributes(mtu: mtu)))
        }
    }
}
