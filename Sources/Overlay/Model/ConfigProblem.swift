/// One thing wrong with a configuration: which key, what stands there, and the rule that it breaks.
package struct ConfigProblem: Error, Hashable, Sendable, CustomStringConvertible {
    package var key: String
    /// The value as it stands in the text; empty when the key is missing.
    package var value: String
    package var reason: String

    package init(_ key: String, _ value: String, _ reason: String) {
        self.key = key
        self.value = value
        self.reason = reason
    }

    package var description: String { value.isEmpty ? "\(key): \(reason)" : "\(key) is \(value): \(reason)" }
}

/// Everything that is wrong with a configuration, so that one edit can put it right.
package struct ConfigProblems: Error, Hashable, Sendable, CustomStringConvertible {
    package var problems: [ConfigProblem]

    package init(_ problems: [ConfigProblem]) { self.problems = problems }

    package var description: String { problems.map(\.description).joined(separator: "; ") }
}
