package import NFTables
internal import NetTypes

/// The whole table as a value: what the kernel is to hold.
package struct Ruleset: Sendable {
    package struct FilledChain: Hashable, Sendable {
        package var chain: Chain
        package var rules: [[Statement]]

        init(_ chain: Chain, _ rules: [[Statement]]) {
            self.chain = chain
            self.rules = rules
        }
    }

    /// Those that others lead to come first.
    package var chains: [FilledChain] = []
    package var elements: [NFTSet: ElementList] = [:]

    package init() {}

    /// Makes the table anew, in place of whatever is there under its name.
    package var transaction: Transaction {
        var transaction = Transaction()
        transaction.destroy(ProxySet.table)
        transaction.create(ProxySet.table)
        for set in Self.sets { transaction.create(set) }
        for filled in chains { transaction.create(filled.chain) }
        for filled in chains { for rule in filled.rules { transaction.add(Rule(filled.chain, rule)) } }
        for set in Self.sets {
            if let elements = elements[set], !elements.isEmpty { transaction.create(elements) }
        }
        return transaction
    }

    package static var sets: [NFTSet] { ProxySet.allCases.flatMap { [$0.set(.v4), $0.set(.v6)] } }
}
