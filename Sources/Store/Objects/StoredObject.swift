/// What a key holds.
package struct StoredObject: Hashable, Sendable {
    /// Such as `/registry/services/specs/default/kubernetes`.
    package var key: String
    package var value: [UInt8]
    /// The revision that made the key.
    package var createRevision: Revision
    /// The revision of the last write to it: the object's resourceVersion.
    package var modRevision: Revision

    package init(key: String, value: [UInt8], createRevision: Revision, modRevision: Revision) {
        self.key = key
        self.value = value
        self.createRevision = createRevision
        self.modRevision = modRevision
    }
}
