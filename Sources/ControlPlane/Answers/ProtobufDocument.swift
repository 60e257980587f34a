internal import JSON
internal import KubeAPI

/// Objects in protobuf, in the envelope that says what they are.
enum ProtobufDocument {
    /// The object in the envelope, of a built-in kind. An envelope that does not say its kind is of the expected one.
    static func decode(_ bytes: [UInt8], expected: GroupVersionKind? = nil) throws(APIStatus) -> JSONValue {
        let value: JSONValue?
        do throws(ProtobufError) {
            let envelope = try ProtobufCoding.envelope(bytes, expected: expected)
            let schema = APICatalog.builtin.schema(of: envelope.kind)
            value = try schema.map { (schema) throws(ProtobufError) in try ProtobufCoding.decode(envelope, schema) }
        } catch {
            throw .badRequest(error.description)
        }
        guard let value else { throw .badRequest("the object's kind has no protobuf form") }
        return value
    }

    /// nil for kinds that have no protobuf form.
    static func encode(_ value: JSONValue) -> [UInt8]? {
        guard let groupVersion = GroupVersion(apiVersion: value.text("apiVersion")),
            let schema = APICatalog.builtin.schema(of: GroupVersionKind(groupVersion, value.text("kind")))
        else { return nil }
        return ProtobufCoding.encode(value, schema)
    }

    /// A frame of a watch: its length in four bytes, then a bare WatchEvent with the object in its envelope.
    static func watchEvent(_ word: String, _ object: JSONValue) -> [UInt8]? {
        guard let object = encode(object) else { return nil }
        // RawExtension.raw is field 1; WatchEvent has type as field 1 and object as field 2.
        let raw = field(1, object)
        let event = field(1, Array(word.utf8)) + field(2, raw)
        let length = UInt32(event.count)
        return [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: length >> $0) } + event
    }

    private static func field(_ number: UInt8, _ bytes: [UInt8]) -> [UInt8] {
        var result: [UInt8] = [number << 3 | 2]
        result.reserveCapacity(bytes.count + 6)
        var length = UInt64(bytes.count)
        while length >= 0x80 {
            result.append(UInt8(length & 0x7F) | 0x80)
            length >>= 7
        }
        result.append(UInt8(length))
        return result + bytes
    }
}
