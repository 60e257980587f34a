package import Identity
package import JSON
package import KubeAPI
package import Store

/// One write of one object on its way from the request to the store: what admission, the kind's strategy and validation
/// look at and change. Made anew for each attempt.
package final class WriteOperation {
    package enum Verb: String, Sendable { case create, update, delete }

    package let verb: Verb
    package let user: User
    package let type: ResourceType
    package let storage: StoragePrefix
    /// Empty for the object as a whole.
    package let subresource: String
    /// Empty for an object of the cluster.
    package let namespace: String
    package let name: String
    package let isDryRun: Bool
    package let cluster: any Cluster
    /// What is to be stored; of a deletion, the object as it is before.
    package var object: JSONValue
    /// The object as it came, in the schema's form.
    let original: JSONValue
    /// What is stored now; nil for a creation.
    package let old: JSONValue?
    /// Only of a deletion.
    package let deletion: DeleteOptions?
    /// Other objects that are written in the same transaction, or not at all.
    package var companions: [Companion] = []
    /// For the client, as `Warning` headers.
    package var warnings: [String] = []
    private var endings: [(Ending) -> Void] = []

    package enum Ending: Sendable { case committed, refused }

    package init(
        _ verb: Verb, user: User, type: ResourceType, subresource: String = "", namespace: String, name: String,
        isDryRun: Bool = false, cluster: any Cluster, object: JSONValue, old: JSONValue? = nil,
        deletion: DeleteOptions? = nil
    ) {
        self.verb = verb
        self.user = user
        self.type = type
        storage = StoragePrefix(type)
        self.subresource = subresource
        self.namespace = namespace
        self.name = name
        self.isDryRun = isDryRun
        self.cluster = cluster
        self.object = object
        original = object
        self.old = old
        self.deletion = deletion
    }

    /// The body runs once when the write is over, whichever way: what was reserved for it can be let go. A dry run ends
    /// as refused.
    package func atEnd(_ body: @escaping (Ending) -> Void) { endings.append(body) }

    func end(_ ending: Ending) {
        let bodies = endings
        endings = []
        for body in bodies { body(ending) }
    }
}

/// A write to another object in an operation's transaction. When it conflicts the whole operation is tried again from the
/// start, on what the cache has then.
package enum Companion {
    /// The object's metadata gets what every object gets: uid, creation time.
    case create(ResourceType, JSONValue)
    /// The object as it is to be, and the revision that it was read at.
    case update(ResourceType, JSONValue, expected: Revision)
    case delete(StoragePrefix, path: String, expected: Revision)
    /// Bytes that are no API object, such as the bitmap of node ports.
    case raw(ObjectWrite)
}
