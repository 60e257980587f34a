internal import JSON

/// Reading and writing of an object's fields by path. Field names are exact: Kubernetes' JSON is case-sensitive.
extension JSONValue {
    /// The value at a path of member names; nil when a step of it is absent, or null.
    func at(_ path: String...) -> JSONValue? { at(path[...]) }

    func at(_ path: ArraySlice<String>) -> JSONValue? {
        guard let key = path.first else {
            // No conditional expression: there a nil would be JSON's null.
            if isNull { return nil }
            return self
        }
        guard case .object(let object) = self else { return nil }
        return object.members.last { $0.key == key }?.value.at(path.dropFirst())
    }

    /// The string at a path; empty when there is none, as Go's zero value.
    func text(_ path: String...) -> String { at(path[...])?.string ?? "" }

    /// The whole number at a path; 0 when there is none.
    func integer(_ path: String...) -> Int { at(path[...])?.int ?? 0 }

    /// The boolean at a path; false when there is none.
    func flag(_ path: String...) -> Bool { at(path[...])?.bool ?? false }

    /// The elements of the list at a path; none when there is no list.
    func list(_ path: String...) -> [JSONValue] { at(path[...])?.array ?? [] }

    /// The strings of the list at a path.
    func texts(_ path: String...) -> [String] { (at(path[...])?.array ?? []).compactMap(\.string) }

    /// The members of the object at a path, in their order.
    func pairs(_ path: String...) -> [JSONObject.Member] { at(path[...])?.object?.members ?? [] }

    /// Writes the value at a path, making the objects on the way; nil removes the last member.
    mutating func set(_ value: JSONValue?, at path: String...) { set(value, at: path[...]) }

    mutating func set(_ value: JSONValue?, at path: ArraySlice<String>) {
        guard let key = path.first else {
            if let value { self = value }
            return
        }
        var object = JSONObject()
        if case .object(let present) = self { object = present }
        let rest = path.dropFirst()
        let present = rest.isEmpty ? nil : object.members.last { $0.key == key }?.value
        // Removing something from nothing leaves nothing.
        if !rest.isEmpty && value == nil && present == nil { return }
        // The object is taken out before it is changed, and the child out of it, so that their storage is shared with
        // nobody and changed where it is.
        self = .null
        if rest.isEmpty {
            object[key] = value
        } else {
            var child = present ?? .null
            object[key] = .null
            child.set(value, at: rest)
            object[key] = child
        }
        self = .object(object)
    }

    /// Appends to the list at a path, making it.
    mutating func append(_ element: JSONValue, at path: String...) {
        set(.array((at(path[...])?.array ?? []) + [element]), at: path[...])
    }

    /// With the members of all its objects in the order of their names.
    var inKeyOrder: JSONValue {
        switch self {
        case .object(let object):
            let members = object.members.map { JSONObject.Member(key: $0.key, value: $0.value.inKeyOrder) }
            return .object(JSONObject(members: members.sorted { $0.key < $1.key }))
        case .array(let elements): return .array(elements.map(\.inKeyOrder))
        default: return self
        }
    }

    static func texts(_ elements: some Sequence<String>) -> JSONValue { .array(elements.map { .string($0) }) }
}
