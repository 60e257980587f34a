internal import JSON
internal import KubeAPI

/// What the schema says about an object: which fields there are, what they are when nobody says, and what they may be.
struct ObjectValidation {
    /// The object with unknown fields treated as the request wants it.
    static func checkFields(
        _ object: JSONValue, _ kind: GroupVersionKind, schema: Schema?, duplicates: [String], mode: String?
    ) throws(APIStatus) -> BodyDecoder.Decoded {
        BodyDecoder.Decoded(object: object)
    }

    func defaulted(_ object: JSONValue, _ type: ResourceType) -> JSONValue { object }

    func causes(_ operation: WriteOperation) -> [FieldCause] { [] }
}
