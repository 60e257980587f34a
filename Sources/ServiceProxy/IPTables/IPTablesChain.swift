internal import NetTypes

/// The tables of iptables that have chains of ours, in the order in which they are written: who guards and who refuses
/// comes before who leads somewhere.
package enum IPTablesTable: String, CaseIterable, Comparable, Sendable {
    case mangle, filter, nat

    package static func < (a: Self, b: Self) -> Bool { a.place < b.place }

    private var place: Int {
        switch self {
        case .mangle: 0
        case .filter: 1
        case .nat: 2
        }
    }
}

/// A chain, by its table and name.
package struct IPTablesChain: Hashable, Comparable, Sendable, CustomStringConvertible {
    package var table: IPTablesTable
    package var name: String

    package init(_ table: IPTablesTable, _ name: String) {
        self.table = table
        self.name = name
    }

    package var description: String { "\(table.rawValue) \(name)" }

    package static func < (a: Self, b: Self) -> Bool { a.table != b.table ? a.table < b.table : a.name < b.name }

    /// What the names of all of ours begin with.
    static let prefix = "POPLIN-"

    package var isOurs: Bool { name.hasPrefix(Self.prefix) }

    // Those that are there once. What each is for is in `DispatchChains`.
    static let firewall = IPTablesChain(.mangle, "POPLIN-FIREWALL")
    static let input = IPTablesChain(.filter, "POPLIN-INPUT")
    static let forward = IPTablesChain(.filter, "POPLIN-FORWARD")
    static let output = IPTablesChain(.filter, "POPLIN-OUTPUT")
    static let refuse = IPTablesChain(.filter, "POPLIN-REFUSE")
    static let refuseNodePorts = IPTablesChain(.filter, "POPLIN-REFUSE-NODEPORTS")
    static let clusterIPs = IPTablesChain(.filter, "POPLIN-CLUSTER-IPS")
    static let services = IPTablesChain(.nat, "POPLIN-SERVICES")
    static let nodePorts = IPTablesChain(.nat, "POPLIN-NODEPORTS")
    static let mark = IPTablesChain(.nat, "POPLIN-MARK")
    static let markOthers = IPTablesChain(.nat, "POPLIN-MARK-OTHERS")
    static let postrouting = IPTablesChain(.nat, "POPLIN-POSTROUTING")
}

/// Rules of one family: what each chain of ours holds. A rule is written as iptables-save writes it, without `-A CHAIN`.
package typealias IPTablesRules = [IPTablesChain: [String]]

/// A rule in a chain of iptables' own that leads to one of ours.
package struct IPTablesJump: Hashable, Sendable {
    package var table: IPTablesTable
    package var from: String
    package var rule: String

    init(_ table: IPTablesTable, _ from: String, _ rule: String) {
        self.table = table
        self.from = from
        self.rule = rule
    }

    package static let all: [IPTablesJump] = [
        .init(.mangle, "PREROUTING", "-m conntrack --ctstate NEW -j \(IPTablesChain.firewall.name)"),
        .init(.mangle, "OUTPUT", "-m conntrack --ctstate NEW -j \(IPTablesChain.firewall.name)"),
        .init(.filter, "INPUT", "-j \(IPTablesChain.input.name)"),
        .init(.filter, "FORWARD", "-j \(IPTablesChain.forward.name)"),
        .init(.filter, "OUTPUT", "-j \(IPTablesChain.output.name)"),
        .init(.nat, "PREROUTING", "-j \(IPTablesChain.services.name)"),
        .init(.nat, "OUTPUT", "-j \(IPTablesChain.services.name)"),
        .init(.nat, "POSTROUTING", "-j \(IPTablesChain.postrouting.name)"),
    ]
}
