package import JSON

/// What a custom resource's structural schema asks of a value beyond its type (OpenAPI v3 value validation).
package struct SchemaRules: Sendable {
    /// "object", "string" …; empty for any, and for those that are a number or a string.
    package var type = ""
    package var description = ""
    package var enumeration: [JSONValue] = []
    package var format: String?
    package var pattern: String?
    package var minimum: JSONNumber?
    package var maximum: JSONNumber?
    package var exclusiveMinimum = false
    package var exclusiveMaximum = false
    package var multipleOf: JSONNumber?
    package var minLength: Int?
    package var maxLength: Int?
    package var minItems: Int?
    package var maxItems: Int?
    package var uniqueItems = false
    package var minProperties: Int?
    package var maxProperties: Int?
    package var required: [String] = []
    package var allOf: [Schema] = []
    package var anyOf: [Schema] = []
    package var oneOf: [Schema] = []
    package var not: Schema?

    /// A list's elements must differ: all of them, or in their keys (`x-kubernetes-list-type`).
    package var hasListType = false

    package init() {}
}
