internal import JSON
internal import KubeAPI

/// What the schema says about an object: what its fields are when nobody says, and what they may be.
struct ObjectValidation {
    func defaulted(_ object: JSONValue, _ type: ResourceType) -> JSONValue {
        type.schema.map { Defaults.applied(to: object, $0) } ?? object
    }

    func causes(_ operation: WriteOperation) -> [FieldCause] { [] }
}
