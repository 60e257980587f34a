internal import JSON

/// One condition of a label selector.
package struct LabelRequirement: Hashable, Sendable {
    package enum Operator: String, Hashable, Sendable {
        case `in`
        case notIn = "notin"
        case equals = "="
        case doubleEquals = "=="
        case notEquals = "!="
        case exists
        case doesNotExist = "!"
        case greaterThan = "gt"
        case lessThan = "lt"
    }

    package let key: String
    package let `operator`: Operator
    /// Sorted, each once.
    package let values: [String]
    /// What a number is compared with.
    private let bound: Int64

    /// `path`: of the requirement in an object, for messages; nil in a request's query.
    package init(
        _ key: String, _ operator: Operator, _ values: [String] = [], path: String? = nil
    ) throws(SelectorError) {
        let causes = Self.problems(key, `operator`, values, path.map { $0 + "." } ?? "")
        guard causes.isEmpty else { throw SelectorError(APIStatus.aggregate(causes)) }
        self.init(unchecked: key, `operator`, values)
    }

    /// For what a validated object says already.
    init(unchecked key: String, _ operator: Operator, _ values: [String]) {
        self.key = key
        self.operator = `operator`
        self.values = values.count < 2 ? values : Set(values).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        bound = values.first.flatMap { Int64($0) } ?? 0
    }

    private static func problems(
        _ key: String, _ `operator`: Operator, _ values: [String], _ path: String
    ) -> [FieldCause] {
        var causes: [FieldCause] = []
        let wrongKey = LabelSyntax.problems(key: key)
        if !wrongKey.isEmpty {
            causes.append(.invalid("\(path)key", .string(key), wrongKey.joined(separator: "; ")))
        }
        let list = JSONValue.array(values.map { .string($0) })
        switch `operator` {
        case .in, .notIn:
            if values.isEmpty {
                causes.append(.invalid("\(path)values", list, "for 'in', 'notin' operators, values set can't be empty"))
            }
        case .equals, .doubleEquals, .notEquals:
            if values.count != 1 {
                causes.append(
                    .invalid("\(path)values", list, "exact-match compatibility requires one single value"))
            }
        case .exists, .doesNotExist:
            if !values.isEmpty {
                causes.append(
                    .invalid("\(path)values", list, "values set must be empty for exists and does not exist"))
            }
        case .greaterThan, .lessThan:
            if values.count != 1 {
                causes.append(
                    .invalid("\(path)values", list, "for 'Gt', 'Lt' operators, exactly one value is required"))
            }
            for (index, value) in values.enumerated() where Int64(value) == nil {
                causes.append(
                    .invalid(
                        "\(path)values[\(index)]", .string(value),
                        "for 'Gt', 'Lt' operators, the value must be an integer"))
            }
        }
        for (index, value) in values.enumerated() {
            let wrong = LabelSyntax.problems(value: value)
            if wrong.isEmpty { continue }
            causes.append(
                .invalid("\(path)values[\(index)][\(key)]", .string(value), wrong.joined(separator: "; ")))
        }
        return causes
    }

    /// `value`: of the label with this key; nil where there is none.
    package func matches(_ value: String?) -> Bool {
        switch `operator` {
        case .in, .equals, .doubleEquals: value.map(values.contains) ?? false
        case .notIn, .notEquals: !(value.map(values.contains) ?? false)
        case .exists: value != nil
        case .doesNotExist: value == nil
        case .greaterThan: value.flatMap { Int64($0) }.map { $0 > bound } ?? false
        case .lessThan: value.flatMap { Int64($0) }.map { $0 < bound } ?? false
        }
    }
}

extension LabelRequirement: CustomStringConvertible {
    package var description: String {
        let list = values.joined(separator: ",")
        return switch `operator` {
        case .exists: key
        case .doesNotExist: "!\(key)"
        case .equals, .doubleEquals, .notEquals: key + `operator`.rawValue + list
        case .greaterThan: "\(key)>\(list)"
        case .lessThan: "\(key)<\(list)"
        case .in, .notIn: "\(key) \(`operator`.rawValue) (\(list))"
        }
    }
}
