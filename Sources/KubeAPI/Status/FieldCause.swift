package import JSON

/// One thing that is wrong with one field, in upstream's words: what `kubectl` prints and clients look up in
/// `details.causes` of an Invalid status (apimachinery's field errors).
package struct FieldCause: Error, Hashable, Sendable, CustomStringConvertible {
    package enum Reason: String, Hashable, Sendable {
        case notFound = "FieldValueNotFound"
        case required = "FieldValueRequired"
        case duplicate = "FieldValueDuplicate"
        case invalid = "FieldValueInvalid"
        case notSupported = "FieldValueNotSupported"
        case forbidden = "FieldValueForbidden"
        case tooLong = "FieldValueTooLong"
        case tooMany = "FieldValueTooMany"
        case typeInvalid = "FieldValueTypeInvalid"
        case internalError = "InternalError"

        var words: String {
            switch self {
            case .notFound: "Not found"
            case .required: "Required value"
            case .duplicate: "Duplicate value"
            case .invalid, .typeInvalid: "Invalid value"
            case .notSupported: "Unsupported value"
            case .forbidden: "Forbidden"
            case .tooLong: "Too long"
            case .tooMany: "Too many"
            case .internalError: "Internal error"
            }
        }
    }

    package var reason: Reason
    /// The path: `spec.ports[0].name`, `metadata.labels[app]`; empty for the object as a whole.
    package var field: String
    /// What is wrong, without the path: `Invalid value: 70000: must be between 1 and 65535, inclusive`.
    package var message: String

    package init(reason: Reason, field: String, message: String) {
        self.reason = reason
        self.field = field
        self.message = message
    }

    package var description: String { field.isEmpty ? message : "\(field): \(message)" }

    private init(_ reason: Reason, _ field: String, _ value: JSONValue?, _ detail: String) {
        var message = reason.words
        if let value { message += ": \(Self.text(of: value))" }
        if !detail.isEmpty { message += ": \(detail)" }
        self.init(reason: reason, field: field, message: message)
    }

    package static func required(_ field: String, _ detail: String = "") -> FieldCause {
        FieldCause(.required, field, nil, detail)
    }

    package static func invalid(_ field: String, _ value: JSONValue, _ detail: String) -> FieldCause {
        FieldCause(.invalid, field, value, detail)
    }

    package static func typeInvalid(_ field: String, _ value: JSONValue, _ detail: String) -> FieldCause {
        FieldCause(.typeInvalid, field, value, detail)
    }

    package static func forbidden(_ field: String, _ detail: String) -> FieldCause {
        FieldCause(.forbidden, field, nil, detail)
    }

    package static func duplicate(_ field: String, _ value: JSONValue) -> FieldCause {
        FieldCause(.duplicate, field, value, "")
    }

    package static func notFound(_ field: String, _ value: JSONValue) -> FieldCause {
        FieldCause(.notFound, field, value, "")
    }

    package static func internalError(_ field: String, _ detail: String) -> FieldCause {
        FieldCause(.internalError, field, nil, detail)
    }

    /// The supported values are all that the field takes, in the order in which the message lists them.
    package static func notSupported(_ field: String, _ value: JSONValue, _ supported: [String]) -> FieldCause {
        let quoted = supported.map(quoted).joined(separator: ", ")
        return FieldCause(.notSupported, field, value, supported.isEmpty ? "" : "supported values: \(quoted)")
    }

    /// The limit is in bytes.
    package static func tooLong(_ field: String, limit: Int) -> FieldCause {
        FieldCause(.tooLong, field, nil, "may not be more than \(limit) bytes")
    }

    package static func tooMany(_ field: String, count: Int, limit: Int) -> FieldCause {
        FieldCause(.tooMany, field, .number(JSONNumber(count)), "must have at most \(limit) items")
    }

    private static func text(of value: JSONValue) -> String {
        if case .string(let string) = value { quoted(string) } else { value.serialized() }
    }

    /// A string in quotes, as Go's %q prints it.
    package static func quoted(_ string: String) -> String {
        var text = "\""
        for scalar in string.unicodeScalars {
            switch scalar {
            case "\"": text += "\\\""
            case "\\": text += "\\\\"
            case "\n": text += "\\n"
            case "\r": text += "\\r"
            case "\t": text += "\\t"
            case "\u{7}": text += "\\a"
            case "\u{8}": text += "\\b"
            case "\u{B}": text += "\\v"
            case "\u{C}": text += "\\f"
            case "\u{0}"..<"\u{20}", "\u{7F}":
                let hex = String(scalar.value, radix: 16)
                text += "\\x" + (hex.utf8.count < 2 ? "0" : "") + hex
            default: text.unicodeScalars.append(scalar)
            }
        }
        return text + "\""
    }
}
