package import JSON

/// One step of a path into an object, as fieldsV1 writes it: a field `f:spec`, a list's element by its keys
/// `k:{"name":"a"}`, by its value `v:"x"`, or by its index `i:0`.
package enum PathElement: Hashable, Sendable {
    case field(String)
    /// In the order of the names.
    case key([Key])
    case value(JSONValue)
    case index(Int)

    package struct Key: Hashable, Sendable {
        package var name: String
        package var value: JSONValue
    }

    /// Reads the form of fieldsV1; nil for anything else.
    init?(_ text: String) {
        let bytes = text.utf8
        guard bytes.count >= 2, bytes[bytes.index(after: bytes.startIndex)] == UInt8(ascii: ":") else { return nil }
        let rest = text.dropFirst(2)
        switch bytes.first {
        case UInt8(ascii: "f"): self = .field(String(rest))
        case UInt8(ascii: "k"):
            guard let members = try? JSONValue.parse(rest.utf8).object?.members else { return nil }
            self = .key(members.map { Key(name: $0.key, value: $0.value) }.sorted { $0.name < $1.name })
        case UInt8(ascii: "v"):
            guard let value = try? JSONValue.parse(rest.utf8) else { return nil }
            self = .value(value)
        case UInt8(ascii: "i"):
            guard let index = Int(rest) else { return nil }
            self = .index(index)
        default: return nil
        }
    }

    /// The form of fieldsV1.
    var text: String {
        switch self {
        case .field(let name): "f:" + name
        case .key(let keys):
            "k:"
                + JSONValue.object(JSONObject(uncheckedMembers: keys.map { .init(key: $0.name, value: $0.value) }))
                .serialized()
        case .value(let value): "v:" + value.serialized()
        case .index(let index): "i:\(index)"
        }
    }
}

extension PathElement: CustomStringConvertible {
    /// The form of messages: `.spec`, `[name="a"]`, `[="x"]`, `[0]`.
    package var description: String {
        switch self {
        case .field(let name): "." + name
        case .key(let keys): "[\(keys.map { "\($0.name)=\(Self.shown($0.value))" }.joined(separator: ","))]"
        case .value(let value): "[=\(Self.shown(value))]"
        case .index(let index): "[\(index)]"
        }
    }

    private static func shown(_ value: JSONValue) -> String {
        value.string.map(FieldCause.quoted) ?? value.serialized()
    }
}

extension PathElement: Comparable {
    /// Fields come first, then keys, values and indices: the order in which fieldsV1 is written.
    package static func < (a: PathElement, b: PathElement) -> Bool {
        switch (a, b) {
        case (.field(let a), .field(let b)): a < b
        case (.field, _): true
        case (_, .field): false
        case (.key(let a), .key(let b)): a.lexicographicallyPrecedes(b) { isBefore($0, $1) }
        case (.key, _): true
        case (_, .key): false
        case (.value(let a), .value(let b)): isBefore(a, b)
        case (.value, _): true
        case (_, .value): false
        case (.index(let a), .index(let b)): a < b
        }
    }

    private static func isBefore(_ a: Key, _ b: Key) -> Bool {
        a.name == b.name ? isBefore(a.value, b.value) : a.name < b.name
    }

    /// Numbers, strings, booleans, lists, objects, null.
    private static func isBefore(_ a: JSONValue, _ b: JSONValue) -> Bool {
        switch (a, b) {
        case (.number(let a), .number(let b)):
            if let a = a.int, let b = b.int { a < b } else { (a.double ?? 0) < (b.double ?? 0) }
        case (.string(let a), .string(let b)): a < b
        case (.bool(let a), .bool(let b)): !a && b
        default:
            rank(a) == rank(b) ? rank(a) > 2 && a.serialized() < b.serialized() : rank(a) < rank(b)
        }
    }

    private static func rank(_ value: JSONValue) -> Int {
        switch value {
        case .number: 0
        case .string: 1
        case .bool: 2
        case .array: 3
        case .object: 4
        case .null: 5
        }
    }
}
