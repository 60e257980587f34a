/// Where a value is in an object: `spec.ports[0].name`, `metadata.labels[app]`.
package struct FieldPath: Sendable, CustomStringConvertible {
    package enum Step: Sendable {
        case field(String)
        case index(Int)
        case key(String)
    }

    private var steps: [Step] = []

    package init() {}

    package init(_ fields: String...) { steps = fields.map { .field($0) } }

    package var isEmpty: Bool { steps.isEmpty }

    package mutating func push(_ step: Step) { steps.append(step) }
    package mutating func pop() { if !steps.isEmpty { steps.removeLast() } }

    package func appending(_ fields: String...) -> FieldPath {
        var path = self
        path.steps += fields.map { .field($0) }
        return path
    }

    package subscript(index: Int) -> FieldPath {
        var path = self
        path.steps.append(.index(index))
        return path
    }

    package subscript(key key: String) -> FieldPath {
        var path = self
        path.steps.append(.key(key))
        return path
    }

    package var description: String { text(withIndices: true) }

    /// As Go's decoder says where it is.
    var withoutIndices: String { text(withIndices: false) }

    private func text(withIndices: Bool) -> String {
        var text = ""
        for step in steps {
            switch step {
            case .field(let name): text += text.isEmpty ? name : ".\(name)"
            case .index(let index): if withIndices { text += "[\(index)]" }
            case .key(let key): text += "[\(key)]"
            }
        }
        return text
    }
}
