internal import NFTables

/// Chains that come, go, or have other rules. The elements of the sets are changed between the one and the other, since a
/// chain has to be there for as long as one leads to it.
struct ChainChanges {
    /// Those that others lead to come first.
    var written: [Ruleset.FilledChain] = []
    var gone: [Chain] = []

    init() {}

    init(from old: [Ruleset.FilledChain], to new: [Ruleset.FilledChain]) {
        let before = Dictionary(old.map { ($0.chain, $0) }) { first, _ in first }
        written = new.filter { before[$0.chain] != $0 }
        let kept = Set(new.map(\.chain))
        gone = old.map(\.chain).filter { !kept.contains($0) }
    }

    func write(_ transaction: inout Transaction) {
        for filled in written {
            transaction.add(filled.chain)
            transaction.flush(filled.chain)
        }
        for filled in written { for rule in filled.rules { transaction.add(Rule(filled.chain, rule)) } }
    }

    func clear(_ transaction: inout Transaction) {
        for chain in gone { transaction.flush(chain) }
        for chain in gone { transaction.delete(chain) }
    }
}
