import NFTables
import NetTypes

/// One of everything: the port mapping, masquerade, forward and spoof-check layouts that the plugins are made of.
enum ExampleLayout {
    static let table = Table(.ip, "example", comment: "layout 1")
    static let hostPorts = NFTSet(
        table, "hostports", key: [.ipv4Address, .internetProtocol, .internetService],
        value: .data([.ipv4Address, .internetService]), comment: "by address")
    static let anyPorts = NFTSet(
        table, "anyports", key: [.internetProtocol, .internetService], value: .data([.ipv4Address, .internetService]))
    static let sources = NFTSet(table, "sources", key: [.ipv4Address])
    static let networks = NFTSet(table, "networks", key: [.ipv4Address], options: .interval)
    static let excluded = NFTSet(table, "excluded", key: [.ipv4Address, .ipv4Address], options: .interval)
    static let recent = NFTSet(table, "recent", key: [.mark], options: .timeout)
    static let verdicts = NFTSet(table, "verdicts", key: [.internetProtocol, .internetService], value: .verdict)

    static let service = Chain(table, "service")
    static let prerouting = Chain(table, "prerouting", .init(.nat, .prerouting, .dstnat))
    static let postrouting = Chain(table, "postrouting", .init(.nat, .postrouting, .srcnat), comment: "to the world")
    static let forward = Chain(table, "forward", .init(.filter, .forward, .filter, policy: .drop))

    static let bridge = Table(.bridge, "spoof")
    static let owners = NFTSet(bridge, "owners", key: [.interfaceName, .etherAddress])
    static let frames = Chain(bridge, "frames", .init(.filter, .prerouting, .bridgeDstnat))

    static let dual = Table(.inet, "dual")
    static let ports6 = NFTSet(
        dual, "ports6", key: [.ipv6Address, .internetProtocol, .internetService],
        value: .data([.ipv6Address, .internetService]))
    static let dualPrerouting = Chain(dual, "prerouting", .init(.nat, .prerouting, .dstnat))
    static let dualInput = Chain(dual, "input", .init(.filter, .input, .filter))

    static let pod = IPv4Address(10, 0, 0, 5)
    static let podNetwork = CIDR(.v4(IPv4Address(10, 3, 0, 0)), 20)
    static let clusterNetwork = CIDR(.v4(IPv4Address(10, 2, 0, 0)), 16)
    static let multicast = CIDR(.v4(IPv4Address(224, 0, 0, 0)), 4)
    static let pod6 = IPv6Address(rawValue: 0xFD00 << 112 | 5)

    static let rules: [Rule] = [
        Rule(
            prerouting,
            [
                .match(.destinationAddressType, .equal(.addressType(.local))),
                .dnat(.v4, to: [.ipDestination, .l4proto, .destinationPort], map: hostPorts),
            ]),
        Rule(
            prerouting,
            [
                .match(.destinationAddressType, .equal(.addressType(.local))),
                .dnat(.v4, to: [.l4proto, .destinationPort], map: anyPorts),
            ]),
        Rule(
            prerouting,
            [
                .match(.l4proto, .equal(.l4proto(.tcp))), .match(.destinationPort, .equal(.port(80))),
                .dnat(.v4(pod), port: 8080, []),
            ]),
        Rule(
            postrouting, [.match(.mark, .masked(0x4000, equals: 0x4000)), .masquerade(.fullyRandom)], comment: "marked"),
        Rule(postrouting, [.match([.ipSource, .ipDestination], in: excluded), .return]),
        Rule(
            postrouting,
            [.match([.ipSource], in: sources), .match(.ipDestination, .notInside(multicast)), .counter, .masquerade]),
        Rule(
            postrouting,
            [.match([.ipSource], notIn: networks), .match(.ipDestination, .inside(podNetwork)), .masquerade]),
        Rule(postrouting, [.match(.ipDestination, .notInside(podNetwork)), .snat(.v4(pod), port: nil, [])]),
        Rule(forward, [.ctState([.established, .related]), .accept]),
        Rule(forward, [.ctStatus(.dnat), .accept]),
        Rule(forward, [.match(.ipSource, .inside(clusterNetwork)), .accept]),
        Rule(forward, [.match(.ipDestination, .inside(clusterNetwork)), .accept]),
        Rule(forward, [.match(.inputInterface, .equal(.named("cni0"))), .setMark(0x2000, mask: 0x2000)]),
        Rule(forward, [.match(.outputInterface, .notEqual(.named("cni0"))), .setMark(0x10, mask: 0xFF)]),
        Rule(forward, [.verdict([.l4proto, .destinationPort], from: verdicts)]),
        Rule(forward, [.limit(perSecond: 5, burst: 5), .log(prefix: "refused ")]),
        Rule(forward, [.match(.l4proto, .equal(.l4proto(.tcp))), .reject(.tcpReset)]),
        Rule(
            forward,
            [
                .match(.l4proto, .equal(.l4proto(.udp))), .match(.destinationPort, .range(.port(5), .port(7))), .reject,
            ]),
        Rule(forward, [.jump(service)]),
        Rule(frames, [.match([.inputInterface, .etherSource], notIn: owners), .drop]),
        Rule(
            dualPrerouting,
            [.dnat(.v6, to: [.ip6Destination, .l4proto, .destinationPort], map: ports6)]),
        Rule(dualInput, [.match(.ipSource, .inside(clusterNetwork)), .accept]),
        Rule(dualInput, [.reject(.administrativelyProhibited)]),
    ]

    static let elements: [(NFTSet, [Element])] = [
        (
            hostPorts,
            [Element([.ipv4(IPv4Address(192, 0, 2, 1)), .l4proto(.tcp), .port(80)], [.ipv4(pod), .port(8080)])]
        ),
        (anyPorts, [Element([.l4proto(.udp), .port(53)], [.ipv4(pod), .port(5353)], comment: "pod one")]),
        (sources, [Element([.ipv4(pod)])]),
        (networks, [Element(prefixes: [clusterNetwork], comment: "cluster"), Element([.ipv4(pod)])]),
        (excluded, [Element(prefixes: [clusterNetwork, podNetwork])]),
        (recent, [Element([.mark(7)], timeout: 3_600_000)]),
        (
            verdicts,
            [Element([.l4proto(.tcp), .port(22)], .accept), Element([.l4proto(.tcp), .port(80)], .goto("service"))]
        ),
        (
            owners,
            [Element([.named("veth0"), .ether(MACAddress(rawValue: 0x0011_2233_4455))])]
        ),
        (ports6, [Element([.ipv6(pod6), .l4proto(.sctp), .port(9)], [.ipv6(pod6), .port(10)])]),
    ]

    static let transaction = Transaction { transaction in
        for table in [table, bridge, dual] { transaction.add(table) }
        for set in elements.map(\.0) { transaction.add(set) }
        for chain in [service, prerouting, postrouting, forward, frames, dualPrerouting, dualInput] {
            transaction.add(chain)
        }
        for (set, elements) in elements { transaction.add(elements, to: set) }
        for rule in rules { transaction.add(rule) }
    }
}

extension Datum {
    /// An interface of a name that is known to be good.
    static func named(_ name: String) -> Datum { InterfaceName(name).map { .interface($0) } ?? .port(0) }
}
