import Lab
import NetTypes
import Netlink
import Overlay

/// A node in a namespace of its own: `eth0` with 192.168.0.1/24 and 2001:db8::1/64, the other end of which nobody uses.
final class Node {
    let namespace: LabNamespace
    private var socket: NetlinkSocket
    let underlayIndex: InterfaceIndex

    init() throws {
        let namespace = try LabNamespace("overlay")
        var socket = try namespace.run { () throws -> NetlinkSocket in try NetlinkSocket() }
        // A pair cannot be made with its ends up: the second would be raised before it is connected.
        try socket.run(.createLink(NewLink("eth0", .veth(VethPeer("far")))))
        for name in ["far", "eth0"] { try socket.run(.changeLink(.name(name), .up)) }
        let index = try socket.link("eth0").index
        for text in ["192.168.0.1/24", "2001:db8::1/64"] {
            guard let address = CIDR(text) else { continue }
            try socket.run(.address(.add, InterfaceAddress(address, on: index, flags: .noDuplicateDetection)))
        }
        self.namespace = namespace
        self.socket = socket
        underlayIndex = index
    }

    func reconciler() throws -> Reconciler { Reconciler(try openSocket()) }

    func openSocket() throws -> NetlinkSocket {
        try namespace.run { () throws -> NetlinkSocket in try NetlinkSocket() }
    }

    func openMonitor() throws -> NetlinkMonitor {
        try namespace.run { () throws -> NetlinkMonitor in
            try NetlinkMonitor([.links, .addresses, .routes, .neighbours])
        }
    }

    /// We are node 1 of `Samples`.
    func situation(_ backend: BackendConfig = .vxlan(VXLANConfig()), mtu: Int = 1500, isDual: Bool = false) -> Situation
    {
        Situation(
            config: Samples.config(backend, isDual: isDual), subnet: Samples.subnet(1, isDual: isDual),
            underlay: Underlay(
                index: underlayIndex, name: "eth0", mtu: mtu,
                v4: .init(local: Samples.underlay(1), published: Samples.underlay(1)),
                v6: isDual ? .init(local: Samples.underlayV6(1), published: Samples.underlayV6(1)) : nil),
            macs: [.v4: Samples.mac(1), .v6: Samples.mac(1)])
    }

    func run(_ requests: NetlinkRequest...) throws { for request in requests { try socket.run(request) } }

    func link(_ name: String) throws -> Link { try socket.link(.name(name)) }

    func isThere(_ name: String) -> Bool { (try? socket.link(.name(name))) != nil }

    /// Routes into the pod network, by destination.
    func podRoutes() throws -> [CIDR: Route] {
        let routes = try socket.routes().filter { route in
            ["10.5.0.0/16", "fd00:5::/48"].compactMap { CIDR($0) }.contains { $0.contains(route.destination) }
        }
        return Dictionary(routes.map { ($0.destination, $0) }) { $1 }
    }

    func forwarding(_ name: String) throws -> [MACAddress: IPAddress] {
        let entries = try socket.forwardingEntries(on: socket.link(.name(name)).index)
        return Dictionary(entries.compactMap { entry in entry.destination.map { (entry.mac, $0) } }) { $1 }
    }

    func neighbours(_ name: String) throws -> [IPAddress: MACAddress] {
        let found = try socket.neighbours(on: socket.link(.name(name)).index).filter { $0.state == .permanent }
        return Dictionary(found.compactMap { entry in entry.mac.map { (entry.address, $0) } }) { $1 }
    }
}

extension BackendConfig {
    static func vxlan(_ change: (inout VXLANConfig) -> Void) -> BackendConfig {
        var config = VXLANConfig()
        change(&config)
        return .vxlan(config)
    }
}
