internal import JSON

/// A value in an object and where it is, so that what is wrong with it can be said.
struct Place {
    let value: JSONValue?
    let path: PlacePath

    init(_ value: JSONValue?, _ path: PlacePath = PlacePath()) {
        self.value = value
        self.path = path
    }

    subscript(_ name: String) -> Place { Place(value?.member(name), path.appending(name)) }

    var isThere: Bool { value != nil && value != .null }
    /// Missing, or the zero value of its type.
    var isEmpty: Bool {
        switch value {
        case nil, .null: true
        case .string(let text): text.isEmpty
        case .array(let elements): elements.isEmpty
        case .object(let object): object.isEmpty
        case .number(let number): number.literal == "0"
        case .bool(let value): !value
        }
    }

    var text: String { value?.string ?? "" }
    var int: Int? { value?.int }
    var isTrue: Bool { value == .bool(true) }
    var json: JSONValue { value ?? .null }
    var texts: [String] { (value?.array ?? []).compactMap(\.string) }

    var elements: [Place] {
        guard let elements = value?.array else { return [] }
        return elements.enumerated().map { Place($0.element, path[$0.offset]) }
    }

    /// A map's entries, each where upstream says it is: `labels[app]`.
    var entries: [(key: String, place: Place)] {
        (value?.object?.members ?? []).map { ($0.key, Place($0.value, path[key: $0.key])) }
    }

    var count: Int {
        switch value {
        case .array(let elements): elements.count
        case .object(let object): object.members.count
        default: 0
        }
    }
}

/// A place's path. Every field that is looked at has one, so it holds on to that of the object around it and copies
/// nothing; it becomes text when something is wrong.
struct PlacePath: CustomStringConvertible {
    private final class Node {
        let outer: Node?
        let step: FieldPath.Step

        init(_ outer: Node?, _ step: FieldPath.Step) {
            self.outer = outer
            self.step = step
        }
    }

    private var last: Node?

    init(_ fields: String...) {
        for field in fields { last = Node(last, .field(field)) }
    }

    private init(_ outer: PlacePath, _ step: FieldPath.Step) { last = Node(outer.last, step) }

    /// As upstream writes a path without a name: `[]`.
    static var wholeObject: PlacePath { PlacePath()[key: ""] }

    func appending(_ field: String) -> PlacePath { PlacePath(self, .field(field)) }
    subscript(index: Int) -> PlacePath { PlacePath(self, .index(index)) }
    subscript(key key: String) -> PlacePath { PlacePath(self, .key(key)) }

    var description: String {
        var steps: [FieldPath.Step] = []
        var node = last
        while let one = node {
            steps.append(one.step)
            node = one.outer
        }
        var path = FieldPath()
        for step in steps.reversed() { path.push(step) }
        return path.description
    }
}
