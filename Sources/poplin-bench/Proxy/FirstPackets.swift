internal import Glibc
internal import Lab
internal import Linux
internal import NFTables
internal import NetTypes
internal import Netlink

/// A pod whose datagrams this network namespace, as its node, sends on through a device that drops them: what is left is the
/// kernel's work for one packet, nearly all of it done before the pod's system call returns.
struct FirstPackets: ~Copyable {
    private let pod: LabNamespace
    private let socket: FileDescriptor
    /// 32-bit words in network order: an IPv4 header, a UDP header, no data.
    private var packet: [UInt8]
    private var conntrack: Conntrack

    private static let podAddress = IPv4Address(10, 200, 0, 2)

    init() throws {
        let pod = try LabNamespace("pod")
        var netlink = try NetlinkSocket()
        let peer = LinkAttributes(namespace: pod.namespace.descriptor.rawValue)
        let port = try netlink.create(NewLink("pod0", .veth(VethPeer("eth0", peer))))
        try netlink.run(.changeLink("pod0", .up))
        try netlink.run(.address(.add, InterfaceAddress(CIDR(.v4(IPv4Address(10, 200, 0, 1)), 24), on: port)))
        let sink = try netlink.create(NewLink("sink0", .ifb))
        try netlink.run(.changeLink("sink0", .up))
        try netlink.run(.address(.add, InterfaceAddress(CIDR(.v4(IPv4Address(10, 201, 0, 1)), 24), on: sink)))
        // One neighbour for all: thousands would be more than its table holds.
        let gateway = IPAddress.v4(IPv4Address(10, 201, 0, 2))
        try netlink.run(.route(.add, Route(IPFamily.v4.everything, via: gateway, dev: sink)))
        try Sysctl.set("net/ipv4/ip_forward", "1")
        var inside = try NetlinkSocket(in: pod.namespace)
        try inside.run(.changeLink("eth0", .up))
        let own = try inside.link("eth0").index
        try inside.run(.address(.add, InterfaceAddress(CIDR(.v4(Self.podAddress), 24), on: own)))
        try inside.run(
            .route(.add, Route(IPFamily.v4.everything, via: .v4(IPv4Address(10, 200, 0, 1)), dev: own)))
        let socket = try pod.run { () throws -> FileDescriptor in
            FileDescriptor(
                owning: try check("open", "a raw socket") {
                    Glibc.socket(AF_INET, Int32(SOCK_RAW.rawValue | SOCK_CLOEXEC.rawValue), Int32(IPPROTO_RAW))
                })
        }
        var packet = [UInt8](repeating: 0, count: 28)
        (packet[0], packet[8], packet[9]) = (0x45, 64, UInt8(IPPROTO_UDP))
        packet.replaceSubrange(12..<16, with: IPAddress.v4(Self.podAddress).octets)
        packet[25] = 8
        let conntrack = try Conntrack()
        self.conntrack = conntrack
        self.packet = packet
        self.socket = socket
        self.pod = pod
    }

    /// The mean time of the first packet of a flow, in nanoseconds, over flows to these addresses in turn.
    mutating func measure(_ destinations: [IPAddress], port: UInt16, flows: Int) throws -> Double {
        defer { _ = try? conntrack.delete(matching: [ConntrackFilter(.v4, .udp)]) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        (packet[22], packet[23]) = (UInt8(port >> 8), UInt8(port & 255))
        let start = ContinuousClock.now
        for flow in 0..<flows {
            let source = UInt16(1024 + flow % 60_000)
            (packet[20], packet[21]) = (UInt8(source >> 8), UInt8(source & 255))
            guard let destination = destinations[flow % destinations.count].v4 else { continue }
            let bits = destination.rawValue
            (packet[16], packet[17]) = (UInt8(truncatingIfNeeded: bits >> 24), UInt8(truncatingIfNeeded: bits >> 16))
            (packet[18], packet[19]) = (UInt8(truncatingIfNeeded: bits >> 8), UInt8(truncatingIfNeeded: bits))
            address.sin_addr.s_addr = bits.bigEndian
            try check("send", "a datagram") {
                withUnsafeBytes(of: &address) { name in
                    sendto(
                        socket.rawValue, packet, packet.count, 0,
                        name.baseAddress?.assumingMemoryBound(to: sockaddr.self), socklen_t(name.count))
                }
            }
        }
        return (ContinuousClock.now - start) / .nanoseconds(1) / Double(flows)
    }
}
