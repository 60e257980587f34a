/// A JSON document as a value (RFC 8259). Members keep their order and numbers their digits, so that what is read and
/// written again is the same text.
package enum JSONValue: Hashable, Sendable {
    case null
    case bool(Bool)
    case number(JSONNumber)
    case string(String)
    case array([JSONValue])
    case object(JSONObject)
}

extension JSONValue {
    package var isNull: Bool { self == .null }
    package var bool: Bool? { if case .bool(let value) = self { value } else { nil } }
    package var string: String? { if case .string(let value) = self { value } else { nil } }
    package var array: [JSONValue]? { if case .array(let value) = self { value } else { nil } }
    package var object: JSONObject? { if case .object(let value) = self { value } else { nil } }
    package var number: JSONNumber? { if case .number(let value) = self { value } else { nil } }
    /// The number as an integer; nil when it is none, has a fraction, or does not fit.
    package var int: Int? { number?.int }
    package var double: Double? { number?.double }

    /// The member of an object, by `JSONObject`'s rules; nil when this is no object.
    package subscript(key: String) -> JSONValue? { object?[key] }

    /// What the value is, in the words of an error message: "a string", "null".
    package var kind: String {
        switch self {
        case .null: "null"
        case .bool: "a boolean"
        case .number: "a number"
        case .string: "a string"
        case .array: "an array"
        case .object: "an object"
        }
    }
}

extension JSONValue: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral,
    ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral, ExpressibleByNilLiteral
{
    package init(stringLiteral value: String) { self = .string(value) }
    package init(integerLiteral value: Int) { self = .number(JSONNumber(value)) }
    package init(booleanLiteral value: Bool) { self = .bool(value) }
    package init(arrayLiteral elements: JSONValue...) { self = .array(elements) }
    package init(dictionaryLiteral elements: (String, JSONValue)...) { self = .object(JSONObject(elements)) }
    package init(nilLiteral: ()) { self = .null }
}

/// A number, kept as its literal: 4294967296, 1e3 and 1.50 come out as they went in.
package struct JSONNumber: Hashable, Sendable {
    package let literal: String

    package init(_ value: some BinaryInteger) { literal = String(value) }

    /// A finite number; nil for NaN and infinities, which JSON cannot express.
    package init?(_ value: Double) {
        guard value.isFinite else { return nil }
        literal = "\(value)"
    }

    /// The parser has checked the literal's grammar.
    init(checked literal: String) { self.literal = literal }

    package var int: Int? {
        if let value = Int(literal) { return value }
        // 1e3 and 2.0 are integers too; beyond 2^53 a Double is none that can be trusted.
        guard let value = Double(literal), value.magnitude <= 0x1p53 else { return nil }
        return Int(exactly: value)
    }

    package var double: Double? { Double(literal) }
}
