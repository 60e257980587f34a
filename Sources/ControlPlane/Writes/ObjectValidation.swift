internal import JSON
internal import KubeAPI

/// What the schema says about an object: what its fields are when nobody says, and what they may be.
struct ObjectValidation: Sendable {
    /// In the schema's form, with its defaults; a custom resource, and what the schema cannot read, as it is.
    func normalized(_ object: JSONValue, _ type: ResourceType) -> JSONValue {
        guard !type.isCustom, let schema = type.schema, let decoded = try? schema.decode(object) else { return object }
        return Defaults.applied(to: decoded.value, schema)
    }

    func defaulted(_ object: JSONValue, _ type: ResourceType) -> JSONValue {
        type.schema.map { Defaults.applied(to: object, $0) } ?? object
    }

    /// What is wrong with what the operation would store.
    func causes(_ operation: WriteOperation) -> [FieldCause] {
        guard let old = operation.old else { return Validation.causes(creating: operation.object, operation.type) }
        return Validation.causes(
            updating: operation.object, from: old, operation.type,
            subresource: operation.subresource.isEmpty ? nil : operation.subresource)
    }
}
