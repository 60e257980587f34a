/// What iptables-save prints of one family, as far as it matters here.
package struct IPTablesDump: Sendable {
    package struct Table: Sendable {
        /// Of every chain the rules, without `-A CHAIN`.
        package var chains: [String: [String]] = [:]
        /// Chains of iptables' own.
        package var builtIn: Set<String> = []
    }

    package private(set) var tables: [String: Table] = [:]

    package init(_ text: String) {
        var name = ""
        var table = Table()
        for line in text.utf8.split(separator: UInt8(ascii: "\n")) {
            switch line.first {
            case UInt8(ascii: "*"):
                name = String(Substring(line.dropFirst()))
                table = Table()
            case UInt8(ascii: ":"):
                let words = line.dropFirst().split(separator: UInt8(ascii: " "))
                guard words.count >= 2 else { continue }
                let chain = String(Substring(words[0]))
                table.chains[chain] = []
                // One of the user's has no policy.
                if words[1].first != UInt8(ascii: "-") { table.builtIn.insert(chain) }
            case UInt8(ascii: "-") where line.starts(with: "-A ".utf8):
                let rest = line.dropFirst(3)
                let chain = rest.prefix { $0 != UInt8(ascii: " ") }
                table.chains[String(Substring(chain)), default: []]
                    .append(String(Substring(rest.dropFirst(chain.count + 1))))
            case UInt8(ascii: "C") where line.elementsEqual("COMMIT".utf8): tables[name] = table
            default: continue
            }
        }
    }

    package var isEmpty: Bool { tables.allSatisfy { $0.value.chains.allSatisfy(\.value.isEmpty) } }

    package var ruleCount: Int { tables.values.reduce(0) { $0 + $1.chains.values.reduce(0) { $0 + $1.count } } }

    /// Chains of ours.
    package var ownRules: IPTablesRules {
        var rules: IPTablesRules = [:]
        for table in IPTablesTable.allCases {
            for (name, lines) in tables[table.rawValue]?.chains ?? [:] {
                let chain = IPTablesChain(table, name)
                if chain.isOurs { rules[chain] = lines }
            }
        }
        return rules
    }

    /// What makes ours what they are to be, as little as can be. `spellings` are rules that this iptables prints in another
    /// way than they were written.
    package func changes(to wanted: IPTablesRules, spellings: IPTablesRules = [:]) -> IPTablesChange {
        var change = IPTablesChange()
        let found = ownRules
        for (chain, rules) in wanted where found[chain] != rules && found[chain] != (spellings[chain] ?? rules) {
            change.write(chain, rules)
        }
        for chain in found.keys where wanted[chain] == nil { change.remove(chain) }
        change.jumps = IPTablesJump.all.filter {
            tables[$0.table.rawValue]?.chains[$0.from]?.contains($0.rule) != true
        }
        return change
    }
}
