internal import NFTables
internal import NetTypes

extension InstalledTable {
    /// The table as a value, with the rules that could not be read; nil when there is none of our name.
    package var ruleset: (Ruleset, unreadable: [String])? {
        guard let rules else { return nil }
        var ruleset = Ruleset()
        var unreadable: [String] = []
        for chain in chains.values.sorted(by: { $0.name < $1.name }) {
            var statements: [[Statement]] = []
            for rule in rules[chain.name] ?? [] {
                if let read = rule.statements {
                    statements.append(read)
                } else {
                    unreadable.append("\(chain) handle \(rule.handle)")
                }
            }
            ruleset.chains.append(.init(chain, statements))
        }
        ruleset.elements = elements
        return (ruleset, unreadable)
    }
}
