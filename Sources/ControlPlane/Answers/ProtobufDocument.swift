internal import JSON
internal import KubeAPI

/// Objects in protobuf, in the envelope that says what they are.
enum ProtobufDocument {
    static func decode(_ bytes: [UInt8]) throws(APIStatus) -> JSONValue {
        throw .unsupportedMediaType(BodyDecoder.accepted)
    }

    /// nil for kinds that have no protobuf form.
    static func encode(_ value: JSONValue) -> [UInt8]? { nil }

    static func watchEvent(_ word: String, _ object: JSONValue) -> [UInt8]? { nil }
}
