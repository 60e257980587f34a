/// What one family's tables need: chains to be written anew, chains that go, jumps that are missing.
package struct IPTablesChange: Hashable, Sendable {
    package private(set) var written: IPTablesRules = [:]
    package private(set) var removed: Set<IPTablesChain> = []
    package var jumps: [IPTablesJump] = []
    /// Rules of others that go in the same moment, by their table: lines of iptables-restore.
    package var others: [IPTablesTable: [String]] = [:]

    package init() {}

    package var isEmpty: Bool { written.isEmpty && removed.isEmpty && jumps.isEmpty && others.isEmpty }

    /// How many things are done.
    package var count: Int { written.count + removed.count + jumps.count + others.values.reduce(0) { $0 + $1.count } }

    package mutating func write(_ chain: IPTablesChain, _ rules: [String]) {
        removed.remove(chain)
        written[chain] = rules
    }

    package mutating func remove(_ chain: IPTablesChain) {
        written[chain] = nil
        removed.insert(chain)
    }

    /// For `iptables-restore --noflush`, which leaves alone what is not named. What is written to a table comes true in one
    /// moment.
    package var text: String {
        var text = ""
        for table in IPTablesTable.allCases {
            let chains = written.keys.filter { $0.table == table }.sorted()
            let gone = removed.filter { $0.table == table }.sorted()
            let jumps = jumps.filter { $0.table == table }
            let others = others[table] ?? []
            if chains.isEmpty && gone.isEmpty && jumps.isEmpty && others.isEmpty { continue }
            text += "*\(table.rawValue)\n"
            // A chain that is named is made, or emptied.
            for chain in chains + gone { text += ":\(chain.name) - [0:0]\n" }
            for chain in chains { for rule in written[chain] ?? [] { text += "-A \(chain.name) \(rule)\n" } }
            for jump in jumps { text += "-I \(jump.from) \(jump.rule)\n" }
            for line in others { text += line + "\n" }
            for chain in gone { text += "-X \(chain.name)\n" }
            text += "COMMIT\n"
        }
        return text
    }
}
