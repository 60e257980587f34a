internal import JSON
internal import KubeAPI

/// Keeps the Endpoints of Services that select pods, for clients that know no EndpointSlices.
final class EndpointsController: Controller {
    let name = "endpoints"
    private var cluster: (any Cluster)?
    /// By namespace and name.
    private var queue: WorkQueue<String>?
    private var services: ServicePods?
    /// The paths of Services that were deleted: their Endpoints go, whoever wrote them.
    private var ended: Set<String> = []

    func start(_ cluster: any Cluster) {
        self.cluster = cluster
        queue = WorkQueue(cluster) { [weak self] path, finish in self?.sync(path, finish) }
        let services = ServicePods(cluster)
        for path in services.services { queue?.add(path) }
        self.services = services
        // What is left of Services that went while nobody looked.
        cluster.cache[.endpoints].forEach { endpoints in
            if Self.isOurs(endpoints.header.labels) { queue?.add(endpoints.path) }
            return true
        }
    }

    func stop() {
        queue?.stop()
        queue = nil
        services = nil
        cluster = nil
    }

    func observe(_ change: ObjectChange) {
        switch change.storage {
        case .services, .pods:
            if change.storage == .services, change.kind == .deleted { ended.insert(change.object.path) }
            for path in services?.take(change) ?? [] { queue?.add(path) }
        case .endpoints: queue?.add(change.object.path)
        default: break
        }
    }

    private static func isOurs(_ labels: [String: String]) -> Bool {
        labels[EndpointsPlan.managedBy] == EndpointsPlan.manager
    }

    private func sync(_ path: String, _ finish: @escaping (WorkQueue<String>.Outcome) -> Void) {
        guard let cluster, let services, let type = cluster.type(of: .endpoints) else { return finish(.done) }
        let present = cluster.cache.object(.endpoints, path)
        let end = { (result: Result<JSONValue, APIStatus>) in
            if case .failure(let status) = result, ![403, 404].contains(status.code) { return finish(.retry) }
            finish(.done)
        }
        guard let service = cluster.cache.object(.services, path)?.decoded else {
            let hasEnded = ended.remove(path) != nil
            guard let present, hasEnded || Self.isOurs(present.header.labels) else { return finish(.done) }
            let write = ClusterWrite.delete(type, namespace: String(present.namespace), name: String(present.name))
            return cluster.perform(write, as: .apiServer, end)
        }
        guard services.selects(path), service.at("metadata", "deletionTimestamp") == nil else { return finish(.done) }
        let pods = services.pods(of: service, cluster)
        guard let stored = present?.decoded else {
            let wanted = EndpointsPlan.endpoints(of: service, pods: pods, present: nil)
            return cluster.perform(.create(type, wanted), as: .apiServer, end)
        }
        if Self.isSame(EndpointsPlan.endpoints(of: service, pods: pods, present: stored), stored) {
            return finish(.done)
        }
        let change = { (object: inout JSONValue) throws(APIStatus) -> Bool in
            object = EndpointsPlan.endpoints(of: service, pods: pods, present: object)
            return true
        }
        let (namespace, name) = (service.text("metadata", "namespace"), service.text("metadata", "name"))
        cluster.perform(.modify(type, namespace: namespace, name: name, change), as: .apiServer, end)
    }

    private static func isSame(_ a: JSONValue, _ b: JSONValue) -> Bool {
        a.at("metadata", "annotations", EndpointsPlan.overCapacity)
            == b.at("metadata", "annotations", EndpointsPlan.overCapacity)
            && (a.at("metadata", "labels") ?? [:]).isEquivalent(to: b.at("metadata", "labels") ?? [:])
            && (a.at("subsets") ?? []).isEquivalent(to: b.at("subsets") ?? [])
    }
}
