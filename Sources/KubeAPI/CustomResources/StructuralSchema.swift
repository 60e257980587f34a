package import JSON

extension Schema {
    /// The schema of a custom resource's kind, from a CustomResourceDefinition version's `openAPIV3Schema`. Without one
    /// everything is kept as it is, which only `preserveUnknownFields` allows.
    package static func custom(kind: String, openAPIV3Schema: JSONValue?) -> Schema {
        let root = structural(openAPIV3Schema ?? ["type": "object", "x-kubernetes-preserve-unknown-fields": true])
        let schema = Schema(.object, name: kind)
        schema.isStructural = true
        schema.isKind = true
        schema.keepsUnknownFields = root.keepsUnknownFields
        schema.rules = root.rules
        let own = ["kind", "apiVersion", "metadata"]
        let metadata = APICatalog.builtin.metaSchema("ObjectMeta") ?? .any
        schema.fields = [
            Field(name: "kind", schema: .string), Field(name: "apiVersion", schema: .string),
            Field(name: "metadata", schema: metadata, traits: .always),
        ]
        schema.fields += root.fields.filter { !own.contains($0.name) }
        schema.indexFields()
        return schema
    }

    /// Any node of a structural schema.
    static func structural(_ json: JSONValue) -> Schema {
        let schema = Schema(form(of: json))
        schema.isStructural = true
        schema.keepsUnknownFields = json.member("x-kubernetes-preserve-unknown-fields") == true
        schema.isEmbeddedResource = json.member("x-kubernetes-embedded-resource") == true
        schema.isNullable = json.member("nullable") == true
        schema.isAtomic = json.member("x-kubernetes-map-type") == "atomic"
        schema.rules = SchemaRules(json)
        switch schema.form {
        case .object:
            let required = Set(schema.rules?.required ?? [])
            for property in json.member("properties")?.object?.members ?? [] {
                schema.fields.append(
                    Field(
                        name: property.key, schema: structural(property.value),
                        traits: required.contains(property.key) ? [.optional, .required] : .optional,
                        defaultValue: property.value.member("default")))
            }
            if schema.isEmbeddedResource { addTypeFields(to: schema) }
            schema.indexFields()
        case .map:
            if case .object? = json.member("additionalProperties") {
                schema.element = structural(json.member("additionalProperties") ?? [:])
            } else {
                schema.element = .any
            }
        case .list:
            schema.element = json.member("items").map { structural($0) } ?? .any
            switch json.member("x-kubernetes-list-type")?.string {
            case "set": schema.listType = .set
            case "map": schema.listType = .map
            default: break
            }
            schema.listMapKeys = (json.member("x-kubernetes-list-map-keys")?.array ?? []).compactMap(\.string)
        default: break
        }
        return schema
    }

    private static func addTypeFields(to schema: Schema) {
        for (name, type) in [
            ("kind", Schema.string), ("apiVersion", .string),
            ("metadata", APICatalog.builtin.metaSchema("ObjectMeta") ?? .any),
        ] where !schema.fields.contains(where: { $0.name == name }) {
            schema.fields.append(Field(name: name, schema: type, traits: .optional))
        }
    }

    private static func form(of json: JSONValue) -> Form {
        if json.member("x-kubernetes-int-or-string") == true { return .intOrString }
        switch json.member("type")?.string {
        case "object":
            let others = json.member("additionalProperties")
            return others != nil && others != false ? .map : .object
        case "array": return .list
        case "string": return .string
        case "integer": return .int64
        case "number": return .double
        case "boolean": return .bool
        default: return .any
        }
    }
}

extension SchemaRules {
    /// Reads the value validations of a node.
    init(_ json: JSONValue) {
        type = json.member("type")?.string ?? ""
        description = json.member("description")?.string ?? ""
        enumeration = json.member("enum")?.array ?? []
        format = json.member("format")?.string
        pattern = json.member("pattern")?.string
        minimum = json.member("minimum")?.number
        maximum = json.member("maximum")?.number
        exclusiveMinimum = json.member("exclusiveMinimum") == true
        exclusiveMaximum = json.member("exclusiveMaximum") == true
        multipleOf = json.member("multipleOf")?.number
        minLength = json.member("minLength")?.int
        maxLength = json.member("maxLength")?.int
        minItems = json.member("minItems")?.int
        maxItems = json.member("maxItems")?.int
        uniqueItems = json.member("uniqueItems") == true
        minProperties = json.member("minProperties")?.int
        maxProperties = json.member("maxProperties")?.int
        required = (json.member("required")?.array ?? []).compactMap(\.string)
        hasListType = json.member("x-kubernetes-list-type") != nil
        allOf = (json.member("allOf")?.array ?? []).map { Schema.structural($0) }
        anyOf = (json.member("anyOf")?.array ?? []).map { Schema.structural($0) }
        oneOf = (json.member("oneOf")?.array ?? []).map { Schema.structural($0) }
        not = json.member("not").map { Schema.structural($0) }
    }
}
