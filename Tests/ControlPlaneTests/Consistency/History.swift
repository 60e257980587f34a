import JSON
import Store

@testable import ControlPlane

/// All that the store has ever been told, in order: what every watch is measured by.
struct History {
    /// An object as one write has left it.
    struct Version {
        var path: String
        var revision: Revision
        /// Of the bytes that a client sees.
        var fingerprint: Int
        var labels: [String: String]
        /// Those of `Selection.fieldPaths` that it has.
        var fields: [String: String]
        /// As it is stored.
        var bytes: [UInt8]
    }

    struct Change {
        var key: String
        var revision: Revision
        var before: Version?
        var after: Version?
        /// Of the state before, as a client sees it under this revision: when the object is gone, or is no longer meant.
        var endFingerprint: Int
    }

    private(set) var changes: [Change] = []
    private(set) var byStorage: [StoragePrefix: [Change]] = [:]
    /// By key.
    private(set) var current: [String: Version] = [:]
    /// The last write's; the store's may be higher.
    private(set) var revision: Revision = 0

    mutating func append(_ key: String, _ revision: Revision, _ value: [UInt8]?) {
        self.revision = revision
        guard let (storage, path) = StoragePrefix.split(key) else { return }
        let before = current[key]
        let after = value.flatMap { StoredEncoding.json(storage, $0) }.map { Version(path, revision, $0) }
        if before == nil && after == nil { return }
        let change = Change(
            key: key, revision: revision, before: before, after: after,
            endFingerprint: before.map { Self.fingerprint(ServedBytes.make($0.bytes, revision: revision)) } ?? 0)
        current[key] = after
        changes.append(change)
        byStorage[storage, default: []].append(change)
    }

    static func fingerprint(_ bytes: some Collection<UInt8>) -> Int {
        var hasher = Hasher()
        let isHashed: Void? = bytes.withContiguousStorageIfAvailable {
            hasher.combine(bytes: UnsafeRawBufferPointer($0))
        }
        if isHashed == nil { for byte in bytes { hasher.combine(byte) } }
        return hasher.finalize()
    }
}

extension History.Version {
    init(_ path: String, _ revision: Revision, _ bytes: [UInt8]) {
        self.path = path
        self.revision = revision
        self.bytes = bytes
        let object = (try? JSONValue.parse(bytes)) ?? .null
        // Not by the product's own way of reading labels and fields.
        labels = Dictionary(
            object.pairs("metadata", "labels").map { ($0.key, $0.value.string ?? "") }, uniquingKeysWith: { $1 })
        fields = [:]
        for path in Selection.fieldPaths {
            let words = path.split(separator: ".").map(String.init)
            if let value = object.at(words[...])?.string { fields[path] = value }
        }
        fingerprint = History.fingerprint(ServedBytes.make(bytes, revision: revision))
    }
}
