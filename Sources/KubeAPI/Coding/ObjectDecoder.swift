package import JSON

/// An object as it was sent, brought into the form in which it is kept: the schema's fields only and in its order, no
/// nulls, no duplicates, quantities and times canonical.
package struct DecodedObject: Sendable {
    package var value: JSONValue
    /// `unknown field "spec.foo"`, `duplicate field "spec.bar"`: refused when `fieldValidation=Strict` was asked for,
    /// answered as warnings for `Warn`.
    package var strictProblems: [String]
}

/// A value of another type than its field's, in the words of Go's decoder.
package struct DecodingError: Error, Hashable, Sendable, CustomStringConvertible {
    package var message: String

    package var description: String { message }

    package init(message: String) { self.message = message }
}

extension Schema {
    /// Reads a kind's JSON. Unknown fields are dropped and reported; a value of a wrong type is an error.
    package func decode(_ json: JSONValue) throws(DecodingError) -> DecodedObject {
        if isStructural { return try CustomResourceDecoder.decode(json, self) }
        var decoder = ObjectDecoder()
        let value = try decoder.value(json, self, owner: self)
        return DecodedObject(value: value, strictProblems: decoder.problems)
    }
}

extension APIStatus {
    /// The answer to an object that could not be decoded, or not strictly: upstream's words around `why`.
    package static func undecodable(_ kind: GroupVersionKind, _ why: String) -> APIStatus {
        .badRequest(
            "\(kind.kind) in version \(FieldCause.quoted(kind.version)) cannot be handled as a \(kind.kind): \(why)")
    }

    /// As `fieldValidation=Strict` answers to unknown and duplicate fields.
    package static func strictProblems(_ kind: GroupVersionKind, _ problems: [String]) -> APIStatus {
        undecodable(kind, "strict decoding error: \(problems.joined(separator: ", "))")
    }
}

/// One pass over an object of a built-in kind; knows where it is, to say so.
struct ObjectDecoder {
    private(set) var problems: [String] = []
    private var path = FieldPath()
    /// Places for the fields of the objects that are being read, innermost last.
    private var places: [JSONValue?] = []
    /// As many as upstream reports.
    private static let problemLimit = 100

    mutating func value(_ json: JSONValue, _ schema: Schema, owner: Schema) throws(DecodingError) -> JSONValue {
        switch schema.form {
        case .object: return try object(json, schema, owner: owner)
        case .map: return try map(json, schema, owner: owner)
        case .list: return try list(json, schema, owner: owner)
        case .any: return json
        case .variant:
            let alternative = schema.fields[json.object == nil ? 1 : 0].schema
            return try value(json, alternative, owner: owner)
        default: return try scalar(json, schema, owner: owner)
        }
    }

    private mutating func object(_ json: JSONValue, _ schema: Schema, owner: Schema) throws(DecodingError) -> JSONValue
    {
        guard case .object(let object) = json else { throw mismatch(json, schema, owner) }
        let base = places.count
        places.append(contentsOf: repeatElement(nil, count: schema.fields.count))
        defer { places.removeSubrange(base...) }
        var unknown: [JSONObject.Member] = []
        for member in object.members {
            guard let index = schema.fieldIndex(member.key) else {
                if member.key == UnknownFields.key, unknown.isEmpty, member.value.base64Bytes != nil {
                    unknown.append(member)
                } else {
                    report("unknown", member.key)
                }
                continue
            }
            if places[base + index] != nil { report("duplicate", member.key) }
            if case .null = member.value, schema.fields[index].schema.form != .any { continue }
            path.push(.field(member.key))
            places[base + index] = try value(member.value, schema.fields[index].schema, owner: schema)
            path.pop()
        }
        return schema.assemble(places[base...], unknown: unknown)
    }

    private mutating func map(_ json: JSONValue, _ schema: Schema, owner: Schema) throws(DecodingError) -> JSONValue {
        guard case .object(let object) = json else { throw mismatch(json, schema, owner) }
        let element = schema.element ?? .any
        var members: [JSONObject.Member] = []
        members.reserveCapacity(object.members.count)
        var isSorted = true
        for member in object.members {
            if let last = members.last, last.key >= member.key { isSorted = false }
            path.push(.field(member.key))
            members.append(.init(key: member.key, value: try valueOrZero(member.value, element, owner: schema)))
            path.pop()
        }
        if !isSorted {
            // Stable, so that of duplicates the last one wins, as in Go.
            var byKey: [String: JSONValue] = [:]
            for member in members where byKey.updateValue(member.value, forKey: member.key) != nil {
                report("duplicate", member.key)
            }
            members = byKey.sorted { $0.key < $1.key }.map { .init(key: $0.key, value: $0.value) }
        }
        return .object(JSONObject(members: members))
    }

    private mutating func list(_ json: JSONValue, _ schema: Schema, owner: Schema) throws(DecodingError) -> JSONValue {
        guard case .array(let elements) = json else { throw mismatch(json, schema, owner) }
        let element = schema.element ?? .any
        var values: [JSONValue] = []
        values.reserveCapacity(elements.count)
        for (index, item) in elements.enumerated() {
            path.push(.index(index))
            values.append(try valueOrZero(item, element, owner: owner))
            path.pop()
        }
        return .array(values)
    }

    /// A null in a list or map is the type's zero value, as in Go.
    private mutating func valueOrZero(_ json: JSONValue, _ schema: Schema, owner: Schema) throws(DecodingError)
        -> JSONValue
    {
        guard case .null = json else { return try value(json, schema, owner: owner) }
        switch schema.form {
        case .object: return try value(.object(JSONObject()), schema, owner: owner)
        case .string, .bytes: return .string("")
        case .int32, .int64, .double, .intOrString: return .number(JSONNumber(0))
        case .bool: return .bool(false)
        case .quantity: return .string("0")
        default: return .null
        }
    }

    private func scalar(_ json: JSONValue, _ schema: Schema, owner: Schema) throws(DecodingError) -> JSONValue {
        switch (schema.form, json) {
        case (.string, .string), (.bool, .bool), (.intOrString, .string): return json
        case (.double, .number(let number)):
            guard let value = number.double, value.isFinite else { throw mismatch(json, schema, owner) }
            return .number(JSONNumber(shortest: value))
        case (.bytes, .string(let text)):
            guard Base64.isValid(text) else { throw DecodingError(message: "illegal base64 data") }
            return json
        case (.int32, .number(let number)), (.intOrString, .number(let number)):
            guard let value = Int32(number.literal) else { throw mismatch(json, schema, owner) }
            return number.literal == "-0" ? .number(JSONNumber(value)) : json
        case (.int64, .number(let number)):
            guard let value = Int64(number.literal) else { throw mismatch(json, schema, owner) }
            return number.literal == "-0" ? .number(JSONNumber(value)) : json
        case (.quantity, .string(let text)): return try quantity(text)
        case (.quantity, .number(let number)): return try quantity(number.literal)
        case (.time, .string(let text)): return .string(try timestamp(text).time)
        case (.microTime, .string(let text)): return .string(try timestamp(text).microTime)
        default: throw mismatch(json, schema, owner)
        }
    }

    private func quantity(_ text: String) throws(DecodingError) -> JSONValue {
        guard let quantity = Quantity(text) else {
            throw DecodingError(
                message: "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'")
        }
        return .string(quantity.description)
    }

    private func timestamp(_ text: String) throws(DecodingError) -> Timestamp {
        guard let timestamp = Timestamp(text) else {
            let quoted = FieldCause.quoted(text)
            throw DecodingError(
                message:
                    "parsing time \(quoted) as \"2006-01-02T15:04:05Z07:00\": cannot parse \(quoted) as \"2006\"")
        }
        return timestamp
    }

    private mutating func report(_ what: String, _ key: String) {
        guard problems.count < Self.problemLimit else { return }
        path.push(.field(key))
        let problem = "\(what) field \(FieldCause.quoted(path.description))"
        path.pop()
        if !problems.contains(problem) { problems.append(problem) }
    }

    private func mismatch(_ json: JSONValue, _ schema: Schema, _ owner: Schema) -> DecodingError {
        let what =
            switch json {
            case .null: "null"
            case .bool: "bool"
            case .number(let number) where schema.form == .int32 || schema.form == .int64: "number \(number.literal)"
            case .number: "number"
            case .string: "string"
            case .array: "array"
            case .object: "object"
            }
        let place = path.isEmpty ? "Go value" : "Go struct field \(owner.name).\(path.withoutIndices)"
        return DecodingError(message: "json: cannot unmarshal \(what) into \(place) of type \(schema.goType)")
    }
}

extension JSONNumber {
    /// A finite number without a fraction that says nothing, as Go writes 3.0.
    init(shortest value: Double) {
        if let whole = Int(exactly: value), whole.magnitude < 1 << 53 {
            self.init(whole)
        } else {
            self = JSONNumber(value) ?? JSONNumber(0)
        }
    }
}

extension Base64 {
    /// Standard alphabet, whole groups, padded; line breaks are allowed, as Go's decoder skips them.
    static func isValid(_ text: String) -> Bool {
        decode(text) != nil || decode(text.filter { $0 != "\n" && $0 != "\r" && $0 != "\r\n" }) != nil
    }
}

extension Schema {
    /// The type's name in Go, which clients see in messages.
    var goType: String {
        switch form {
        case .object, .variant: "\(package.split(separator: ".").last ?? "v1").\(name)"
        case .map: "map[string]\(element?.goType ?? "interface {}")"
        case .list: "[]\(element?.goType ?? "interface {}")"
        case .string: "string"
        case .bytes: "[]uint8"
        case .int32: "int32"
        case .int64: "int64"
        case .double: "float64"
        case .bool: "bool"
        case .quantity: "resource.Quantity"
        case .intOrString: "intstr.IntOrString"
        case .time: "v1.Time"
        case .microTime: "v1.MicroTime"
        case .any: "runtime.RawExtension"
        }
    }
}
