internal import JSON
internal import KubeAPI

/// Accepts the names of CustomResourceDefinitions, which serves their resources, and removes all objects of a kind whose
/// definition is deleted.
final class CustomResourceController: Controller {
    let name = "customresources"
    private var cluster: (any Cluster)?
    private var queue: WorkQueue<String>?
    private static let batch = 200

    typealias Finish = (WorkQueue<String>.Outcome) -> Void

    func start(_ cluster: any Cluster) {
        self.cluster = cluster
        queue = WorkQueue(cluster, parallel: 4) { [weak self] name, finish in self?.sync(name, finish) }
        addAll()
    }

    func stop() {
        queue?.stop()
        queue = nil
        cluster = nil
    }

    func observe(_ change: ObjectChange) {
        if change.storage == .customResourceDefinitions {
            // Names that are given up may be free for another one.
            if change.kind == .deleted { addAll() } else { queue?.add(change.object.path) }
        } else if change.kind == .deleted, let type = cluster?.type(of: change.storage), type.isCustom {
            let definition = type.groupResource.description
            if cluster?.cache.object(.customResourceDefinitions, definition)?.isBeingDeleted == true {
                queue?.add(definition)
            }
        }
    }

    private func addAll() {
        cluster?.cache[.customResourceDefinitions].forEach { definition in
            queue?.add(definition.path)
            return true
        }
    }

    private func sync(_ name: String, _ finish: @escaping Finish) {
        guard let cluster, let type = cluster.type(of: .customResourceDefinitions),
            let definition = cluster.object(.customResourceDefinitions, namespace: "", name: name)
        else { return finish(.done) }
        if definition.at("metadata", "deletionTimestamp") != nil { return clear(definition, type, cluster, finish) }
        let change = { (definition: inout JSONValue) throws(APIStatus) -> Bool in
            let others = cluster.objects(.customResourceDefinitions).filter { $0.text("metadata", "name") != name }
            let status = CustomResourceNames(definition: definition, others: others).status(now: cluster.timestamp)
            if status == definition { return false }
            definition = status
            return true
        }
        let write = ClusterWrite.modify(type, subresource: "status", namespace: "", name: name, change)
        cluster.perform(write, as: .apiServer) { result in
            if case .failure(let status) = result, status.code != 404 { return finish(.retry) }
            finish(.done)
        }
    }

    private func clear(
        _ definition: JSONValue, _ type: ResourceType, _ cluster: any Cluster, _ finish: @escaping Finish
    ) {
        let name = definition.text("metadata", "name")
        guard definition.texts("metadata", "finalizers").contains(CustomResourceDefinitionStrategy.finalizer) else {
            return finish(.done)
        }
        let custom = CustomResourceTypes.types(of: definition).first.flatMap { cluster.type(of: StoragePrefix($0)) }
        if let custom, cluster.cache[StoragePrefix(custom)].count > 0 {
            return deleteInstances(of: custom, name, cluster, finish)
        }
        let change = { (definition: inout JSONValue) throws(APIStatus) -> Bool in
            let rest = definition.texts("metadata", "finalizers").filter {
                $0 != CustomResourceDefinitionStrategy.finalizer
            }
            definition.set(rest.isEmpty ? nil : .texts(rest), at: "metadata", "finalizers")
            return true
        }
        cluster.perform(.modify(type, namespace: "", name: name, change), as: .apiServer) { result in
            if case .failure(let status) = result, status.code != 404 { return finish(.retry) }
            finish(.done)
        }
    }

    private func deleteInstances(
        of type: ResourceType, _ name: String, _ cluster: any Cluster, _ finish: @escaping Finish
    ) {
        var objects: [CachedObject] = []
        cluster.cache[StoragePrefix(type)].forEach { object in
            if !object.isBeingDeleted { objects.append(object) }
            return objects.count < Self.batch
        }
        var left = objects.count
        if left == 0 { return finish(.done) }
        for object in objects {
            let write = ClusterWrite.delete(type, namespace: String(object.namespace), name: String(object.name))
            cluster.perform(write, as: .apiServer) { [weak self] _ in
                left -= 1
                guard left == 0 else { return }
                self?.queue?.add(name)
                finish(.done)
            }
        }
    }
}
