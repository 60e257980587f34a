package import JSON
package import NetTypes

/// What was found about one promise.
package struct Finding: Sendable {
    package var source: String
    package var destination: String
    package var family: IPFamily
    package var target: IPAddress
    /// The probes that held, in order, with their round trips.
    package var proofs: [(name: String, roundTrip: Duration?)] = []
    /// What did not hold, in a sentence.
    package var problem: String?

    package var holds: Bool { problem == nil }

    init(source: String, destination: String, family: IPFamily, target: IPAddress) {
        self.source = source
        self.destination = destination
        self.family = family
        self.target = target
    }

    mutating func record(_ name: String, _ answer: Probe.Answer?) { proofs.append((name, answer?.roundTrip)) }
}

/// The outcome of a check.
package struct CheckReport: Sendable {
    package var configuration: LabConfiguration
    /// Pods, then nodes: all that could be asked for.
    package var hosts: [String]
    package var findings: [Finding]
    /// What was counted on the way, in sentences.
    package var notes: [String] = []
    package var elapsed: Duration

    /// Nothing asked is nothing proved.
    package var holds: Bool { !findings.isEmpty && findings.allSatisfy(\.holds) }
    package var problems: [String] {
        findings.compactMap { finding in finding.problem.map { "\(finding.source) → \(finding.destination): \($0)" } }
    }

    package var json: JSONValue {
        let findings = findings.map { finding -> JSONValue in
            let proofs = finding.proofs.map { proof -> JSONValue in
                var object = JSONObject([("probe", .string(proof.name))])
                object["microseconds"] = proof.roundTrip.map { .number(JSONNumber($0.microseconds)) }
                return .object(object)
            }
            return [
                "from": .string(finding.source), "to": .string(finding.destination),
                "family": .string(finding.family == .v4 ? "v4" : "v6"), "address": .string("\(finding.target)"),
                "holds": .bool(finding.holds), "proofs": .array(proofs),
                "problem": finding.problem.map { .string($0) } ?? .null,
            ]
        }
        return [
            "lab": .string(configuration.name), "nodes": .number(JSONNumber(configuration.nodes)),
            "backend": .string(configuration.backend.rawValue), "family": .string(configuration.family.rawValue),
            "holds": .bool(holds), "microseconds": .number(JSONNumber(elapsed.microseconds)),
            "findings": .array(findings), "notes": .array(notes.map { .string($0) }),
        ]
    }
}

extension Duration {
    package var microseconds: Int {
        Int(components.seconds) * 1_000_000 + Int(components.attoseconds / 1_000_000_000_000)
    }
}
