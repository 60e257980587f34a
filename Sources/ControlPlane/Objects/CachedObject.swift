package import Store

/// One version of a stored object: its bytes as they are served, JSON with the resource version in place.
///
/// Shared by the cache, the ring and every answer that carries it; it never changes.
package final class CachedObject: Sendable {
    /// What comes after the resource's prefix in the store: `namespace/name`, or `name` alone.
    package let path: String
    package let bytes: [UInt8]
    package let createRevision: Revision
    package let revision: Revision

    package init(path: String, bytes: [UInt8], createRevision: Revision, revision: Revision) {
        self.path = path
        self.bytes = bytes
        self.createRevision = createRevision
        self.revision = revision
    }

    /// The object of a value in the store, in which the resource version is not written.
    package convenience init(path: String, stored: [UInt8], createRevision: Revision, revision: Revision) {
        self.init(
            path: path, bytes: ServedBytes.make(stored, revision: revision), createRevision: createRevision,
            revision: revision)
    }

    package var name: Substring {
        guard let slash = path.utf8.firstIndex(of: UInt8(ascii: "/")) else { return path[...] }
        return path[path.utf8.index(after: slash)...]
    }

    /// Empty for an object of the cluster.
    package var namespace: Substring {
        guard let slash = path.utf8.firstIndex(of: UInt8(ascii: "/")) else { return "" }
        return path[..<slash]
    }

    package var header: ObjectHeader { ObjectHeader(bytes) }

    /// Whether the text stands anywhere in the object (`JSONSkim.mentions`).
    func mentions(_ text: StaticString) -> Bool { bytes.withUnsafeBytes { JSONSkim($0).mentions(text) } }

    var isBeingDeleted: Bool { mentions("\"deletionTimestamp\"") && header.deletionTimestamp != nil }
}
