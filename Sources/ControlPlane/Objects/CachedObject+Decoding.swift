package import JSON

extension CachedObject {
    /// The object as a value; nil for bytes that are not JSON, which nothing writes.
    package var decoded: JSONValue? { try? JSONValue.parse(bytes) }
}
