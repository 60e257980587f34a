internal import Daemon
internal import JSON
internal import KubeAPI

/// Makes the objects that every cluster has, and makes them again when they are deleted: the system's namespaces and
/// priority classes.
final class BootstrapObjects: Controller {
    let name = "bootstrap-objects"

    struct Item: Hashable {
        var storage: StoragePrefix
        var name: String
    }

    private let objects: [Item: JSONValue]
    private var cluster: (any Cluster)?
    private var queue: WorkQueue<Item>?

    init(_ objects: [(StoragePrefix, JSONValue)]) {
        self.objects = Dictionary(
            objects.map { (Item(storage: $0, name: $1.text("metadata", "name")), $1) }, uniquingKeysWith: { $1 })
    }

    static func standard() -> BootstrapObjects {
        let namespaces = NamespaceStrategy.system.map { (StoragePrefix.namespaces, NamespaceStrategy.object($0)) }
        let classes = PodPriority.systemClasses.map { item in
            let object: JSONValue = [
                "apiVersion": "scheduling.k8s.io/v1", "kind": "PriorityClass", "metadata": ["name": .string(item.name)],
                "value": .number(JSONNumber(item.value)), "description": .string(item.description),
            ]
            return (StoragePrefix.priorityClasses, object)
        }
        return BootstrapObjects(namespaces + classes)
    }

    func start(_ cluster: any Cluster) {
        self.cluster = cluster
        queue = WorkQueue(cluster) { [weak self] item, finish in self?.sync(item, finish) }
        for item in objects.keys { queue?.add(item) }
    }

    func stop() {
        queue?.stop()
        queue = nil
        cluster = nil
    }

    func observe(_ change: ObjectChange) {
        guard change.kind == .deleted else { return }
        let item = Item(storage: change.storage, name: change.object.path)
        if objects[item] != nil { queue?.add(item) }
    }

    private func sync(_ item: Item, _ finish: @escaping (WorkQueue<Item>.Outcome) -> Void) {
        guard let cluster, let type = cluster.type(of: item.storage), let object = objects[item],
            cluster.cache.object(item.storage, item.name) == nil
        else { return finish(.done) }
        cluster.perform(.create(type, object), as: .apiServer) { result in
            if case .failure(let status) = result, status.code != 409 {
                cluster.log.warning("object was not made", ["object": item.name, "error": status.message])
                return finish(.retry)
            }
            finish(.done)
        }
    }
}
