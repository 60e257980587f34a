internal import Linux
package import NFTables
internal import NetTypes

/// What a start has found of rules that ours replace: kube-proxy's, and ours of the other mode.
package struct Leftovers: Sendable {
    package var removed: [String] = []
    /// What should go and has to stay, each with the reason.
    package var kept: [String] = []

    package init() {}

    mutating func add(_ chains: KubeProxyChains, _ programs: IPTablesPrograms) {
        let place = "\(programs.family == .v4 ? "iptables" : "ip6tables") (\(programs.variant.rawValue))"
        if chains.removed > 0 { removed.append("\(chains.removed) chains of \(place)") }
        kept += chains.kept.map { "chain \($0) of \(place): others lead to it" }
    }

    /// Those in the legacy tables, which have nothing to do with nf_tables: one restore a family. Without any nothing is
    /// started.
    package mutating func removeLegacy(_ installed: @autoclosure () -> [IPTablesPrograms]) {
        let families = IPFamily.allCases.filter(Self.hasLegacyTables)
        if families.isEmpty { return }
        for programs in installed() where programs.variant == .legacy && families.contains(programs.family) {
            do throws(IPTablesError) {
                let chains = KubeProxyChains(try programs.dump(), includingOurs: true)
                var change = IPTablesChange()
                change.others = chains.removal
                if !change.isEmpty { try programs.restore(change.text) }
                add(chains, programs)
            } catch {
                kept.append("legacy rules: \(error)")
            }
        }
    }

    /// The kernel lists here which of its legacy tables exist in the namespace.
    private static func hasLegacyTables(_ family: IPFamily) -> Bool {
        let names = try? Files.readText("/proc/thread-self/net/\(family == .v4 ? "ip" : "ip6")_tables_names")
        return names?.isEmpty == false
    }

    /// What takes those in nf_tables away: kube-proxy's tables, and its chains in the tables of iptables-nft. Both can go
    /// in the transaction in which ours comes, so that there is no moment without one of them.
    package mutating func nftablesRemoval(
        _ socket: inout NFTSocket, chains: Bool = true, ourTable: Bool = false
    ) throws(NFTError) -> Transaction {
        var removal = Transaction()
        let tables = [Table(.ip, "kube-proxy"), Table(.ip6, "kube-proxy")] + (ourTable ? [ProxySet.table] : [])
        for table in tables where try socket.table(table) != nil {
            removal.delete(table)
            removed.append("table \(table)")
        }
        if chains {
            for family in [Family.ip, .ip6] {
                for table in IPTablesTable.allCases {
                    try addChains(of: Table(family, table.rawValue), &socket, &removal)
                }
            }
        }
        return removal
    }

    private mutating func addChains(
        of table: Table, _ socket: inout NFTSocket, _ removal: inout Transaction
    ) throws(NFTError) {
        let all = try socket.chains(in: table)
        let theirs = all.filter { KubeProxyChains.isOne($0.name) || $0.name.hasPrefix(IPTablesChain.prefix) }
        if theirs.isEmpty { return }
        let rules = try socket.rules(in: table)
        let calls = rules.flatMap { rule in rule.targets.map { (from: rule.chain, to: $0) } }
        let builtIn = Set(all.filter { $0.base != nil }.map(\.name))
        let going = KubeProxyChains.removable(Set(theirs.map(\.name)), calls, builtIn: builtIn)
        for rule in rules where builtIn.contains(rule.chain) && !going.isDisjoint(with: rule.targets) {
            removal.delete(rule)
        }
        let chains = theirs.filter { going.contains($0.name) }
        for chain in chains { removal.flush(chain) }
        for chain in chains { removal.delete(chain) }
        if !chains.isEmpty { removed.append("\(chains.count) chains of table \(table)") }
        kept += theirs.filter { !going.contains($0.name) }.map { "chain \($0): others lead to it" }
    }
}

extension InstalledRule {
    /// The chains that it leads to.
    fileprivate var targets: [String] {
        expressions.compactMap { expression in
            switch expression {
            case .verdict(.jump(let name)), .verdict(.goto(let name)): name
            default: nil
            }
        }
    }
}
