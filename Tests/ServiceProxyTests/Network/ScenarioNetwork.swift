import Lab
import Linux
import NFTables
import NetTypes
import Netlink
import ServiceProxy

/// The node of the scenarios with all that is around it, each a network namespace with a link to the node.
struct ScenarioNetwork: ~Copyable {
    let node: LabNamespace
    let pod: LabNamespace
    let podB: LabNamespace
    let otherPod: LabNamespace
    let outside: LabNamespace
    /// Another node and its pods, in one.
    let remote: LabNamespace

    init() throws {
        let node = try LabNamespace("node")
        let pod = try LabNamespace("pod")
        let podB = try LabNamespace("podb")
        let otherPod = try LabNamespace("other")
        let outside = try LabNamespace("outside")
        let remote = try LabNamespace("remote")
        try node.run {
            try Sysctl.set("net/ipv4/ip_forward", "1")
            try Sysctl.set("net/ipv6/conf/all/forwarding", "1")
            try Sysctl.setIfPresent("net/ipv6/icmp/ratelimit", "0")
            for scope in ["all", "default"] {
                try Sysctl.set("net/ipv4/conf/\(scope)/rp_filter", "0")
                // A redirect would use up what the kernel allows of ICMP to a client, before the packet is rejected.
                try Sysctl.set("net/ipv4/conf/\(scope)/send_redirects", "0")
            }
        }
        let gateway = address("10.30.1.1")
        try Self.connect(node, pod, by: "veth-pod", [address("10.30.1.11")], gateway)
        try Self.connect(node, podB, by: "veth-podb", [address("10.30.1.12")], gateway)
        try Self.connect(node, otherPod, by: "veth-other", [address("10.30.1.13")], gateway)
        try Self.connect(
            node, remote, by: "under-r", [address("10.30.2.12"), address("10.30.2.11")], Scenario.nodeAddress)
        let out = try Self.connect(node, outside, by: "under-o", [address("192.168.30.9")], Scenario.nodeAddress)
        var socket = try NetlinkSocket(in: node.namespace)
        // Where nothing else leads.
        for gateway in [address("192.168.30.9"), address("192.168.30.9").inV6] {
            try socket.run(.route(.add, Route(gateway.everything, via: gateway, dev: out, isOnLink: true)))
        }
        self.node = node
        self.pod = pod
        self.podB = podB
        self.otherPod = otherPod
        self.outside = outside
        self.remote = remote
    }

    /// A link between the node, which is the gateway, and somebody with these addresses.
    @discardableResult
    private static func connect(
        _ node: borrowing LabNamespace, _ end: borrowing LabNamespace, by name: String, _ addresses: [IPAddress],
        _ gateway: IPAddress
    ) throws -> InterfaceIndex {
        // Nobody else has the addresses, and whoever waits for that is no neighbour.
        for namespace in [node.path, end.path] {
            try NetworkNamespace(path: namespace).run { try Sysctl.set("net/ipv6/conf/default/accept_dad", "0") }
        }
        var socket = try NetlinkSocket(in: node.namespace)
        let peer = VethPeer("eth0", LinkAttributes(namespace: end.namespace.descriptor.rawValue))
        try socket.run(.createLink(NewLink(name, .veth(peer), LinkAttributes(isUp: true))))
        let port = try socket.link(.name(name)).index
        let gateways = [gateway, gateway.inV6]
        for gateway in gateways {
            try socket.run(
                .address(.add, InterfaceAddress(CIDR(host: gateway), on: port, flags: [.noDuplicateDetection])))
        }
        var inside = try NetlinkSocket(in: end.namespace)
        let eth0 = try inside.link("eth0").index
        try inside.run(.changeLink(.index(eth0), .up))
        for address in addresses + addresses.map(\.inV6) {
            try inside.run(
                .address(.add, InterfaceAddress(CIDR(host: address), on: eth0, flags: [.noDuplicateDetection])))
            try socket.run(.route(.add, Route(CIDR(host: address), dev: port)))
        }
        for gateway in gateways {
            try inside.run(.route(.add, Route(gateway.everything, via: gateway, dev: eth0, isOnLink: true)))
        }
        return port
    }

    /// Puts the table into the node.
    func install(_ ruleset: Ruleset) throws { try commit(ruleset.transaction) }

    func commit(_ transaction: Transaction) throws {
        try node.run {
            var socket = try NFTSocket()
            try socket.commit(transaction)
        }
    }

    func commit(_ change: TableChange) throws {
        try node.run {
            var socket = try NFTSocket()
            var conntrack = try Conntrack()
            try socket.commit(change, &conntrack)
        }
    }

    /// Who answers at all the endpoints of the table.
    func servers() throws -> EndpointServers {
        let servers = EndpointServers()
        for (transport, port) in [(L4Protocol.tcp, UInt16(8080)), (.tcp, 5301), (.udp, 5302), (.sctp, 5303)] {
            for isV6 in [false, true] {
                func place(_ text: String) -> Destination {
                    Destination(isV6 ? address(text).inV6 : address(text), port)
                }
                try pod.run { try servers.listen(place("10.30.1.11"), transport) }
                try podB.run { try servers.listen(place("10.30.1.12"), transport) }
                try remote.run { try servers.listen(place("10.30.2.11"), transport) }
            }
        }
        servers.start()
        return servers
    }

    /// Makes one connection and tells where it ended.
    func outcome(of flow: Scenario.Flow) throws -> Outcome { try run(as: flow.client) { try Visit(flow).outcome() } }

    /// Somebody who sends datagrams, and stays the same.
    func datagramClient(_ client: Scenario.Client) throws -> DatagramClient {
        try run(as: client) { try DatagramClient(client) }
    }

    /// Runs the body in the client's network namespace.
    private func run<Result: ~Copyable>(as client: Scenario.Client, _ body: () throws -> Result) throws -> Result {
        switch client {
        case .pod: try pod.run(body)
        case .otherPod: try otherPod.run(body)
        case .node: try node.run(body)
        case .outside: try outside.run(body)
        case .remotePod: try remote.run(body)
        }
    }
}

extension IPAddress {
    /// The network of all addresses of the family.
    fileprivate var everything: CIDR { CIDR(IPAddress(family: family, value: 0), 0) }
}
