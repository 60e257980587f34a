internal import NFTables
package import NetTypes

/// How rules are written by whoever has made them, where that is not nf_tables' own language: by table, chain and place.
package struct RuleTexts: Sendable {
    private struct Place: Hashable {
        var table: String
        var family: Family
        var chain: String
    }

    private var chains: [Place: [String]] = [:]

    package init() {}

    /// The nft variant of iptables has its tables in nf_tables.
    package init(_ dumps: [IPFamily: IPTablesDump]) {
        for (family, dump) in dumps {
            for (name, table) in dump.tables {
                for (chain, rules) in table.chains {
                    chains[Place(table: name, family: family == .v4 ? .ip : .ip6, chain: chain)] = rules
                }
            }
        }
    }

    /// Of a table's rules, by their handles.
    func texts(of rules: [InstalledRule], in table: Table) -> [UInt64: String] {
        var texts: [UInt64: String] = [:]
        for (chain, rules) in Dictionary(grouping: rules, by: \.chain) {
            let place = Place(table: table.name, family: table.family, chain: chain)
            // Another number of them: somebody has changed the chain since.
            guard let written = chains[place], written.count == rules.count else { continue }
            for (rule, text) in zip(rules, written) { texts[rule.handle] = text }
        }
        return texts
    }
}
