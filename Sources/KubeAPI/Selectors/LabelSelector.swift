package import JSON

/// Which objects are meant, by their labels: every requirement holds. From a request's query (`app=web,tier in (a,b),
/// !canary`) or from a LabelSelector in an object.
package struct LabelSelector: Hashable, Sendable, CustomStringConvertible {
    /// In the order of their keys.
    package let requirements: [LabelRequirement]
    /// A selector that an object does not have selects no object; one that is empty selects all.
    package let matchesNothing: Bool

    package init(_ requirements: [LabelRequirement], matchesNothing: Bool = false) {
        // Sorted by key, and in their own order where the keys are equal.
        self.requirements = requirements.enumerated().sorted {
            $0.element.key == $1.element.key
                ? $0.offset < $1.offset : $0.element.key.utf8.lexicographicallyPrecedes($1.element.key.utf8)
        }.map(\.element)
        self.matchesNothing = matchesNothing
    }

    package static let everything = LabelSelector([])
    package static let nothing = LabelSelector([], matchesNothing: true)

    package var isEmpty: Bool { requirements.isEmpty && !matchesNothing }

    /// Parses a query's `labelSelector`.
    package init(parsing text: String) throws(SelectorError) {
        var parser = LabelSelectorParser(text)
        self.init(try parser.requirements())
    }

    /// From a map of labels that all must be there: a Service's or a ReplicationController's selector.
    package init(labels: JSONValue?) {
        let members = labels?.object?.members ?? []
        self.init(
            members.compactMap { member in
                member.value.string.map { LabelRequirement(unchecked: member.key, .equals, [$0]) }
            })
    }

    /// From a LabelSelector, `{matchLabels, matchExpressions}`; without one nothing matches.
    /// `path`: of the selector in its object, for messages.
    package init(object: JSONValue?, path: String? = nil) throws(SelectorError) {
        guard let object, !object.isNull else {
            self = .nothing
            return
        }
        var requirements: [LabelRequirement] = []
        for member in object.member("matchLabels")?.object?.members ?? [] {
            requirements.append(try LabelRequirement(member.key, .equals, [member.value.string ?? ""], path: path))
        }
        for expression in object.member("matchExpressions")?.array ?? [] {
            let word = expression.member("operator")?.string ?? ""
            let kind: LabelRequirement.Operator =
                switch word {
                case "In": .in
                case "NotIn": .notIn
                case "Exists": .exists
                case "DoesNotExist": .doesNotExist
                default: throw SelectorError("\(FieldCause.quoted(word)) is not a valid label selector operator")
                }
            let values = (expression.member("values")?.array ?? []).compactMap(\.string)
            requirements.append(
                try LabelRequirement(expression.member("key")?.string ?? "", kind, values, path: path))
        }
        self.init(requirements)
    }

    /// `label`: the value of the label with a key; nil where there is none.
    package func matches(label: (String) -> String?) -> Bool {
        !matchesNothing && requirements.allSatisfy { $0.matches(label($0.key)) }
    }

    /// `labels`: an object's `metadata.labels`.
    package func matches(_ labels: JSONValue?) -> Bool { matches { labels?.member($0)?.string } }

    package func matches(_ labels: [String: String]) -> Bool { matches { labels[$0] } }

    /// As `labelSelector` in a query would say it.
    package var description: String { requirements.map(\.description).joined(separator: ",") }
}
