internal import JSON

/// What makes a configuration one that cannot be applied: fields that the schema does not have, values of the wrong
/// form, and lists in which two elements are the same or one cannot be told apart.
enum ConfigurationCheck {
    /// The first problem, with its path; nil when there is none.
    static func problem(in value: JSONValue, _ type: FieldType) -> String? { problem(in: value, type, "") }

    private static func problem(in value: JSONValue, _ type: FieldType, _ path: String) -> String? {
        if value.isNull { return nil }
        if let schema = type.schema, let wanted = schema.expected(value) {
            return "\(path): expected \(wanted), got \(value.goKind)"
        }
        switch value {
        case .object(let object):
            for member in object.members {
                if let schema = type.schema, schema.form == .object, !schema.keepsUnknownFields,
                    schema.field(member.key) == nil
                {
                    return "\(path).\(member.key): field not declared in schema"
                }
                if let problem = problem(in: member.value, type.member(member.key), "\(path).\(member.key)") {
                    return problem
                }
            }
            return nil
        case .array(let items): return problem(in: items, type, path)
        default: return nil
        }
    }

    private static func problem(in items: [JSONValue], _ type: FieldType, _ path: String) -> String? {
        guard case .list(let keys) = type.shape(of: .array(items)) else {
            return items.enumerated().lazy.compactMap { problem(in: $1, type.element, "\(path)[\($0)]") }.first
        }
        var seen: Set<PathElement> = []
        for (index, item) in items.enumerated() {
            guard let element = type.pathElement(item, keys: keys) else {
                if item.object == nil {
                    let what = item.isNull ? "a null element" : "non-map elements"
                    return "\(path): element \(index): associative list with keys may not have \(what)"
                }
                let missing = keys.first { item.member($0) == nil } ?? ""
                return "\(path): element \(index): associative list with keys has an element that omits key field"
                    + " \(FieldCause.quoted(missing)) (and doesn't have default value)"
            }
            guard seen.insert(element).inserted else { return "\(path): duplicate entries for key \(element)" }
            if let problem = problem(in: item, type.element, "\(path)\(element)") { return problem }
        }
        return nil
    }
}

extension Schema {
    /// What a value should be instead; nil when it may be what it is.
    fileprivate func expected(_ value: JSONValue) -> String? {
        switch (form, value) {
        case (.object, .object), (.map, .object), (.list, .array), (.any, _), (.bool, .bool): nil
        case (.object, _), (.map, _): "map"
        case (.list, _): "list"
        case (.bool, _): "boolean"
        case (.int32, .number), (.int64, .number), (.double, .number): nil
        case (.int32, _), (.int64, _), (.double, _): "numeric (int or float)"
        case (.quantity, .number), (.intOrString, .number), (_, .string): nil
        default: "string"
        }
    }
}
