package import NFTables
package import NetTypes

/// Forwarding to and from containers, and the isolation of bridges from each other, as elements of constant rules.
///
/// An accept here ends this table only: a chain of another program that drops forwarded packets still drops them.
package enum FirewallTable {
    package static let table = Table(.inet, "poplin-cni-firewall")

    package static func containers(_ family: IPFamily) -> NFTSet {
        NFTSet(table, family == .v4 ? "containers4" : "containers6", key: [family.dataType])
    }

    package static let containerSets = IPFamily.allCases.map(containers)
    /// Bridges with an ingress policy.
    static let restricted = NFTSet(table, "restricted", key: [.interfaceName])
    /// Pairs of a bridge with itself, whose containers may talk to each other.
    static let within = NFTSet(table, "within", key: [.interfaceName, .interfaceName])

    private static let isolation = Chain(table, "isolation")
    private static let forward = Chain(table, "forward", .init(.filter, .forward, .filter))

    /// The names that no administrator's chain can have.
    static let reservedChains = [isolation.name, forward.name]

    /// The chain for an administrator's own rules.
    static func administrator(_ name: String) -> Chain { Chain(table, name) }

    /// Makes an administrator's chain, which is asked before all other rules. Each network may name another.
    static func layout(administrator chain: Chain) -> Transaction {
        var transaction = Transaction()
        transaction.create(chain)
        transaction.insert(Rule(forward, [.jump(chain)]))
        return transaction
    }

    static var layout: Transaction {
        var transaction = Transaction()
        transaction.create(table)
        for set in containerSets + [restricted, within] { transaction.add(set) }
        for chain in [isolation, forward] { transaction.add(chain) }
        transaction.add(Rule(isolation, [.match([.inputInterface, .outputInterface], in: within), .return]))
        transaction.add(
            Rule(
                isolation,
                [.match([.inputInterface], in: restricted), .match([.outputInterface], in: restricted), .drop]))
        transaction.add(Rule(forward, [.jump(isolation)]))
        for family in IPFamily.allCases {
            let set = containers(family)
            transaction.add(
                Rule(
                    forward,
                    [
                        .match([family.destinationSelector], in: set),
                        .ctState([.established, .related]), .accept,
                    ]))
            transaction.add(Rule(forward, [.match([family.sourceSelector], in: set), .accept]))
        }
        return transaction
    }

    package static func elements(_ addresses: [IPAddress], label: String) -> [OwnedElement] {
        addresses.map { OwnedElement(Element([.address($0)], comment: label), in: containers($0.family)) }
    }
}
