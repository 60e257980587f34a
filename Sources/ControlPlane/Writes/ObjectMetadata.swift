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
        var object = object
        object.set(nil, at: "metadata", "resourceVersion")
        return Array(object.serialized().utf8)
    }

    /// Five characters of those that make no words (apiserver's name generator).
    static func generatedName(_ base: String) -> String {
        let alphabet = Array("bcdfghjklmnpqrstvwxz2456789".utf8)
        // A name has at most 63 bytes.
        let stem = String(decoding: base.utf8.prefix(58), as: UTF8.self)
        return stem + String(decoding: (0..<5).map { _ in alphabet[Int.random(in: 0..<alphabet.count)] }, as: UTF8.self)
    }

    /// A random UUID (RFC 9562, version 4).
    static func newUID() -> String {
        let high = UInt64.random(in: .min ... .max) & 0xFFFF_FFFF_FFFF_0FFF | 0x4000
        let low = UInt64.random(in: .min ... .max) & 0x3FFF_FFFF_FFFF_FFFF | 0x8000_0000_0000_0000
        let digits = Array((padded(high) + padded(low)).utf8)
        let groups = [digits[0..<8], digits[8..<12], digits[12..<16], digits[16..<20], digits[20..<32]]
        return groups.map { String(decoding: $0, as: UTF8.self) }.joined(separator: "-")
    }

    private static func padded(_ number: UInt64) -> String {
        let digits = String(number, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}
