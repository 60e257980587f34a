package import NFTables
package import NetTypes

/// Masquerading of containers that talk to somebody outside of their network.
///
/// One map from the container's address to the chain of its network, looked up by one rule. An ADD adds elements; the
/// chain of a network is made with its first container.
package enum MasqueradeTable {
    package static let table = Table(.inet, "poplin-cni-masquerade")

    package static func map(_ family: IPFamily) -> NFTSet {
        family == .v4
            ? NFTSet(table, "containers4", key: [.ipv4Address], value: .verdict)
            : NFTSet(table, "containers6", key: [.ipv6Address], value: .verdict)
    }

    package static let maps = IPFamily.allCases.map(map)

    /// The chain for containers of a network.
    static func chain(_ network: CIDR) -> Chain { Chain(table, "leaving-\(network.chainNamePart)") }

    static var layout: Transaction {
        var transaction = Transaction()
        transaction.create(table)
        let postrouting = Chain(table, "postrouting", .init(.nat, .postrouting, .srcnat))
        transaction.add(postrouting)
        for family in IPFamily.allCases {
            transaction.add(map(family))
            transaction.add(Rule(postrouting, [.verdict([family.sourceSelector], from: map(family))]))
        }
        return transaction
    }

    static func layout(for network: CIDR) -> Transaction {
        let chain = chain(network)
        var transaction = Transaction()
        transaction.create(chain)
        transaction.add(Rule(chain, [.match(network.family.destinationSelector, .inside(network)), .return]))
        transaction.add(
            Rule(chain, [.match(network.family.destinationSelector, .inside(network.family.multicast)), .return]))
        transaction.add(Rule(chain, [.masquerade]))
        return transaction
    }

    /// The elements for a container with these addresses.
    package static func elements(_ addresses: [CIDR], label: String) -> [OwnedElement] {
        addresses.map { address in
            OwnedElement(
                Element([.address(address.address)], .goto(chain(address.network).name), comment: label),
                in: map(address.family))
        }
    }

    /// What the elements for these addresses need, beginning with the table.
    static func layouts(_ addresses: [CIDR]) -> [Transaction] {
        [layout] + Set(addresses.map(\.network)).sorted().map { layout(for: $0) }
    }
}

extension CIDR {
    /// The network as part of a chain's name: nft(8) takes letters, digits and `_-./` there, but no colon.
    var chainNamePart: String { String("\(network)".map { $0 == ":" ? "_" : $0 }) }
}
