package import NFTables
internal import NetTypes

/// The table as the kernel has it.
package struct InstalledTable: Sendable {
    /// Nil when there is no table of our name.
    private(set) var rules: [String: [InstalledRule]]?
    private(set) var chains: [String: Chain] = [:]
    private(set) var elements: [NFTSet: ElementList] = [:]

    /// What rules have put into sets is theirs, and is read only with `withMemories`.
    package init(_ socket: inout NFTSocket, withMemories: Bool = false) throws(NFTError) {
        let chains = try socket.chains(in: ProxySet.table)
        if chains.isEmpty { return }
        for chain in chains { self.chains[chain.name] = chain }
        rules = Dictionary(grouping: try socket.rules(in: ProxySet.table), by: \.chain)
        let known = Dictionary(Ruleset.sets.map { ($0.name, $0) }) { first, _ in first }
        for set in try socket.sets(in: ProxySet.table) {
            // One of another shape counts as missing, and the table is made anew.
            guard let known = known[set.name], known == set else { continue }
            let isTheirs = known.options.contains(.dynamic) && !withMemories
            elements[known] = isTheirs ? ElementList(known) : try socket.elements(of: known)
        }
    }

    /// In which slots it holds endpoints.
    package var slots: SlotMemory {
        var memory = SlotMemory()
        for kind in SlotMemory.sets {
            for family in IPFamily.allCases {
                if let elements = elements[kind.set(family)] { memory.take(elements, of: kind, family) }
            }
        }
        return memory
    }

    /// What makes the table what it is to be, as little as can be; empty when it is.
    package func changes(to wanted: Ruleset) -> Transaction {
        guard let rules, Ruleset.sets.allSatisfy({ elements[$0] != nil }),
            wanted.chains.allSatisfy({ chains[$0.chain.name].map(\.base) ?? $0.chain.base == $0.chain.base })
        else { return wanted.transaction }
        var chainChanges = ChainChanges()
        chainChanges.written = wanted.chains.filter { !isThere($0, rules[$0.chain.name] ?? []) }
        // Those that nobody leads to any more do no harm; a hook runs whether somebody wants it or not.
        let names = Set(wanted.chains.map(\.chain.name))
        chainChanges.gone = chains.values.filter { $0.base != nil && !names.contains($0.name) }
        var transaction = Transaction()
        chainChanges.write(&transaction)
        for set in Ruleset.sets {
            guard let found = elements[set] else { continue }
            let (gone, come) = found.changes(to: wanted.elements[set] ?? ElementList(set))
            if !gone.isEmpty { transaction.delete(gone) }
            if !come.isEmpty { transaction.create(come) }
        }
        chainChanges.clear(&transaction)
        return transaction
    }

    private func isThere(_ filled: Ruleset.FilledChain, _ found: [InstalledRule]) -> Bool {
        chains[filled.chain.name] == filled.chain && found.count == filled.rules.count
            && zip(found, filled.rules).allSatisfy { $0.matches(Rule(filled.chain, $1)) }
    }
}
