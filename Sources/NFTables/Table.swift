internal import CNftables

/// The protocol family of a table: which packets its chains see.
package enum Family: UInt8, Hashable, Sendable, CaseIterable {
    case inet = 1
    case ip = 2
    case arp = 3
    case netdev = 5
    case bridge = 7
    case ip6 = 10
}

extension Family: CustomStringConvertible {
    package var description: String {
        switch self {
        case .inet: "inet"
        case .ip: "ip"
        case .arp: "arp"
        case .netdev: "netdev"
        case .bridge: "bridge"
        case .ip6: "ip6"
        }
    }
}

/// A table, known by family and name. The comment is kept by the kernel from 5.9 on; it is a good place for the
/// version of a layout, because one direct get reads it. It is set when the table is made and stays.
package struct Table: Hashable, Sendable {
    package var family: Family
    package var name: String
    package var comment: String?
    /// It belongs to the socket that makes it, and goes with it, however its process ends; nobody else may change it
    /// (the kernel from 5.12 on). Not read back.
    package var isOwned: Bool

    package init(_ family: Family, _ name: String, comment: String? = nil, isOwned: Bool = false) {
        self.family = family
        self.name = name
        self.comment = comment
        self.isOwned = isOwned
    }
}

extension Table: CustomStringConvertible {
    package var description: String { "\(family) \(name)" }
}
