internal import Lab
internal import Linux
internal import NetTypes
internal import Netlink

/// What the kernel alone takes for a pod's links, asked by netlink and nothing else: the pair, one end a port of the bridge,
/// the other in the pod, up, and one gratuitous ARP.
struct LinkCost {
    private let node: BenchNode

    init(_ node: BenchNode) { self.node = node }

    func measure(_ pods: [BenchPod]) throws -> Sample {
        var socket = try NetlinkSocket(in: node.namespace.namespace)
        let bridge = try socket.link("cni0").index
        var sample = Sample()
        for pod in pods {
            let name = "cost\(pod.number)"
            var inside = try NetlinkSocket(in: pod.namespace.namespace)
            try sample.time { try attach(name, to: bridge, pod, &socket, &inside) }
            try socket.run(.deleteLink(.name(name)))
        }
        return sample
    }

    private func attach(
        _ name: String, to bridge: InterfaceIndex, _ pod: BenchPod, _ socket: inout NetlinkSocket,
        _ inside: inout NetlinkSocket
    ) throws {
        let mac = MACAddress.random()
        var peer = LinkAttributes(mac: mac, namespace: pod.namespace.namespace.descriptor.rawValue)
        var own = LinkAttributes(isUp: true, masterIndex: bridge)
        (peer.queues, own.queues) = (1, 1)
        try socket.run(.createLink(NewLink(name, .veth(VethPeer("eth0", peer)), own)))
        let index = try inside.link("eth0").index
        let address = CIDR(.v4(IPv4Address(10, 87, 250, UInt8(pod.number % 200 + 1))), 16)
        let requests: [NetlinkRequest] = [
            .address(.add, InterfaceAddress(address, on: index)), .generateAddress("eth0", .disabled),
            .changeLink("eth0", .up), .ipv4Setting("eth0", .arpNotify, 1),
        ]
        for failure in inside.runAll(requests) { if let failure { throw failure } }
        // Only now does the port let packets through.
        try node.namespace.run { try LinkWatch.settle(name) }
        try inside.run(.changeLink("eth0", LinkAttributes(mac: mac)))
    }
}
