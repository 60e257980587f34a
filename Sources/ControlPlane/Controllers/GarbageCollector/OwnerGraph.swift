internal import KubeAPI

/// Which objects name which others as their owners: the reverse of `metadata.ownerReferences`, kept for all objects of
/// the cluster. An object without owners and without dependents costs nothing.
struct OwnerGraph {
    struct Node: Hashable {
        var storage: StoragePrefix
        /// Namespace and name, or the name alone.
        var path: String
    }

    private var dependents: [String: Set<Node>] = [:]
    private var owners: [Node: [String]] = [:]

    /// The objects that name an owner, which need not be there (any more).
    func dependents(of uid: String) -> Set<Node> { dependents[uid] ?? [] }

    /// The UIDs that an object names.
    func owners(of node: Node) -> [String] { owners[node] ?? [] }

    mutating func set(_ node: Node, owners new: [String]) {
        let old = owners[node] ?? []
        if old == new { return }
        for uid in old where !new.contains(uid) {
            dependents[uid]?.remove(node)
            if dependents[uid]?.isEmpty == true { dependents[uid] = nil }
        }
        for uid in new { dependents[uid, default: []].insert(node) }
        owners[node] = new.isEmpty ? nil : new
    }

    mutating func remove(_ node: Node) { set(node, owners: []) }
}
