internal import Lab
internal import Linux
internal import NetTypes
internal import Netlink

/// What the kernel alone takes for a pod's links, asked by netlink and nothing else: the pair, one end a port of the bridge,
/// the other in the pod, and up.
struct LinkCost {
    private let node: BenchNode

    init(_ node: BenchNode) { self.node = node }

    /// Makes a pair for the pod and keeps it.
    func measure(_ pod: BenchPod, _ sample: inout Sample) throws {
        var socket = try NetlinkSocket(in: node.namespace.namespace)
        var inside = try NetlinkSocket(in: pod.namespace.namespace)
        let bridge = try socket.link("cni0").index
        try sample.time { try attach(name(pod), to: bridge, pod, &socket, &inside) }
    }

    func remove(_ pod: BenchPod) throws {
        var socket = try NetlinkSocket(in: node.namespace.namespace)
        try socket.run(.deleteLink(.name(name(pod))))
    }

    private func name(_ pod: BenchPod) -> String { "cost\(pod.number)" }

    private func attach(
        _ name: String, to bridge: InterfaceIndex, _ pod: BenchPod, _ socket: inout NetlinkSocket,
        _ inside: inout NetlinkSocket
    ) throws {
        let mac = MACAddress.random()
        var peer = LinkAttributes(mac: mac, namespace: pod.namespace.namespace.descriptor.rawValue)
        // The address that the plugin gives to its ports.
        var own = LinkAttributes(mac: MACAddress(rawValue: 0x0A58 << 32), masterIndex: bridge)
        (peer.queues, own.queues) = (1, 1)
        let outside: [NetlinkRequest] = [
            .createLink(NewLink(name, .veth(VethPeer("cost", peer)), own)),
            .changeLink(.name(name), LinkAttributes(addressGeneration: .disabled)), .changeLink(.name(name), .up),
        ]
        for failure in socket.runAll(outside) { if let failure { throw failure } }
        let index = try inside.index(of: "cost")
        let address = CIDR(.v4(IPv4Address(10, 87, 250, UInt8(pod.number % 200 + 1))), 16)
        let requests: [NetlinkRequest] = [
            .address(.add, InterfaceAddress(address, on: index)),
            .changeLink("cost", LinkAttributes(addressGeneration: .disabled)), .changeLink("cost", .up),
        ]
        for failure in inside.runAll(requests) { if let failure { throw failure } }
        // Only now does the port let packets through.
        try node.namespace.run { try LinkWatch.settle(name) }
    }
}
