internal import JSON

/// Fills in the defaults of a structural schema, in objects that are there: a default does not make its parents.
enum CustomResourceDefaults {
    static func applied(to json: JSONValue, _ schema: Schema) -> JSONValue {
        switch (schema.form, json) {
        case (.object, .object(let object)):
            var members = object.members
            for field in schema.fields where field.schema.isStructural {
                let place = members.firstIndex { $0.key == field.name }
                if let place, members[place].value != .null || field.schema.isNullable {
                    members[place].value = applied(to: members[place].value, field.schema)
                } else if let value = field.defaultValue {
                    let member = JSONObject.Member(key: field.name, value: applied(to: value, field.schema))
                    if let place { members[place] = member } else { members.append(member) }
                }
            }
            return .object(JSONObject(members: members))
        case (.map, .object(let object)):
            guard let element = schema.element, element.isStructural else { return json }
            return .object(
                JSONObject(
                    members: object.members.map { .init(key: $0.key, value: applied(to: $0.value, element)) }))
        case (.list, .array(let elements)):
            guard let element = schema.element, element.isStructural else { return json }
            return .array(elements.map { applied(to: $0, element) })
        default: return json
        }
    }
}
