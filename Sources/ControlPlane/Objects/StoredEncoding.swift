internal import JSON

/// Values as they lie in the store: ours are compact JSON; other servers on the same etcd write protobuf as well.
enum StoredEncoding {
    /// The value as JSON; nil for one that is neither.
    static func json(_ storage: StoragePrefix, _ value: [UInt8]) -> [UInt8]? {
        if value.first == UInt8(ascii: "{") { return value }
        guard let object = try? ProtobufDocument.decode(value) else { return nil }
        return ObjectMetadata.stored(object)
    }
}
