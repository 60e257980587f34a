internal import JSON

/// Writes the definitions of all messages that some resources are made of.
struct DefinitionWriter {
    private let dialect: OpenAPI.Dialect
    /// By their names in the document, in that order.
    private var definitions: [(name: String, schema: Schema, kinds: [GroupVersionKind])] = []
    private let descriptions: Descriptions

    init(_ dialect: OpenAPI.Dialect, _ resources: [ResourceType]) {
        self.dialect = dialect
        let catalog = APICatalog.builtin
        var found: [String: (schema: Schema, kinds: [GroupVersionKind])] = [:]
        for resource in resources {
            guard let schema = resource.schema else { continue }
            let name = Self.name(of: resource)
            found[name] = (schema, [resource.gvk])
            Self.collect(from: schema, &found)
            if resource.verbs.contains(.list) {
                let kind = GroupVersionKind(resource.groupVersion, resource.listKind)
                let list = catalog.schema(of: kind) ?? Self.list(of: resource, schema)
                found[Self.name(list, resource)] = (list, [kind])
                Self.collect(from: list, &found)
            }
            for subresource in resource.subresources {
                if let schema = catalog.schema(of: subresource.kind) {
                    found["\(schema.package).\(schema.name)"] = (schema, [subresource.kind])
                    Self.collect(from: schema, &found)
                }
            }
        }
        for name in ["Status", "DeleteOptions", "WatchEvent"] {
            guard let schema = catalog.metaSchema(name) else { continue }
            let core = GroupVersionKind(group: "", version: "v1", kind: name)
            let others = Set(resources.map(\.groupVersion)).map { GroupVersionKind($0, name) }
            let kinds = name == "Status" ? [core] : [core] + others.filter { $0 != core }
            found["\(schema.package).\(name)"] = (schema, kinds.sorted { $0.apiVersion < $1.apiVersion })
            Self.collect(from: schema, &found)
        }
        definitions = found.map { ($0.key, $0.value.schema, $0.value.kinds) }.sorted { $0.0 < $1.0 }
        descriptions = Descriptions(of: Set(found.values.map(\.schema.package)))
    }

    /// The name of a resource's definition: "io.k8s.api.core.v1.Pod", "com.example.v1.Widget".
    static func name(of resource: ResourceType) -> String {
        if let schema = resource.schema, !schema.package.isEmpty { return "\(schema.package).\(schema.name)" }
        return "\(package(of: resource)).\(resource.kind)"
    }

    private static func package(of resource: ResourceType) -> String {
        let parts = resource.group.split(separator: ".").reversed() + [Substring(resource.version)]
        return parts.joined(separator: ".")
    }

    static func name(ofList resource: ResourceType) -> String {
        let package = resource.isCustom ? package(of: resource) : resource.schema?.package ?? ""
        return "\(package).\(resource.listKind)"
    }

    private static func name(_ list: Schema, _ resource: ResourceType) -> String { name(ofList: resource) }

    private static func list(of resource: ResourceType, _ schema: Schema) -> Schema {
        let list = Schema(.object, name: resource.listKind)
        let items = Schema(.list)
        items.element = schema
        list.isKind = true
        list.fields = [
            Field(name: "kind", schema: .string), Field(name: "apiVersion", schema: .string),
            Field(name: "metadata", schema: APICatalog.builtin.metaSchema("ListMeta") ?? .any),
            Field(name: "items", schema: items, traits: .required),
        ]
        list.indexFields()
        return list
    }

    private static func collect(
        from schema: Schema, _ found: inout [String: (schema: Schema, kinds: [GroupVersionKind])]
    ) {
        for field in schema.fields { collect(field.schema, &found) }
        if let element = schema.element { collect(element, &found) }
    }

    private static func collect(
        _ schema: Schema, _ found: inout [String: (schema: Schema, kinds: [GroupVersionKind])]
    ) {
        if !schema.package.isEmpty {
            let name = "\(schema.package).\(schema.name)"
            if found[name] != nil { return }
            found[name] = (schema, schema.isKind ? APICatalog.builtin.kinds(of: schema) : [])
        }
        collect(from: schema, &found)
    }

    func write(to writer: inout DocumentWriter) {
        for (name, schema, kinds) in definitions {
            writer.object(name) { definition in
                let text = schema.rules?.description ?? descriptions.text(of: schema)
                if !text.isEmpty { definition.member("description", text) }
                body(schema, isWhole: true, &definition)
                if !kinds.isEmpty {
                    let list = kinds.map { kind -> JSONValue in
                        ["group": .string(kind.group), "kind": .string(kind.kind), "version": .string(kind.version)]
                    }
                    definition.member("x-kubernetes-group-version-kind", .array(list))
                }
            }
        }
        for (name, value) in ScalarDefinitions.all(dialect) { writer.member(name, value) }
    }

    /// What stands in a definition, which is whole, or an anonymous object.
    private func body(_ schema: Schema, isWhole: Bool = false, _ writer: inout DocumentWriter) {
        if schema.form == .variant { return }
        // The old form's readers take the fields that it names for all that there may be.
        let isOpen = dialect == .v2 && schema.isStructural && schema.keepsUnknownFields
        if isOpen && isWhole { return writer.member("type", "object") }
        if !isOpen { writer.member("type", "object") }
        let required = schema.fields.filter { $0.traits.contains(.required) }.map { JSONValue.string($0.name) }
        if !required.isEmpty { writer.member("required", .array(required)) }
        if !schema.fields.isEmpty && !isOpen {
            writer.object("properties") { properties in
                for field in schema.fields {
                    properties.object(field.name) { property(field, of: schema, &$0) }
                }
            }
        }
        if schema.isAtomic { writer.member("x-kubernetes-map-type", "atomic") }
        if schema.keepsUnknownFields { writer.member("x-kubernetes-preserve-unknown-fields", true) }
        if schema.isEmbeddedResource { writer.member("x-kubernetes-embedded-resource", true) }
    }

    private func property(_ field: Field, of owner: Schema, _ writer: inout DocumentWriter) {
        let text = field.schema.rules?.description ?? descriptions.text(of: field.name, in: owner)
        if !text.isEmpty { writer.member("description", text) }
        type(field.schema, isAlone: false, owner: owner, &writer)
        if let value = field.defaultValue { writer.member("default", value) }
        if let isAtomic = field.isAtomicOverride {
            writer.member("x-kubernetes-map-type", isAtomic ? "atomic" : "granular")
        }
        var strategies: [String] = []
        if field.patchStrategy.contains(.merge) { strategies.append("merge") }
        if field.patchStrategy.contains(.retainKeys) { strategies.append("retainKeys") }
        if field.patchStrategy.contains(.replace) { strategies.append("replace") }
        if !strategies.isEmpty { writer.member("x-kubernetes-patch-strategy", strategies.joined(separator: ",")) }
        if let key = field.mergeKey { writer.member("x-kubernetes-patch-merge-key", key) }
    }

    /// A type's members; a reference alone is one, and beside others must be in `allOf` (OpenAPI 3.0 forbids siblings).
    /// `owner` is the message whose field it is.
    private func type(_ schema: Schema, isAlone: Bool, owner: Schema, _ writer: inout DocumentWriter) {
        func reference(_ name: String) {
            let value = dialect.reference(name)
            if isAlone || dialect == .v2 {
                writer.member("$ref", value)
            } else {
                writer.member("allOf", [["$ref": value]])
            }
        }
        switch schema.form {
        case .object where !schema.package.isEmpty, .variant: reference("\(schema.package).\(schema.name)")
        case .object: body(schema, &writer)
        case .map:
            writer.member("type", "object")
            writer.object("additionalProperties") { type(schema.element ?? .any, isAlone: true, owner: owner, &$0) }
        case .list:
            writer.member("type", "array")
            writer.object("items") { type(schema.element ?? .any, isAlone: true, owner: owner, &$0) }
            if !schema.isStructural || schema.rules?.hasListType == true {
                let types: [Schema.ListType: String] = [.atomic: "atomic", .set: "set", .map: "map"]
                writer.member("x-kubernetes-list-type", types[schema.listType] ?? "atomic")
            }
            if !schema.listMapKeys.isEmpty {
                writer.member("x-kubernetes-list-map-keys", .array(schema.listMapKeys.map { .string($0) }))
            }
        case .string:
            writer.member("type", "string")
            // Built-in ones are published in order, and named in messages in an order of their own.
            let values = schema.isStructural ? schema.enumValues : schema.enumValues.sorted()
            if !values.isEmpty { writer.member("enum", .array(values.map { .string($0) })) }
        case .bytes: writer.member("type", "string"); writer.member("format", "byte")
        case .int32: writer.member("type", "integer"); writer.member("format", "int32")
        case .int64: writer.member("type", "integer"); writer.member("format", "int64")
        case .double: writer.member("type", "number"); writer.member("format", "double")
        case .bool: writer.member("type", "boolean")
        case .intOrString where schema.isStructural: writer.member("x-kubernetes-int-or-string", true)
        case .any where schema.isStructural: writer.member("x-kubernetes-preserve-unknown-fields", true)
        case .quantity: reference(ScalarDefinitions.quantity)
        case .intOrString: reference(ScalarDefinitions.intOrString)
        case .time: reference(ScalarDefinitions.time)
        case .microTime: reference(ScalarDefinitions.microTime)
        // In a custom resource's schema a value may be of any type; elsewhere it is an object.
        case .any where owner.package == APIExtensionsV1.text.package: reference(ScalarDefinitions.json)
        case .any: reference(ScalarDefinitions.object)
        }
        if let rules = schema.rules { RuleWriter.write(rules, schema, &writer) }
    }
}

/// The value validations of a custom resource's node.
enum RuleWriter {
    static func write(_ rules: SchemaRules, _ schema: Schema, _ writer: inout DocumentWriter) {
        if !rules.enumeration.isEmpty { writer.member("enum", .array(rules.enumeration)) }
        if let format = rules.format, schema.form == .string { writer.member("format", format) }
        if let pattern = rules.pattern { writer.member("pattern", pattern) }
        for (name, number) in [
            ("minimum", rules.minimum), ("maximum", rules.maximum), ("multipleOf", rules.multipleOf),
        ] {
            if let number { writer.member(name, .number(number)) }
        }
        for (name, count) in [
            ("minLength", rules.minLength), ("maxLength", rules.maxLength), ("minItems", rules.minItems),
            ("maxItems", rules.maxItems), ("minProperties", rules.minProperties),
            ("maxProperties", rules.maxProperties),
        ] {
            if let count { writer.member(name, .number(JSONNumber(count))) }
        }
        if schema.isNullable { writer.member("nullable", true) }
        if schema.isAtomic, schema.form == .map { writer.member("x-kubernetes-map-type", "atomic") }
    }
}
