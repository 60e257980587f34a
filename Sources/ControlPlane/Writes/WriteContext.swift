internal import Identity
internal import KubeAPI

/// What does not change over the attempts of one write.
struct WriteContext {
    var user: User
    var type: ResourceType
    var subresource = ""
    var namespace = ""
    var isDryRun = false
    /// Who owns the fields that are written.
    var fieldManager = ""
    /// Server-side apply, which keeps the record of owners itself.
    var isApply = false
}

/// How a write ended: the object as it is now.
struct WriteOutcome {
    var object: CachedObject
    /// It was not there before.
    var isCreated = false
    /// It is no longer there.
    var isDeleted = false
    /// It stays for now, with a deletion timestamp.
    var isPending = false
    var warnings: [String] = []
}
