internal import JSON

extension Schema {
    /// Makes an object of its fields' values, one place for each field, as upstream would write it: in the schema's
    /// order, without zero values where they mean the same as none, with those that are always written.
    func assemble(_ values: ArraySlice<JSONValue?>, unknown: [JSONObject.Member] = []) -> JSONValue {
        var members: [JSONObject.Member] = []
        members.reserveCapacity(values.count(where: { $0 != nil }) + 2)
        var index = values.startIndex
        for field in fields {
            defer { index += 1 }
            if let value = values[index] {
                if field.keepsZero || !value.isZero { members.append(.init(key: field.name, value: value)) }
            } else if let value = field.valueWhenAbsent {
                members.append(.init(key: field.name, value: value))
            }
        }
        return .object(JSONObject(members: unknown.isEmpty ? members : members + unknown))
    }
}

extension Field {
    /// A zero value is written: it differs from none, or the field is always there.
    fileprivate var keepsZero: Bool {
        !traits.isDisjoint(with: [.optional, .required, .always]) || schema.form == .object || schema.form == .any
            || schema.form == .variant || schema.form == .intOrString || schema.form == .quantity
    }

    /// What is written when there is nothing: of objects that are no pointers in Go, and of fields that have no
    /// `omitempty`.
    var valueWhenAbsent: JSONValue? {
        if traits.contains(.always) {
            if schema.form == .list { return .array([]) }
            return schema.assemble([JSONValue?](repeating: nil, count: schema.fields.count)[...])
        }
        guard traits.contains(.required) else { return nil }
        switch schema.form {
        case .string, .bytes: return .string("")
        case .int32, .int64, .double, .intOrString: return .number(JSONNumber(0))
        case .bool: return .bool(false)
        case .list: return .array([])
        case .map: return .object(JSONObject())
        case .quantity: return .string("0")
        case .time, .microTime: return .null
        case .object, .any, .variant: return nil
        }
    }
}

extension JSONValue {
    fileprivate var isZero: Bool {
        switch self {
        case .null: true
        case .bool(let value): !value
        case .number(let number): number.literal == "0"
        case .string(let text): text.isEmpty
        case .array(let elements): elements.isEmpty
        case .object(let object): object.isEmpty
        }
    }
}
