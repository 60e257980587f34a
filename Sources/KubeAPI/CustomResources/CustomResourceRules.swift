internal import JSON

/// Checks a custom resource against its structural schema, in the words of upstream's OpenAPI validation.
enum CustomResourceRules {
    static func check(_ object: JSONValue, _ type: ResourceType, _ report: inout Report) {
        guard let schema = type.schema else { return }
        check(Place(object), schema, &report)
    }

    static func check(_ place: Place, _ schema: Schema, _ report: inout Report) {
        guard schema.isStructural, let value = place.value else { return }
        if value == .null {
            if !schema.isNullable { mismatch(place, schema, &report) }
            return
        }
        guard hasForm(value, schema) else { return mismatch(place, schema, &report) }
        if let rules = schema.rules { check(place, value, rules, schema, &report) }
        switch (schema.form, value) {
        case (.object, .object(let object)):
            for field in schema.fields {
                if let value = object.member(field.name) {
                    check(Place(value, place.path.appending(field.name)), field.schema, &report)
                }
            }
        case (.map, .object):
            for (_, entry) in place.entries { check(entry, schema.element ?? .any, &report) }
        case (.list, .array):
            for element in place.elements { check(element, schema.element ?? .any, &report) }
        default: break
        }
    }

    private static func hasForm(_ value: JSONValue, _ schema: Schema) -> Bool {
        switch (schema.form, value) {
        case (.object, .object), (.map, .object), (.list, .array), (.string, .string), (.double, .number),
            (.bool, .bool), (.any, _), (.intOrString, .string):
            true
        case (.int64, .number(let number)), (.intOrString, .number(let number)): number.int != nil
        default: false
        }
    }

    private static func mismatch(_ place: Place, _ schema: Schema, _ report: inout Report) {
        let found =
            switch place.value {
            case .object: "object"
            case .array: "array"
            case .string: "string"
            case .bool: "boolean"
            case .number(let number): number.int == nil ? "number" : "integer"
            case .null, nil: "null"
            }
        let wanted = schema.rules.map { $0.type.isEmpty ? "integer,string" : $0.type } ?? "object"
        report.add(
            .typeInvalid(
                place.path.description, .string(found),
                "\(place.path) in body must be of type \(wanted): \(FieldCause.quoted(found))"))
    }

    private static func check(
        _ place: Place, _ value: JSONValue, _ rules: SchemaRules, _ schema: Schema, _ report: inout Report
    ) {
        if !rules.enumeration.isEmpty, !rules.enumeration.contains(where: { $0.isEquivalent(to: value) }) {
            report.notSupported(place, rules.enumeration.map { $0.string ?? $0.serialized() })
        }
        switch value {
        case .number(let number): check(place, number, rules, &report)
        case .string(let text): check(place, text, rules, &report)
        case .array(let elements): check(place, elements, rules, schema, &report)
        case .object(let object):
            if let least = rules.minProperties, object.members.count < least {
                report.invalid(
                    place, .number(JSONNumber(object.members.count)),
                    inBody(place, "should have at least \(least) properties"))
            }
            if let most = rules.maxProperties, object.members.count > most { report.tooMany(place, most) }
            for name in rules.required where object.member(name) == nil { report.required(place[name]) }
        default: break
        }
        combined(place, rules, &report)
    }

    private static func inBody(_ place: Place, _ sentence: String) -> String { "\(place.path) in body \(sentence)" }

    private static func check(_ place: Place, _ number: JSONNumber, _ rules: SchemaRules, _ report: inout Report) {
        guard let value = number.double else { return }
        if let limit = rules.minimum, let least = limit.double, rules.exclusiveMinimum ? value <= least : value < least
        {
            let words = rules.exclusiveMinimum ? "greater than" : "greater than or equal to"
            report.invalid(place, inBody(place, "should be \(words) \(limit.literal)"))
        }
        if let limit = rules.maximum, let most = limit.double, rules.exclusiveMaximum ? value >= most : value > most {
            let words = rules.exclusiveMaximum ? "less than" : "less than or equal to"
            report.invalid(place, inBody(place, "should be \(words) \(limit.literal)"))
        }
        if let factor = rules.multipleOf, let unit = factor.double, unit > 0,
            (value / unit).rounded() * unit != value
        {
            report.invalid(place, inBody(place, "should be a multiple of \(factor.literal)"))
        }
    }

    private static func check(_ place: Place, _ text: String, _ rules: SchemaRules, _ report: inout Report) {
        let length = text.unicodeScalars.count
        if let least = rules.minLength, length < least {
            report.invalid(place, inBody(place, "should be at least \(least) chars long"))
        }
        if let most = rules.maxLength, length > most { report.tooLong(place, most) }
        if let pattern = rules.pattern, !PatternCache.shared.matches(text, pattern) {
            report.invalid(place, inBody(place, "should match '\(pattern)'"))
        }
        if let format = rules.format, !StringFormat.accepts(text, format) {
            report.invalid(place, inBody(place, "must be of type \(format): \(FieldCause.quoted(text))"))
        }
    }

    private static func check(
        _ place: Place, _ elements: [JSONValue], _ rules: SchemaRules, _ schema: Schema, _ report: inout Report
    ) {
        if let least = rules.minItems, elements.count < least {
            report.invalid(
                place, .number(JSONNumber(elements.count)), inBody(place, "should have at least \(least) items"))
        }
        if let most = rules.maxItems, elements.count > most { report.tooMany(place, most) }
        if rules.uniqueItems, Set(elements).count < elements.count {
            report.invalid(place, inBody(place, "shouldn't contain duplicates"))
        }
        guard rules.hasListType, schema.listType != .atomic else { return }
        var seen: Set<JSONValue> = []
        for (index, element) in elements.enumerated() {
            var key = element
            if schema.listType == .map {
                let keys = schema.listMapKeys.compactMap { name in
                    element.member(name).map { JSONObject.Member(key: name, value: $0) }
                }
                key = .object(JSONObject(members: keys))
            }
            if !seen.insert(key).inserted { report.duplicate(Place(key, place.path[index])) }
        }
    }

    private static func combined(_ place: Place, _ rules: SchemaRules, _ report: inout Report) {
        func isValid(_ schema: Schema) -> Bool {
            var inner = Report()
            if let value = place.value, let rules = schema.rules {
                check(place, value, rules, schema, &inner)
                for field in schema.fields where place[field.name].value != nil {
                    checkLoosely(place[field.name], field.schema, &inner)
                }
            }
            return inner.causes.isEmpty
        }
        if !rules.allOf.allSatisfy(isValid) {
            report.invalid(place, inBody(place, "must validate all the schemas (allOf)"))
        }
        if !rules.anyOf.isEmpty, !rules.anyOf.contains(where: isValid) {
            report.invalid(place, inBody(place, "must validate at least one schema (anyOf)"))
        }
        if !rules.oneOf.isEmpty {
            let count = rules.oneOf.count(where: isValid)
            if count != 1 {
                let found = count == 0 ? "Found none valid" : "Found \(count) valid alternatives"
                report.invalid(place, inBody(place, "must validate one and only one schema (oneOf). \(found)"))
            }
        }
        if let not = rules.not, isValid(not) {
            report.invalid(place, inBody(place, "must not validate the schema (not)"))
        }
    }

    /// Inside `allOf` and its like nodes have no types of their own.
    private static func checkLoosely(_ place: Place, _ schema: Schema, _ report: inout Report) {
        guard let rules = schema.rules, let value = place.value else { return }
        if !rules.type.isEmpty, !hasForm(value, schema) { return mismatch(place, schema, &report) }
        check(place, value, rules, schema, &report)
        for name in value.object?.keys ?? [] {
            if let field = schema.field(name) { checkLoosely(place[name], field.schema, &report) }
        }
        if let element = schema.element, element.isStructural {
            for item in place.elements { checkLoosely(item, element, &report) }
        }
    }
}
