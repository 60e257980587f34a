internal import JSON

/// How server-side apply treats a value: what the schema says, what the field overrides, and for content that no schema
/// describes what its form suggests.
struct FieldType {
    enum Shape {
        /// Owned as a whole.
        case leaf
        /// Each member for itself.
        case map
        /// Each element for itself, by its keys, or by its value when there are none.
        case list(keys: [String])
    }

    /// Nil for content without a schema: objects by member, lists as a whole.
    let schema: Schema?
    let isAtomic: Bool?

    init(_ schema: Schema?, isAtomic: Bool? = nil) {
        self.schema = schema
        self.isAtomic = isAtomic
    }

    /// Of a value that is an object, a list, or null; scalars are leaves.
    func shape(of value: JSONValue?) -> Shape {
        switch value {
        case .object?: isObjectGranular ? .map : .leaf
        case .array?: listShape
        case nil, .null?:
            switch schema?.form {
            case .object?, .map?: isObjectGranular ? .map : .leaf
            case .list?: listShape
            default: .leaf
            }
        default: .leaf
        }
    }

    private var isObjectGranular: Bool {
        guard let schema else { return true }
        switch schema.form {
        case .object, .map: return !(isAtomic ?? schema.isAtomic)
        case .any: return schema.keepsUnknownFields && !(isAtomic ?? schema.isAtomic)
        default: return false
        }
    }

    private var listShape: Shape {
        guard let schema, schema.form == .list, isAtomic != true else { return .leaf }
        return switch schema.listType {
        case .atomic: .leaf
        case .set: .list(keys: [])
        case .map: .list(keys: schema.listMapKeys)
        }
    }

    /// Of a member of an object or map.
    func member(_ name: String) -> FieldType {
        guard let schema else { return self }
        switch schema.form {
        case .object:
            if let field = schema.field(name) {
                return FieldType(field.schema, isAtomic: field.isAtomicOverride)
            }
            return FieldType(nil)
        case .map: return FieldType(schema.element)
        default: return FieldType(nil)
        }
    }

    /// Of a list's elements.
    var element: FieldType { FieldType(schema?.form == .list ? schema?.element : nil) }

    func below(_ element: PathElement) -> FieldType {
        if case .field(let name) = element { member(name) } else { self.element }
    }

    /// Whether this is a field that the schema has by name, not a key of a map.
    func names(_ element: PathElement) -> Bool {
        guard case .field(let name) = element, let schema, schema.form == .object else { return false }
        return schema.field(name) != nil
    }

    /// What tells an element of a list from the others; nil when a key is missing and has no default.
    func pathElement(_ item: JSONValue, keys: [String]) -> PathElement? {
        if keys.isEmpty { return .value(item) }
        guard let object = item.object else { return nil }
        var found: [PathElement.Key] = []
        found.reserveCapacity(keys.count)
        for key in keys {
            guard let value = object.member(key) ?? schema?.element?.field(key)?.defaultValue else { return nil }
            found.append(.init(name: key, value: value))
        }
        if found.count > 1 { found.sort { $0.name < $1.name } }
        return .key(found)
    }

    /// What an object of this type has as this member before anybody sets it.
    func implied(_ name: String) -> JSONValue? {
        guard let schema, schema.form == .object else { return nil }
        return schema.field(name)?.implied
    }
}

extension Schema {
    /// Of its type in Go.
    var zero: JSONValue {
        switch form {
        case .string: ""
        case .int32, .int64, .double: 0
        case .bool: false
        default: .null
        }
    }
}
