package import JSON

/// Fills in what a client left out, as upstream does: constants stand in the schema, and what depends on other fields is
/// decided by `DefaultingRules`. An object that has its defaults stays as it is.
package enum Defaults {
    /// The object must have been decoded by `schema`, which is that of a whole kind.
    package static func applied(to object: JSONValue, _ schema: Schema) -> JSONValue {
        if schema.isStructural { return CustomResourceDefaults.applied(to: object, schema) }
        guard case .object(let members) = object else { return object }
        var values = [JSONValue?](repeating: nil, count: schema.fields.count)
        var unknown: [JSONObject.Member] = []
        spread(members, schema, &values, &unknown)
        for (index, field) in schema.fields.enumerated() where values[index] == nil {
            values[index] = field.defaultValue
        }
        if let rule = schema.defaulting {
            var whole = schema.assemble(values[...], unknown: unknown)
            rule(&whole)
            values = [JSONValue?](repeating: nil, count: schema.fields.count)
            unknown = []
            if case .object(let members) = whole { spread(members, schema, &values, &unknown) }
        }
        for (index, field) in schema.fields.enumerated() {
            if let value = values[index] { values[index] = nested(value, field.schema) }
        }
        return schema.assemble(values[...], unknown: unknown)
    }

    private static func nested(_ value: JSONValue, _ schema: Schema) -> JSONValue {
        switch (schema.form, value) {
        case (.object, _): return applied(to: value, schema)
        case (.list, .array(let elements)):
            guard let element = schema.element, element.form == .object else { return value }
            return .array(elements.map { applied(to: $0, element) })
        default: return value
        }
    }

    private static func spread(
        _ object: JSONObject, _ schema: Schema, _ values: inout [JSONValue?], _ unknown: inout [JSONObject.Member]
    ) {
        for member in object.members {
            if let index = schema.fieldIndex(member.key) {
                values[index] = member.value
            } else {
                unknown.append(member)
            }
        }
    }
}
