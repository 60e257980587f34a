package import Store

/// One change of one object, as the ring keeps it: the version before and the version after.
package final class ObjectChange {
    package enum Kind: Sendable { case added, modified, deleted }

    package let revision: Revision
    /// Counts all changes that this process has seen; several changes of one transaction can have one revision.
    package let sequence: UInt64
    /// Whose change it is.
    package let storage: StoragePrefix
    /// The version that the change made; of a deletion the last state, with the deletion's own revision.
    package let object: CachedObject
    /// nil for an object that is new.
    package let previous: CachedObject?
    package let kind: Kind

    package init(
        revision: Revision, sequence: UInt64, storage: StoragePrefix, object: CachedObject, previous: CachedObject?,
        kind: Kind
    ) {
        self.revision = revision
        self.sequence = sequence
        self.storage = storage
        self.object = object
        self.previous = previous
        self.kind = kind
    }

    /// The bytes that only the ring keeps alive: versions that are no longer current.
    var cost: Int { 192 + (previous?.bytes.count ?? 0) + (kind == .deleted ? object.bytes.count : 0) }
}
