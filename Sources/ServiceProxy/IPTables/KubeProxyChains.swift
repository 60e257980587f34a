/// The chains that a kube-proxy in iptables mode has left in the tables of one variant and family, and how they go.
///
/// Not those of the kubelet (KUBE-FIREWALL, KUBE-IPTABLES-HINT, KUBE-KUBELET-CANARY), and none that somebody else's chain
/// still leads to.
package struct KubeProxyChains: Sendable {
    /// Lines for iptables-restore, by table.
    package private(set) var removal: [IPTablesTable: [String]] = [:]
    package private(set) var removed = 0
    /// `nat KUBE-MARK-MASQ`: still used by others.
    package private(set) var kept: [String] = []

    private static let names: Set<String> = [
        "KUBE-SERVICES", "KUBE-NODEPORTS", "KUBE-EXTERNAL-SERVICES", "KUBE-FORWARD", "KUBE-PROXY-FIREWALL",
        "KUBE-PROXY-CANARY", "KUBE-POSTROUTING", "KUBE-MARK-MASQ",
    ]
    private static let prefixes = ["KUBE-SVC-", "KUBE-SVL-", "KUBE-SEP-", "KUBE-EXT-", "KUBE-FW-", "KUBE-XLB-"]

    package static func isOne(_ name: String) -> Bool {
        names.contains(name) || name.hasPrefix("KUBE-") && prefixes.contains { name.hasPrefix($0) }
    }

    /// `includingOurs`: where the rules are to be in another system, ours go like kube-proxy's.
    package init(_ dump: IPTablesDump, includingOurs: Bool = false) {
        for table in IPTablesTable.allCases {
            guard let found = dump.tables[table.rawValue] else { continue }
            let isTheirs = { (name: String) in
                Self.isOne(name) || includingOurs && name.hasPrefix(IPTablesChain.prefix)
            }
            let theirs = Set(found.chains.keys.filter(isTheirs))
            if theirs.isEmpty { continue }
            let calls = found.chains.flatMap { chain, rules in
                rules.compactMap { rule in Self.target(of: rule).map { Call(from: chain, to: $0, rule: rule) } }
            }
            let going = Self.removable(theirs, calls.map { ($0.from, $0.to) }, builtIn: found.builtIn)
            let jumps = calls.filter { found.builtIn.contains($0.from) && going.contains($0.to) }
            let chains = going.sorted()
            removed += going.count
            kept += theirs.subtracting(going).sorted().map { "\(table.rawValue) \($0)" }
            if chains.isEmpty { continue }
            removal[table] =
                jumps.map { "-D \($0.from) \($0.rule)" } + chains.map { "-F \($0)" } + chains.map { "-X \($0)" }
        }
    }

    private struct Call {
        var from: String
        var to: String
        var rule: String
    }

    /// Of these chains, all but those that a chain of somebody else leads to, and what those lead to.
    static func removable(
        _ theirs: Set<String>, _ calls: [(from: String, to: String)], builtIn: Set<String>
    ) -> Set<String> {
        var going = theirs
        var needed = calls.filter { !theirs.contains($0.from) && !builtIn.contains($0.from) }.map(\.to)
        while let name = needed.popLast() {
            if going.remove(name) != nil { needed += calls.filter { $0.from == name }.map(\.to) }
        }
        return going
    }

    /// The chain that a rule leads to, as iptables-save prints it.
    private static func target(of rule: String) -> String? {
        let words = rule.split(separator: " ")
        guard let place = words.lastIndex(where: { $0 == "-j" || $0 == "-g" }), place + 1 < words.count else {
            return nil
        }
        return String(words[place + 1])
    }
}
