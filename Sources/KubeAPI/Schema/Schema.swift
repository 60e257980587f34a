package import JSON

/// What a value looks like: of a field, of a list's elements, of a whole kind. Built-in kinds and custom resources share
/// it. A graph, because some messages contain themselves (JSONSchemaProps): the parser links it before anyone sees it,
/// and nothing changes after that, hence the unchecked conformance.
package final class Schema: @unchecked Sendable {
    package enum Form: UInt8, Sendable {
        /// Members with names of their own: `fields`.
        case object
        /// Members with free names: `element` is what each value looks like.
        case map
        case list
        case string
        /// Base64 in JSON.
        case bytes
        case int32
        case int64
        case double
        case bool
        /// "500m", "1Gi"; a number is read too.
        case quantity
        /// A number, or a string that says a percentage or a port's name.
        case intOrString
        /// RFC 3339 in UTC, whole seconds.
        case time
        /// RFC 3339 in UTC, six digits of fraction.
        case microTime
        /// Any JSON at all.
        case any
        /// An object of the first field's form, or else a value of the second's; which one shows by the JSON.
        case variant
    }

    package enum ListType: UInt8, Sendable {
        case atomic
        case set
        case map
    }

    package let form: Form
    /// The message's name, "PodSpec"; empty for anonymous ones.
    package let name: String
    /// Of an object, in the order in which they are written. Fields of embedded messages are among them.
    package internal(set) var fields: [Field] = []
    /// Of a list's elements or a map's values.
    package internal(set) var element: Schema?
    package internal(set) var listType = ListType.atomic
    /// The fields that tell one element of a map-like list from another.
    package internal(set) var listMapKeys: [String] = []
    /// An object or map that is replaced as a whole by server-side apply.
    package internal(set) var isAtomic = false
    /// The values that a string may have; empty for any.
    package internal(set) var enumValues: [String] = []
    /// Members that no field describes are kept (`x-kubernetes-preserve-unknown-fields`).
    package internal(set) var keepsUnknownFields = false
    /// A whole object with apiVersion, kind and metadata (`x-kubernetes-embedded-resource`).
    package internal(set) var isEmbeddedResource = false
    package internal(set) var isNullable = false
    /// Carries apiVersion and kind.
    package internal(set) var isKind = false
    /// A list that is a message of its own in protobuf, as Go's named slices are.
    var isWrapped = false
    /// What a custom resource's schema asks beyond the type.
    package internal(set) var rules: SchemaRules?
    /// Of a custom resource: objects keep what was sent, zero values and order too.
    package internal(set) var isStructural = false
    /// Defaults that depend on more than one field.
    var defaulting: DefaultingRules.Rule?
    /// The message's protobuf fields, by their numbers; empty for custom resources.
    var wire = WireTable()
    /// "io.k8s.api.core.v1" for a named message: the prefix of its definition in OpenAPI documents.
    package internal(set) var package = ""
    private(set) var index: [String: Int] = [:]

    package init(_ form: Form, name: String = "") {
        self.form = form
        self.name = name
    }

    package static let string = Schema(.string)
    package static let any = Schema(.any)

    /// The field of an object with exactly this name.
    package func field(_ name: String) -> Field? {
        let fields = fields
        if fields.count <= 8 { return fields.first { $0.name == name } }
        return index[name].map { fields[$0] }
    }

    /// What the member of this name looks like: a field's schema, or a map's element.
    package func member(_ name: String) -> Schema? {
        switch form {
        case .object: field(name)?.schema
        case .map: element
        default: nil
        }
    }

    /// Its position in `fields`.
    func fieldIndex(_ name: String) -> Int? {
        fields.count <= 8 ? fields.firstIndex { $0.name == name } : index[name]
    }

    /// Called once when `fields` is complete.
    func indexFields() {
        guard fields.count > 8 else { return }
        index = [:]
        index.reserveCapacity(fields.count)
        for (position, field) in fields.enumerated() { index[field.name] = position }
    }
}

/// How strategic merge treats a field.
package struct PatchStrategy: OptionSet, Hashable, Sendable {
    package let rawValue: UInt8

    package init(rawValue: UInt8) { self.rawValue = rawValue }

    package static let merge = PatchStrategy(rawValue: 1)
    package static let retainKeys = PatchStrategy(rawValue: 2)
    package static let replace = PatchStrategy(rawValue: 4)
}

/// A member of an object that has a name of its own. Shared like the schema, which may not be linked yet
/// when a field is made.
package final class Field: Sendable {
    package struct Traits: OptionSet, Hashable, Sendable {
        package let rawValue: UInt8

        package init(rawValue: UInt8) { self.rawValue = rawValue }

        /// Required by the published schema; written even when it is the zero value.
        package static let required = Traits(rawValue: 1)
        /// A zero value differs from none (a pointer in Go): it is kept.
        package static let optional = Traits(rawValue: 2)
        /// An object that is written even when it is empty (a struct in Go).
        package static let always = Traits(rawValue: 4)
        /// Cannot be changed after creation.
        package static let immutable = Traits(rawValue: 8)
        /// Must be there and not be empty.
        package static let notEmpty = Traits(rawValue: 16)
        /// Its values are published, and the kind's rules check them in words of their own.
        package static let ownWords = Traits(rawValue: 32)
    }

    package let name: String
    package let schema: Schema
    package let traits: Traits
    package let patchStrategy: PatchStrategy
    /// Strategic merge's key for a list of objects.
    package let mergeKey: String?
    /// Replaced as a whole by server-side apply, whatever the schema says; nil leaves it to the schema.
    package let isAtomicOverride: Bool?
    /// Set where the field is absent.
    package let defaultValue: JSONValue?
    /// What an object has here before anybody sets it: upstream compares Go's values, in which parts that are structs,
    /// and fields that are written when they are empty, are always there.
    let implied: JSONValue?

    package init(
        name: String, schema: Schema, traits: Traits = [], patchStrategy: PatchStrategy = [], mergeKey: String? = nil,
        isAtomicOverride: Bool? = nil, defaultValue: JSONValue? = nil
    ) {
        self.name = name
        self.schema = schema
        self.traits = traits
        self.patchStrategy = patchStrategy
        self.mergeKey = mergeKey
        self.isAtomicOverride = isAtomicOverride
        self.defaultValue = defaultValue
        // No conditional expression: there a nil would be JSON's null.
        if traits.contains(.always) {
            implied = [:]
        } else if traits.contains(.required) {
            implied = schema.zero
        } else {
            implied = nil
        }
    }

    /// Server-side apply replaces it as a whole.
    package var isAtomic: Bool { isAtomicOverride ?? schema.isAtomic }
}
