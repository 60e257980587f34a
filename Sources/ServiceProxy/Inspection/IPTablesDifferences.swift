package import NetTypes

extension IPTablesDump {
    /// Rule by rule, as iptables of the family would be told.
    package func differences(from wanted: IPTablesRules, _ family: IPFamily) -> [TableDifference] {
        let program = family == .v4 ? "iptables" : "ip6tables"
        let found = ownRules
        let change = changes(to: wanted)
        var differences: [TableDifference] = []
        for (chain, rules) in change.written.sorted(by: { $0.key < $1.key }) {
            let name = "\(program) -t \(chain.table.rawValue)"
            guard var left = found[chain] else {
                differences.append(.init(.missing, "\(name) -N \(chain.name)"))
                continue
            }
            let before = differences.count
            for rule in rules {
                if let place = left.firstIndex(of: rule) {
                    left.remove(at: place)
                } else {
                    differences.append(
                        .init(.missing, "\(name) -A \(chain.name) \(rule)", service: Self.name(in: rule)))
                }
            }
            differences += left.map { .init(.extra, "\(name) -A \(chain.name) \($0)", service: Self.name(in: $0)) }
            if differences.count == before { differences.append(.init(.different, "order of \(name) \(chain.name)")) }
        }
        for chain in change.removed.sorted() {
            differences.append(.init(.extra, "\(program) -t \(chain.table.rawValue) -N \(chain.name)"))
        }
        for jump in change.jumps {
            differences.append(.init(.missing, "\(program) -t \(jump.table.rawValue) -A \(jump.from) \(jump.rule)"))
        }
        return differences
    }

    /// The Service's, which is the comment.
    private static func name(in rule: String) -> String? {
        guard let range = rule.firstRange(of: "--comment ") else { return nil }
        let rest = rule[range.upperBound...]
        let isQuoted = rest.first == "\""
        return String(rest.drop { $0 == "\"" }.prefix { $0 != (isQuoted ? "\"" : " ") })
    }
}
