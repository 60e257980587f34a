package import JSON

/// Objects in the API's protobuf: `k8s\0` and a runtime.Unknown message that names the type and holds the kind's own
/// message (apimachinery's serializer/protobuf).
package enum ProtobufCoding {
    static let magic: [UInt8] = [0x6B, 0x38, 0x73, 0x00]

    package static func hasMagic(_ bytes: some Collection<UInt8>) -> Bool { bytes.starts(with: magic) }

    package struct Envelope: Sendable {
        package var kind: GroupVersionKind
        /// The message, or what `contentType` says.
        package var raw: [UInt8]
        package var contentType: String
    }

    /// Takes the envelope off. A type that is missing in the envelope is taken from `expected`.
    package static func envelope(_ bytes: [UInt8], expected: GroupVersionKind? = nil) throws(ProtobufError) -> Envelope
    {
        guard hasMagic(bytes) else { throw ProtobufError(reason: "it does not begin with k8s\\0", offset: 0) }
        var result: Result<Envelope, ProtobufError> = .failure(ProtobufError(reason: "empty", offset: 0))
        bytes.withUnsafeBufferPointer { buffer in
            result = Result { () throws(ProtobufError) in
                try unknown(ProtobufReader(buffer, magic.count..<buffer.count), expected)
            }
        }
        return try result.get()
    }

    private static func unknown(_ reader: ProtobufReader, _ expected: GroupVersionKind?) throws(ProtobufError)
        -> Envelope
    {
        var reader = reader
        var (apiVersion, kind, raw, contentType) = ("", "", 0..<0, "")
        while !reader.isAtEnd {
            let (number, type) = try reader.tag()
            guard type == .bytes, (1...4).contains(number) else {
                try reader.skip(type)
                continue
            }
            let range = try reader.delimited()
            switch number {
            case 1:
                var inner = reader.reader(range)
                while !inner.isAtEnd {
                    let (number, type) = try inner.tag()
                    switch (number, type) {
                    case (1, .bytes): apiVersion = try inner.string(try inner.delimited())
                    case (2, .bytes): kind = try inner.string(try inner.delimited())
                    default: try inner.skip(type)
                    }
                }
            case 2: raw = range
            case 3:
                let encoding = try reader.string(range)
                if !encoding.isEmpty { throw reader.failure("content encoding \(encoding) is not supported") }
            default: contentType = try reader.string(range)
            }
        }
        let gvk: GroupVersionKind
        if let groupVersion = GroupVersion(apiVersion: apiVersion), !kind.isEmpty {
            gvk = GroupVersionKind(groupVersion, kind)
        } else if let expected {
            gvk = expected
        } else {
            throw reader.failure("the envelope does not say what is in it")
        }
        return Envelope(kind: gvk, raw: reader.copy(raw), contentType: contentType)
    }

    /// A kind's message to its JSON with apiVersion and kind, in the form in which `Schema.decode` leaves an object.
    package static func decode(_ envelope: Envelope, _ schema: Schema) throws(ProtobufError) -> JSONValue {
        var value = try decode(envelope.raw, schema)
        guard case .object(let object) = value else { return value }
        var members: [JSONObject.Member] = [
            .init(key: "kind", value: .string(envelope.kind.kind)),
            .init(key: "apiVersion", value: .string(envelope.kind.apiVersion)),
        ]
        members += object.members.filter { $0.key != "kind" && $0.key != "apiVersion" || !schema.isKind }
        value = .object(JSONObject(members: members))
        return value
    }

    /// A bare message, without envelope.
    package static func decode(_ bytes: [UInt8], _ schema: Schema) throws(ProtobufError) -> JSONValue {
        var result: Result<JSONValue, ProtobufError> = .success(.null)
        bytes.withUnsafeBufferPointer { buffer in
            result = Result { () throws(ProtobufError) in
                var decoder = ProtobufDecoder()
                return try decoder.message(ProtobufReader(buffer), schema)
            }
        }
        return try result.get()
    }

    /// An object in its envelope; nil when the value is not of the schema.
    package static func encode(_ json: JSONValue, _ schema: Schema) -> [UInt8]? {
        guard let raw = encodeMessage(json, schema) else { return nil }
        return wrap(
            raw, apiVersion: json.member("apiVersion")?.string ?? "", kind: json.member("kind")?.string ?? "")
    }

    /// A bare message, without envelope; nil when the value is not of the schema.
    package static func encodeMessage(_ json: JSONValue, _ schema: Schema) -> [UInt8]? {
        var encoder = ProtobufEncoder()
        do { try encoder.message(json, schema) } catch { return nil }
        return encoder.writer.bytes
    }

    /// Puts a message into the envelope.
    package static func wrap(_ raw: [UInt8], apiVersion: String, kind: String) -> [UInt8] {
        var writer = ProtobufWriter()
        writer.raw(magic)
        let type = writer.open(1)
        writer.field(1, apiVersion)
        writer.field(2, kind)
        writer.close(type)
        writer.field(2, raw)
        writer.field(3, "")
        writer.field(4, "")
        return writer.bytes
    }
}
