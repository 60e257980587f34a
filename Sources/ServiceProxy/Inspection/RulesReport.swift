package import JSON
package import NetTypes

/// The kernel's rules beside those that are wanted.
package struct RulesReport: Sendable {
    package var differences: [TableDifference]
    /// What else is here that should not be, and does the table no harm.
    package var notes: [String] = []
    /// How many Services are wanted, chains, and what they are filled with.
    package var services: Int
    package var chains: Int
    package var contents: (name: String, count: Int)

    package init(_ installed: InstalledTable, _ wanted: Ruleset, services: Int) {
        differences = installed.differences(from: wanted)
        self.services = services
        contents = ("elements", wanted.elements.values.reduce(0) { $0 + $1.count })
        chains = wanted.chains.count
    }

    /// By iptables, each family in what its program has saved.
    package init(_ dumps: [IPFamily: IPTablesDump], _ wanted: [IPFamily: IPTablesRules], services: Int) {
        differences = []
        self.services = services
        chains = 0
        contents = ("rules", 0)
        for family in IPFamily.allCases {
            guard let dump = dumps[family], let rules = wanted[family] else { continue }
            differences += dump.differences(from: rules, family)
            chains += rules.count
            contents.count += rules.values.reduce(0) { $0 + $1.count }
        }
    }

    /// For people.
    package var text: String {
        var lines = differences.map(\.description) + notes.map { "note: \($0)" }
        if differences.isEmpty {
            let (name, count) = contents
            lines.append("ok: \(services) Services, \(count) \(name) and \(chains) chains are as they should be")
        }
        return lines.map { $0 + "\n" }.joined()
    }

    /// For programs.
    package var json: JSONValue {
        [
            "equal": .bool(differences.isEmpty), "services": .number(JSONNumber(services)),
            contents.name: .number(JSONNumber(contents.count)), "chains": .number(JSONNumber(chains)),
            "differences": .array(
                differences.map { difference in
                    [
                        "kind": .string(difference.kind.rawValue), "object": .string(difference.object),
                        "found": difference.found.map { .string($0) } ?? .null,
                        "service": difference.service.map { .string($0) } ?? .null,
                    ]
                }), "notes": .array(notes.map { .string($0) }),
        ]
    }
}
