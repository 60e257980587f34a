package import NFTables
package import NetTypes

/// `macspoofchk`: a port of a bridge may send with its container's MAC address only.
package enum SpoofCheckTable {
    package static let table = Table(.bridge, "poplin-cni-spoofcheck")
    private static let ports = NFTSet(table, "ports", key: [.interfaceName])
    private static let allowed = NFTSet(table, "allowed", key: [.interfaceName, .etherAddress])
    package static let sets = [ports, allowed]

    static var layout: Transaction {
        let chain = Chain(table, "prerouting", .init(.filter, .prerouting, .bridgeDstnat))
        var transaction = Transaction()
        transaction.create(table)
        for set in sets { transaction.add(set) }
        transaction.add(chain)
        transaction.add(
            Rule(
                chain,
                [
                    .match([.inputInterface], in: ports), .match([.inputInterface, .etherSource], notIn: allowed),
                    .drop,
                ]))
        return transaction
    }

    package static func elements(port: String, mac: MACAddress, label: String) -> [OwnedElement] {
        guard let name = InterfaceName(port) else { return [] }
        return [
            OwnedElement(Element([.interface(name)], comment: label), in: ports),
            OwnedElement(Element([.interface(name), .ether(mac)], comment: label), in: allowed),
        ]
    }
}
