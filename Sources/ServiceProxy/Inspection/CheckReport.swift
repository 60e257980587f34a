package import JSON

/// The kernel's table beside the one that is wanted.
package struct CheckReport: Hashable, Sendable {
    package var differences: [TableDifference]
    /// What else is here that should not be, and does the table no harm.
    package var notes: [String] = []
    /// How many Services, elements and chains are wanted.
    package var services = 0
    package var elements = 0
    package var chains = 0

    package init(_ installed: InstalledTable, _ wanted: Ruleset, services: Int) {
        differences = installed.differences(from: wanted)
        self.services = services
        elements = wanted.elements.values.reduce(0) { $0 + $1.count }
        chains = wanted.chains.count
    }

    /// For people.
    package var text: String {
        var lines = differences.map(\.description) + notes.map { "note: \($0)" }
        if differences.isEmpty {
            lines.append("ok: \(services) Services, \(elements) elements and \(chains) chains are as they should be")
        }
        return lines.map { $0 + "\n" }.joined()
    }

    /// For programs.
    package var json: JSONValue {
        [
            "equal": .bool(differences.isEmpty), "services": .number(JSONNumber(services)),
            "elements": .number(JSONNumber(elements)), "chains": .number(JSONNumber(chains)),
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
