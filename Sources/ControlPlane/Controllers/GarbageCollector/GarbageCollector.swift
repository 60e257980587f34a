internal import Daemon
internal import JSON
internal import KubeAPI

/// Deletes what only objects own that are gone, and carries out deletions that concern dependents: foreground (they go
/// first) and orphan (they stay) (https://kubernetes.io/docs/concepts/architecture/garbage-collection/).
///
/// Fed by the same changes as the watches; whether an owner is there is asked of the cache, so nothing is decided on old
/// knowledge of this server's own.
final class GarbageCollector: Controller {
    let name = "garbage-collector"
    static let foreground = "foregroundDeletion"
    static let orphan = "orphan"

    private var graph = OwnerGraph()
    private var cluster: (any Cluster)?
    private var queue: WorkQueue<OwnerGraph.Node>?
    /// Made anew when custom resources come and go.
    private var lookup: OwnerLookup?

    typealias Finish = (WorkQueue<OwnerGraph.Node>.Outcome) -> Void

    func start(_ cluster: any Cluster) {
        self.cluster = cluster
        graph = OwnerGraph()
        queue = WorkQueue(cluster, parallel: 32) { [weak self] node, finish in self?.sync(node, finish) }
        for type in cluster.storedTypes {
            let storage = StoragePrefix(type)
            cluster.cache[storage].forEach { object in
                if Self.concerns(object) { note(.init(storage: storage, path: object.path), object.header) }
                return true
            }
        }
    }

    func stop() {
        queue?.stop()
        queue = nil
        cluster = nil
        lookup = nil
    }

    func observe(_ change: ObjectChange) {
        if change.storage == .customResourceDefinitions { lookup = nil }
        let node = OwnerGraph.Node(storage: change.storage, path: change.object.path)
        guard change.kind == .deleted else {
            guard Self.concerns(change.object) || change.previous.map(Self.concerns) ?? false else { return }
            let header = change.object.header
            note(node, header)
            // An owner that was waited for may have lost a dependent's reference.
            for owner in change.previous?.header.ownerReferences ?? []
            where !header.blocksDeletion(of: owner.uid) {
                addOwner(owner, of: change.object)
            }
            return
        }
        let header = change.object.header
        graph.remove(node)
        for dependent in graph.dependents(of: header.uid) { queue?.add(dependent) }
        for owner in header.ownerReferences { addOwner(owner, of: change.object) }
    }

    /// Most objects have no owner and are not being deleted, and need not be looked at any closer.
    private static func concerns(_ object: CachedObject) -> Bool {
        object.mentions("\"ownerReferences\"") || object.isBeingDeleted
    }

    private func owners() -> OwnerLookup? {
        if lookup == nil, let cluster { lookup = OwnerLookup(cluster) }
        return lookup
    }

    private func note(_ node: OwnerGraph.Node, _ header: ObjectHeader) {
        graph.set(node, owners: header.ownerReferences.map(\.uid))
        let waits =
            header.deletionTimestamp != nil && !Set(header.finalizers).isDisjoint(with: [Self.foreground, Self.orphan])
        if waits || !header.ownerReferences.isEmpty { queue?.add(node) }
        if waits { for dependent in graph.dependents(of: header.uid) { queue?.add(dependent) } }
    }

    private func addOwner(_ reference: ObjectHeader.OwnerReference, of object: CachedObject) {
        guard case .present(let owner)? = owners()?.find(reference, for: object),
            owner.header.deletionTimestamp != nil
        else { return }
        queue?.add(.init(storage: owner.storage, path: owner.path))
    }

    private func sync(_ node: OwnerGraph.Node, _ finish: @escaping Finish) {
        guard let cluster, let type = cluster.type(of: node.storage),
            let object = cluster.cache.object(node.storage, node.path)
        else { return finish(.done) }
        let header = object.header
        if header.deletionTimestamp != nil {
            if header.finalizers.contains(Self.orphan) { return orphan(node, type, header, cluster, finish) }
            if header.finalizers.contains(Self.foreground) {
                return waitForDependents(node, type, header, cluster, finish)
            }
            return finish(.done)
        }
        judge(object, type, header, cluster, finish)
    }

    // MARK: Objects with owners

    /// Deletes an object that has owners, of which none is there any more or all wait for it.
    private func judge(
        _ object: CachedObject, _ type: ResourceType, _ header: ObjectHeader, _ cluster: any Cluster,
        _ finish: @escaping Finish
    ) {
        guard !header.ownerReferences.isEmpty, let lookup = owners() else { return finish(.done) }
        let owners = Owners(of: object, header, lookup)
        // What cannot be looked up might be there.
        if owners.isUncertain { return finish(.done) }
        if owners.hasLiving {
            return dropReferences(owners.absent + owners.waiting, of: object, type, cluster, finish)
        }
        var propagation = DeleteOptions.Propagation.background
        if header.finalizers.contains(Self.orphan) { propagation = .orphan }
        // An owner that waits for this one waits for its dependents as well.
        let hasDependents = !graph.dependents(of: header.uid).isEmpty
        if header.finalizers.contains(Self.foreground) || (!owners.waiting.isEmpty && hasDependents) {
            propagation = .foreground
        }
        let write = ClusterWrite.delete(
            type, namespace: String(object.namespace), name: String(object.name),
            DeleteOptions(uid: header.uid, propagation: propagation))
        cluster.perform(write, as: .garbageCollector) { result in
            // Another object of the same name, or one that has changed, comes along as a change of its own.
            if case .failure(let status) = result, ![404, 409].contains(status.code) {
                cluster.log.warning(
                    "dependent was not deleted",
                    ["kind": type.kind, "namespace": object.namespace, "name": object.name, "error": status.message])
                return finish(.retry)
            }
            finish(.done)
        }
    }

    private func dropReferences(
        _ uids: [String], of object: CachedObject, _ type: ResourceType, _ cluster: any Cluster,
        _ finish: @escaping Finish
    ) {
        if uids.isEmpty { return finish(.done) }
        let change = { (object: inout JSONValue) throws(APIStatus) -> Bool in
            let references = object.list("metadata", "ownerReferences").filter { !uids.contains($0.text("uid")) }
            object.set(references.isEmpty ? nil : .array(references), at: "metadata", "ownerReferences")
            return true
        }
        modify(type, String(object.namespace), String(object.name), cluster, change, finish)
    }

    // MARK: Objects that are being deleted

    /// Lets an object go when nothing that blocks it is left, and sees to those that do.
    private func waitForDependents(
        _ node: OwnerGraph.Node, _ type: ResourceType, _ header: ObjectHeader, _ cluster: any Cluster,
        _ finish: @escaping Finish
    ) {
        var isBlocked = false
        for (dependent, dependentHeader) in dependents(of: header.uid, cluster) {
            // Objects that own each other in a circle would wait for ever.
            if dependentHeader.blocksDeletion(of: header.uid), !waits(dependentHeader, for: header.uid, cluster) {
                isBlocked = true
            }
            if dependentHeader.deletionTimestamp == nil { queue?.add(dependent) }
        }
        if isBlocked { return finish(.done) }
        removeFinalizer(Self.foreground, node, type, header, cluster, finish)
    }

    /// Whether an object that is being deleted waits, over however many dependents, for the one with the UID to go.
    private func waits(_ header: ObjectHeader, for uid: String, _ cluster: any Cluster) -> Bool {
        var seen: Set<String> = []
        var open = [header]
        while let header = open.popLast() {
            guard header.deletionTimestamp != nil, header.finalizers.contains(Self.foreground),
                seen.insert(header.uid).inserted
            else { continue }
            for (_, dependent) in dependents(of: header.uid, cluster) where dependent.blocksDeletion(of: header.uid) {
                if dependent.uid == uid { return true }
                open.append(dependent)
            }
        }
        return false
    }

    /// Those that name the owner and are there.
    private func dependents(
        of uid: String, _ cluster: any Cluster
    ) -> some Sequence<(node: OwnerGraph.Node, header: ObjectHeader)> {
        graph.dependents(of: uid).lazy.compactMap { node in
            cluster.cache.object(node.storage, node.path).map { (node, $0.header) }
        }
    }

    /// Takes the references to an object out of all its dependents, then lets it go.
    private func orphan(
        _ node: OwnerGraph.Node, _ type: ResourceType, _ header: ObjectHeader, _ cluster: any Cluster,
        _ finish: @escaping Finish
    ) {
        let dependents = graph.dependents(of: header.uid)
        var left = dependents.count
        var hasFailed = false
        let next = { [weak self] in
            guard let self, !hasFailed else { return finish(.retry) }
            self.removeFinalizer(Self.orphan, node, type, header, cluster, finish)
        }
        if dependents.isEmpty { return next() }
        for dependent in dependents {
            let done: Finish = { outcome in
                if outcome == .retry { hasFailed = true }
                left -= 1
                if left == 0 { next() }
            }
            guard let type = cluster.type(of: dependent.storage),
                let object = cluster.cache.object(dependent.storage, dependent.path)
            else {
                done(.done)
                continue
            }
            dropReferences([header.uid], of: object, type, cluster, done)
        }
    }

    private func removeFinalizer(
        _ finalizer: String, _ node: OwnerGraph.Node, _ type: ResourceType, _ header: ObjectHeader,
        _ cluster: any Cluster, _ finish: @escaping Finish
    ) {
        let uid = header.uid
        let change = { (object: inout JSONValue) throws(APIStatus) -> Bool in
            guard object.text("metadata", "uid") == uid else { return false }
            let finalizers = object.texts("metadata", "finalizers")
            let rest = finalizers.filter { $0 != finalizer }
            if rest.count == finalizers.count { return false }
            object.set(rest.isEmpty ? nil : .texts(rest), at: "metadata", "finalizers")
            return true
        }
        modify(type, header.namespace, header.name, cluster, change, finish)
    }

    private func modify(
        _ type: ResourceType, _ namespace: String, _ name: String, _ cluster: any Cluster,
        _ change: @escaping (inout JSONValue) throws(APIStatus) -> Bool, _ finish: @escaping Finish
    ) {
        let write = ClusterWrite.modify(type, namespace: namespace, name: name, change)
        cluster.perform(write, as: .garbageCollector) { result in
            if case .failure(let status) = result, status.code != 404 { return finish(.retry) }
            finish(.done)
        }
    }
}
