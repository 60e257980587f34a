internal import JSON

/// One thing wrong with a configuration: which key or flag, what stands there, and what is allowed.
package struct ConfigurationProblem: Hashable, Sendable, CustomStringConvertible {
    package var key: String
    /// As it stands in the text; empty when nothing does.
    package var value: String
    package var rule: String

    package var description: String { value.isEmpty ? "\(key): \(rule)" : "\(key) is \(value): \(rule)" }
}

/// Everything that is wrong with a configuration, so that one edit can put it right.
package struct ConfigurationProblems: Error, Hashable, Sendable, CustomStringConvertible {
    package var problems: [ConfigurationProblem]

    package var description: String { problems.map(\.description).joined(separator: "; ") }
}

/// What a value breaks, before anybody has said to which key it belongs.
struct Violation: Error, Hashable {
    /// Where in a list: `[1]`.
    var place = ""
    var value: String
    var rule: String

    init(place: String = "", _ value: String, _ rule: String) {
        (self.place, self.value, self.rule) = (place, value, rule)
    }

    /// Of a text, which is given in quotes, as it would stand in a file.
    init(text: String, _ rule: String) {
        self.init(JSONValue.string(text).serialized(), rule)
    }

    func problem(_ key: String) -> ConfigurationProblem {
        ConfigurationProblem(key: key + place, value: value, rule: rule)
    }
}

/// What is in a configuration or on a command line and does nothing, although it is not wrong.
package struct ConfigurationNote: Hashable, Sendable, CustomStringConvertible {
    package enum Kind: Hashable, Sendable {
        /// Nobody knows the key. kube-proxy reads such a file too, and warns.
        case unknownKey
        /// Two values, of which the last counts.
        case duplicateKey
        /// Known, and without effect here.
        case ignored
    }

    package var kind: Kind
    /// The path in the file, or the flag with its dashes.
    package var key: String
    /// Counted from 1; nil where it cannot be told.
    package var line: Int?
    package var text: String

    init(_ kind: Kind, _ key: String, line: Int? = nil, _ text: String) {
        (self.kind, self.key, self.line, self.text) = (kind, key, line, text)
    }

    package var description: String { (line.map { "line \($0): " } ?? "") + "\(key): \(text)" }
}
