internal import JSON

/// A value in an object and where it is, so that what is wrong with it can be said.
struct Place {
    let value: JSONValue?
    let path: FieldPath

    init(_ value: JSONValue?, _ path: FieldPath = FieldPath()) {
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
