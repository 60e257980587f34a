package import JSON

/// A path that finds values in an object, as printer columns and `kubectl -o jsonpath` write it:
/// `.spec.replicas`, `.metadata.labels['a/b']`, `.items[0:2]`, `..name`, `.conditions[?(@.type=="Ready")].status`.
package struct JSONPath: Hashable, Sendable {
    indirect enum Step: Hashable, Sendable {
        case member(String)
        /// `['a','b']` and `[0,2]`.
        case union([Step])
        case index(Int)
        /// Nil is the list's beginning or end.
        case slice(from: Int?, to: Int?, by: Int)
        case wildcard
        /// `..`: this value and everything in it.
        case descendants
        case filter(Filter)
    }

    /// `[?(@.a == "b")]`, and `[?(@.a)]` for those that have it.
    struct Filter: Hashable, Sendable {
        enum Operand: Hashable, Sendable {
            case path(JSONPath)
            case literal(JSONValue)
        }

        var left: JSONPath
        var comparison: (operator: String, right: Operand)?

        static func == (a: Filter, b: Filter) -> Bool {
            a.left == b.left && a.comparison?.operator == b.comparison?.operator
                && a.comparison?.right == b.comparison?.right
        }

        func hash(into hasher: inout Hasher) {
            hasher.combine(left)
            hasher.combine(comparison?.operator)
            hasher.combine(comparison?.right)
        }
    }

    let steps: [Step]

    init(steps: [Step]) { self.steps = steps }

    /// Parses a path, with or without braces around it and `$` before it; nil when it is none.
    package init?(_ text: String) {
        var parser = JSONPathParser(Array(text.utf8))
        guard let steps = parser.path() else { return nil }
        self.steps = steps
    }

    /// Everything that the path finds, in order; nothing where keys are missing. At most 10,000 values.
    package func values(in root: JSONValue) -> [JSONValue] { values(in: root, root) }

    /// The first value that the path finds.
    package func first(in root: JSONValue) -> JSONValue? { values(in: root).first }

    private static let mostValues = 10_000

    private func values(in value: JSONValue, _ root: JSONValue) -> [JSONValue] {
        var found = [value]
        for step in steps {
            var next: [JSONValue] = []
            for value in found {
                Self.follow(step, value, root, &next)
                if next.count >= Self.mostValues { break }
            }
            found = next
            if found.isEmpty { return [] }
        }
        return found
    }

    private static func follow(_ step: Step, _ value: JSONValue, _ root: JSONValue, _ found: inout [JSONValue]) {
        switch (step, value) {
        case (.member(let key), .object(let object)):
            if let member = object.member(key) { found.append(member) }
        case (.index(let index), .array(let items)):
            let index = index < 0 ? index + items.count : index
            if items.indices.contains(index) { found.append(items[index]) }
        case (.slice(let from, let to, let by), .array(let items)):
            func clamped(_ index: Int?, _ absent: Int) -> Int {
                guard let index else { return absent }
                return min(max(index < 0 ? index + items.count : index, 0), items.count)
            }
            let range = clamped(from, 0)..<max(clamped(from, 0), clamped(to, items.count))
            found += stride(from: range.lowerBound, to: range.upperBound, by: by).map { items[$0] }
        case (.wildcard, .object(let object)): found += object.members.map(\.value)
        case (.wildcard, .array(let items)): found += items
        case (.union(let steps), _):
            for step in steps { follow(step, value, root, &found) }
        case (.descendants, _): descend(value, &found)
        case (.filter(let filter), .array(let items)): found += items.filter { filter.matches($0, root) }
        case (.filter(let filter), .object(let object)):
            found += object.members.map(\.value).filter { filter.matches($0, root) }
        default: break
        }
    }

    private static func descend(_ value: JSONValue, _ found: inout [JSONValue]) {
        if found.count >= mostValues { return }
        found.append(value)
        switch value {
        case .object(let object): for member in object.members { descend(member.value, &found) }
        case .array(let items): for item in items { descend(item, &found) }
        default: break
        }
    }
}

extension JSONPath.Filter {
    fileprivate func matches(_ value: JSONValue, _ root: JSONValue) -> Bool {
        let left = left.first(in: value)
        guard let comparison else { return left != nil }
        let right: JSONValue?
        switch comparison.right {
        case .literal(let literal): right = literal
        case .path(let path): right = path.first(in: value)
        }
        guard let left, let right else { return false }
        switch comparison.operator {
        case "==": return left == right || left.double.map { $0 == right.double } ?? false
        case "!=": return left != right
        default: return Self.isOrdered(left, right, comparison.operator)
        }
    }

    private static func isOrdered(_ left: JSONValue, _ right: JSONValue, _ comparison: String) -> Bool {
        func holds<Value: Comparable>(_ a: Value, _ b: Value) -> Bool {
            switch comparison {
            case "<": a < b
            case "<=": a <= b
            case ">": a > b
            default: a >= b
            }
        }
        if let a = left.double, let b = right.double { return holds(a, b) }
        if let a = left.string, let b = right.string { return holds(a, b) }
        return false
    }
}
