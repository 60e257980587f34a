internal import JSON

/// What the schema itself asks: enums, and fields that must be there.
enum SchemaWalk {
    static func check(_ place: Place, _ schema: Schema, _ report: inout Report) {
        guard case .object(let object) = place.value else { return }
        // Only fields of which something is asked are looked at; the path is made when something is wrong.
        for field in schema.fields {
            let value = object.member(field.name)
            if field.traits.contains(.notEmpty), Place(value).isEmpty {
                report.required(place[field.name])
            } else if let value {
                check(value, field, place, &report)
            }
        }
    }

    private static func check(_ value: JSONValue, _ field: Field, _ owner: Place, _ report: inout Report) {
        let schema = field.schema
        switch (schema.form, value) {
        case (.object, _):
            if schema.name != "ObjectMeta" { check(owner[field.name], schema, &report) }
        case (.string, .string(let text)) where !schema.enumValues.isEmpty && !field.traits.contains(.ownWords):
            guard !schema.enumValues.contains(text) else { return }
            let place = owner[field.name]
            if text.isEmpty { report.required(place) } else { report.notSupported(place, schema.enumValues) }
        case (.list, .array), (.map, .object):
            guard let element = schema.element else { return }
            let list = owner[field.name]
            if element.form == .object {
                for place in schema.form == .list ? list.elements : list.entries.map(\.place) {
                    check(place, element, &report)
                }
            } else if !element.enumValues.isEmpty {
                for place in list.elements where !element.enumValues.contains(place.text) {
                    report.notSupported(place, element.enumValues)
                }
            }
        default: break
        }
    }

    /// Fields marked `immutable`.
    static func checkImmutable(_ place: Place, _ old: JSONValue, _ schema: Schema, _ report: inout Report) {
        for field in schema.fields {
            if field.traits.contains(.immutable) {
                report.immutable(place[field.name], old.member(field.name))
            } else if field.schema.form == .object, field.schema.name != "ObjectMeta",
                let was = old.member(field.name), place.value?.member(field.name) != nil
            {
                checkImmutable(place[field.name], was, field.schema, &report)
            }
        }
    }
}
