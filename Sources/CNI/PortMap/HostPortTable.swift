package import NFTables
package import NetTypes

/// Host ports: for each family one map for ports on every address of the node and one for ports on a certain address,
/// and beside each a verdict map that says which chain marks packets whose source must be the node.
///
/// The rules are constant; a mapping is an element or two.
package enum HostPortTable {
    package static let table = Table(.inet, "poplin-cni-hostports")

    /// Interfaces that `route_localnet` was set on for the sake of 127.0.0.1.
    static let localnet = NFTSet(table, "localnet", key: [.interfaceName])

    private static func suffix(_ family: IPFamily, isBound: Bool) -> String {
        (family == .v4 ? "4" : "6") + (isBound ? "-at" : "")
    }

    private static func key(_ family: IPFamily, isBound: Bool) -> [DataType] {
        (isBound ? [family.dataType] : []) + [.internetProtocol, .internetService]
    }

    /// Where a port leads: the container's address and port.
    package static func targets(_ family: IPFamily, isBound: Bool) -> NFTSet {
        NFTSet(
            table, "hostports\(suffix(family, isBound: isBound))", key: key(family, isBound: isBound),
            value: .data([family.dataType, .internetService]))
    }

    /// Which chain looks at the source.
    static func sources(_ family: IPFamily, isBound: Bool) -> NFTSet {
        NFTSet(
            table, "sources\(suffix(family, isBound: isBound))", key: key(family, isBound: isBound), value: .verdict)
    }

    package static let maps = IPFamily.allCases.flatMap { family in
        [true, false].flatMap { [targets(family, isBound: $0), sources(family, isBound: $0)] }
    }

    static var layout: Transaction {
        var transaction = Transaction()
        transaction.create(table)
        for map in maps { transaction.add(map) }
        transaction.add(localnet)
        var lookups: [(IPFamily, Chain)] = []
        for family in IPFamily.allCases {
            let chain = Chain(table, family == .v4 ? "hostports4" : "hostports6")
            transaction.add(chain)
            for rule in rules(family, in: chain) { transaction.add(rule) }
            lookups.append((family, chain))
        }
        for (name, hook) in [("prerouting", Chain.Hook.prerouting), ("output", .output)] {
            let chain = Chain(table, name, .init(.nat, hook, .dstnat))
            transaction.add(chain)
            for (family, lookup) in lookups {
                transaction.add(
                    Rule(
                        chain,
                        [
                            .match(.protocol, .equal(.etherType(family == .v4 ? 0x0800 : 0x86DD))),
                            .match(.destinationAddressType, .equal(.addressType(.local))), .jump(lookup),
                        ]))
            }
        }
        transaction.add(postrouting)
        addGuard(to: &transaction)
        return transaction
    }

    private static let postrouting = Chain(table, "postrouting", .init(.nat, .postrouting, .srcnat))

    private static func rules(_ family: IPFamily, in chain: Chain) -> [Rule] {
        var rules: [Rule] = []
        // The kernel has no route_localnet for IPv6: a mapped ::1 would only be a silent failure.
        if family == .v6 {
            rules.append(Rule(chain, [.match(.ip6Destination, .equal(.ipv6(IPv6Address(rawValue: 1)))), .return]))
        }
        for isBound in [true, false] {
            let key: [Selector] = (isBound ? [family.destinationSelector] : []) + [.l4proto, .destinationPort]
            rules.append(Rule(chain, [.verdict(key, from: sources(family, isBound: isBound))]))
            rules.append(Rule(chain, [.dnat(family, to: key, map: targets(family, isBound: isBound))]))
        }
        return rules
    }

    /// With `route_localnet` on an interface, its neighbours could reach what listens on 127.0.0.1 only. This drops
    /// what no honest neighbour sends: answers to the node's own connections are not for 127.0.0.0/8 on the wire.
    private static func addGuard(to transaction: inout Transaction) {
        let chain = Chain(table, "localnet-guard", .init(.filter, .prerouting, .raw))
        transaction.add(chain)
        let loopback = CIDR(.v4(IPv4Address(127, 0, 0, 0)), 8)
        transaction.add(
            Rule(chain, [.match([.inputInterface], in: localnet), .match(.ipDestination, .inside(loopback)), .drop]))
    }

    /// The chain that marks packets to containers of this network which need the node as their source.
    static func sourceChain(_ network: CIDR, _ config: PortMapConfig) -> Chain {
        let whose = config.masqueradesAll ? "all-\(network.family == .v4 ? "4" : "6")" : network.chainNamePart
        return Chain(table, "source-\(whose)-bit\(config.markBit)")
    }

    static func layout(for network: CIDR, _ config: PortMapConfig) -> Transaction {
        let chain = sourceChain(network, config)
        let mark = UInt32(1) << UInt32(config.markBit)
        var transaction = Transaction()
        transaction.create(chain)
        if config.masqueradesAll {
            transaction.add(Rule(chain, [.setMark(mark, mask: mark)]))
        } else {
            let sources = network.family == .v4 ? [network, CIDR(.v4(IPv4Address(127, 0, 0, 0)), 8)] : [network]
            for source in sources {
                transaction.add(
                    Rule(
                        chain,
                        [.match(network.family.sourceSelector, .inside(source)), .setMark(mark, mask: mark)]))
            }
        }
        return transaction
    }

    /// The rule that masquerades what carries the bit.
    static func layout(markBit: Int) -> Transaction {
        let mark = UInt32(1) << UInt32(markBit)
        let chain = Chain(table, "marked-bit\(markBit)")
        var transaction = Transaction()
        transaction.create(chain)
        transaction.add(Rule(chain, [.masquerade]))
        transaction.add(Rule(postrouting, [.match(.mark, .masked(mark, equals: mark)), .goto(chain)]))
        return transaction
    }
}

extension IPFamily {
    var dataType: DataType { self == .v4 ? .ipv4Address : .ipv6Address }
}
