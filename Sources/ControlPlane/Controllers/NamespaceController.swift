internal import Daemon
internal import JSON
internal import KubeAPI

/// Empties the namespaces that are being deleted, pods first, and lets them go when nothing is left in them.
final class NamespaceController: Controller {
    let name = "namespace"
    private var cluster: (any Cluster)?
    private var queue: WorkQueue<String>?
    /// How many deletions are under way at the same time in a namespace.
    private static let batch = 200

    func start(_ cluster: any Cluster) {
        self.cluster = cluster
        queue = WorkQueue(cluster, parallel: 4) { [weak self] name, finish in self?.sync(name, finish) }
        cluster.cache[.namespaces].forEach { namespace in
            if namespace.isBeingDeleted { queue?.add(namespace.path) }
            return true
        }
    }

    func stop() {
        queue?.stop()
        queue = nil
        cluster = nil
    }

    func observe(_ change: ObjectChange) {
        if change.storage == .namespaces {
            if change.kind == .deleted {
                // What was on its way when the namespace went: nobody else would ever remove it.
                queue?.add(change.object.path, after: .seconds(5))
            } else if change.object.isBeingDeleted {
                queue?.add(change.object.path)
            }
        } else if change.kind == .deleted, !change.object.namespace.isEmpty {
            // Perhaps the last one.
            let namespace = String(change.object.namespace)
            if cluster?.cache.object(.namespaces, namespace)?.isBeingDeleted == true { queue?.add(namespace) }
        }
    }

    private func sync(_ name: String, _ finish: @escaping (WorkQueue<String>.Outcome) -> Void) {
        guard let cluster else { return finish(.done) }
        let namespace = cluster.object(.namespaces, namespace: "", name: name)
        if let namespace, namespace.at("metadata", "deletionTimestamp") == nil { return finish(.done) }
        let contents = NamespaceContents(of: name, in: cluster)
        guard contents.isEmpty else {
            return clear(contents, of: name, cluster) { [weak self] in
                self?.report(contents, name, cluster) { finish(.done) }
            }
        }
        guard let namespace, namespace.texts("spec", "finalizers").contains(NamespaceStrategy.finalizer) else {
            return finish(.done)
        }
        release(name, cluster, finish)
    }

    /// Deletes what is not being deleted yet, and comes back when that is done or has failed.
    private func clear(
        _ contents: NamespaceContents, of namespace: String, _ cluster: any Cluster, _ done: @escaping () -> Void
    ) {
        let batch = contents.undeleted.prefix(Self.batch)
        var left = batch.count
        if left == 0 { return done() }
        for item in batch {
            let write = ClusterWrite.delete(
                item.type, namespace: namespace, name: item.name, DeleteOptions(propagation: .background))
            cluster.perform(write, as: .apiServer) { [weak self] result in
                if case .failure(let status) = result, status.code != 404 {
                    cluster.log.warning(
                        "deletion in namespace failed",
                        ["namespace": namespace, "kind": item.type.kind, "object": item.name, "error": status.message])
                    self?.queue?.add(namespace, after: .seconds(1))
                }
                left -= 1
                if left == 0 { done() }
            }
        }
        if contents.undeleted.count > batch.count { queue?.add(namespace) }
    }

    /// Says in the status what the namespace still waits for.
    private func report(
        _ contents: NamespaceContents, _ name: String, _ cluster: any Cluster, _ done: @escaping () -> Void
    ) {
        guard let type = cluster.type(of: .namespaces), cluster.cache.object(.namespaces, name) != nil else {
            return done()
        }
        let now = cluster.timestamp
        let change = { (namespace: inout JSONValue) throws(APIStatus) -> Bool in
            guard namespace.at("metadata", "deletionTimestamp") != nil else { return false }
            var isChanged = false
            for condition in contents.conditions where namespace.setCondition(condition, now: now) { isChanged = true }
            return isChanged
        }
        let write = ClusterWrite.modify(type, subresource: "status", namespace: "", name: name, change)
        cluster.perform(write, as: .apiServer) { _ in done() }
    }

    private func release(
        _ name: String, _ cluster: any Cluster, _ finish: @escaping (WorkQueue<String>.Outcome) -> Void
    ) {
        guard let type = cluster.type(of: .namespaces) else { return finish(.done) }
        let change = { (namespace: inout JSONValue) throws(APIStatus) -> Bool in
            let finalizers = namespace.texts("spec", "finalizers").filter { $0 != NamespaceStrategy.finalizer }
            namespace.set(finalizers.isEmpty ? nil : .texts(finalizers), at: "spec", "finalizers")
            return true
        }
        let write = ClusterWrite.modify(type, subresource: "finalize", namespace: "", name: name, change)
        cluster.perform(write, as: .apiServer) { result in
            if case .failure(let status) = result, status.code != 404 { return finish(.retry) }
            finish(.done)
        }
    }
}

/// What is in a namespace.
struct NamespaceContents {
    struct Item {
        var type: ResourceType
        var name: String
    }

    /// To be deleted next: pods alone while there are any, for what they use should outlive them.
    private(set) var undeleted: [Item] = []
    private var counts: [(type: ResourceType, count: Int)] = []
    private var finalizers: [String: Int] = [:]

    var isEmpty: Bool { counts.isEmpty }

    init(of namespace: String, in cluster: any Cluster) {
        var pods: [Item] = []
        var others: [Item] = []
        for type in cluster.storedTypes where type.isNamespaced {
            let storage = StoragePrefix(type)
            var count = 0
            cluster.cache[storage].forEach(prefix: namespace + "/") { object in
                count += 1
                let header = object.header
                for finalizer in header.finalizers { finalizers[finalizer, default: 0] += 1 }
                guard header.deletionTimestamp == nil, type.verbs.contains(.delete) else { return true }
                let item = Item(type: type, name: String(object.name))
                if storage == .pods { pods.append(item) } else { others.append(item) }
                return true
            }
            if count > 0 { counts.append((type, count)) }
        }
        let hasPods = counts.contains { StoragePrefix($0.type) == .pods }
        undeleted = hasPods ? pods : others
    }

    /// The five conditions of a namespace that is being deleted, in upstream's words.
    var conditions: [JSONValue] {
        let remaining = counts.map {
            "\($0.type.groupResource.resource).\($0.type.group) has \($0.count) resource instances"
        }
        let held = finalizers.sorted { $0.key < $1.key }.map { "\($0.key) in \($0.value) resource instances" }
        return [
            condition(
                "NamespaceDeletionDiscoveryFailure", "ResourcesDiscovered", "All resources successfully discovered"),
            condition(
                "NamespaceDeletionGroupVersionParsingFailure", "ParsedGroupVersions",
                "All legacy kube types successfully parsed"),
            condition(
                "NamespaceDeletionContentFailure", "ContentDeleted",
                "All content successfully deleted, may be waiting on finalization"),
            remaining.isEmpty
                ? condition("NamespaceContentRemaining", "ContentRemoved", "All content successfully removed")
                : condition(
                    "NamespaceContentRemaining", "SomeResourcesRemain",
                    "Some resources are remaining: \(remaining.joined(separator: ", "))", isTrue: true),
            held.isEmpty
                ? condition(
                    "NamespaceFinalizersRemaining", "ContentHasNoFinalizers",
                    "All content-preserving finalizers finished")
                : condition(
                    "NamespaceFinalizersRemaining", "SomeFinalizersRemain",
                    "Some content in the namespace has finalizers remaining: \(held.joined(separator: ", "))",
                    isTrue: true),
        ]
    }

    private func condition(_ type: String, _ reason: String, _ message: String, isTrue: Bool = false) -> JSONValue {
        [
            "type": .string(type), "status": isTrue ? "True" : "False", "reason": .string(reason),
            "message": .string(message),
        ]
    }
}
