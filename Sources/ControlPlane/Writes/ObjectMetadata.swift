internal import JSON
internal import KubeAPI

/// What the server itself writes into every object's metadata.
enum ObjectMetadata {
    /// Of an object that is being made: what clients say about these is ignored.
    static func begin(_ object: inout JSONValue, name: String, namespace: String, uid: String, now: Double) {
        var metadata = object.at("metadata")?.object ?? JSONObject()
        for key in ["selfLink", "resourceVersion", "deletionTimestamp", "deletionGracePeriodSeconds", "generation"] {
            metadata[key] = nil
        }
        metadata["name"] = .string(name)
        metadata["namespace"] = namespace.isEmpty ? nil : .string(namespace)
        metadata["uid"] = .string(uid)
        metadata["creationTimestamp"] = .string(Timestamp(since1970: now).time)
        object.set(.object(metadata), at: "metadata")
    }

    /// Of an object that replaces another: what only the server may change stays as it was.
    static func carry(_ object: inout JSONValue, from old: JSONValue) {
        var metadata = object.at("metadata")?.object ?? JSONObject()
        for key in [
            "name", "namespace", "uid", "creationTimestamp", "deletionTimestamp", "deletionGracePeriodSeconds",
            "generation", "resourceVersion",
        ] {
            metadata[key] = old.at("metadata", key)
        }
        metadata["selfLink"] = nil
        object.set(.object(metadata), at: "metadata")
    }

    /// The object without the version, which the store keeps.
    static func stored(_ object: JSONValue) -> [UInt8] {
        guard object.at("metadata", "resourceVersion") != nil else { return object.serializedBytes() }
        var object = object
        object.set(nil, at: "metadata", "resourceVersion")
        return object.serializedBytes()
    }

    /// Five characters of those that make no words (apiserver's name generator).
    static func generatedName(_ base: String) -> String {
        let alphabet = Array("bcdfghjklmnpqrstvwxz2456789".utf8)
        // A name has at most 63 bytes.
        let stem = String(decoding: base.utf8.prefix(58), as: UTF8.self)
        var generator = RandomNumbers()
        let end = (0..<5).map { _ in alphabet[Int.random(in: 0..<alphabet.count, using: &generator)] }
        return stem + String(decoding: end, as: UTF8.self)
    }

    /// A random UUID (RFC 9562, version 4).
    static func newUID() -> String {
        var generator = RandomNumbers()
        let high = generator.next() & 0xFFFF_FFFF_FFFF_0FFF | 0x4000
        let low = generator.next() & 0x3FFF_FFFF_FFFF_FFFF | 0x8000_0000_0000_0000
        return String(unsafeUninitializedCapacity: 36) { text in
            var at = 0
            for index in 0..<32 {
                if [8, 12, 16, 20].contains(index) {
                    text[at] = UInt8(ascii: "-")
                    at += 1
                }
                let digit = UInt8(truncatingIfNeeded: (index < 16 ? high : low) >> (60 - index % 16 * 4)) & 15
                text[at] = digit + (digit < 10 ? UInt8(ascii: "0") : UInt8(ascii: "a") - 10)
                at += 1
            }
            return at
        }
    }
}
