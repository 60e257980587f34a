internal import JSON
internal import KubeAPI

/// Keeps the EndpointSlices of Services that select pods
/// (https://kubernetes.io/docs/concepts/services-networking/endpoint-slices/).
final class EndpointSliceController: Controller {
    let name = "endpointslice"
    private var cluster: (any Cluster)?
    /// By namespace and name.
    private var queue: WorkQueue<String>?
    /// The selectors of each namespace's Services, by name: what a pod's change is compared with.
    private var selectors: [String: [String: LabelSelector]] = [:]

    typealias Finish = (WorkQueue<String>.Outcome) -> Void

    func start(_ cluster: any Cluster) {
        self.cluster = cluster
        selectors = [:]
        queue = WorkQueue(cluster) { [weak self] path, finish in self?.sync(path, finish) }
        cluster.cache[.services].forEach { service in
            note(service)
            return true
        }
    }

    func stop() {
        queue?.stop()
        queue = nil
        cluster = nil
    }

    func observe(_ change: ObjectChange) {
        switch change.storage {
        case .services:
            if change.kind == .deleted {
                selectors[String(change.object.namespace)]?[String(change.object.name)] = nil
            } else {
                note(change.object)
            }
        case .pods:
            let labels = [change.object.header.labels, change.previous?.header.labels ?? change.object.header.labels]
            let namespace = String(change.object.namespace)
            for (service, selector) in selectors[namespace] ?? [:] where labels.contains(where: selector.matches) {
                queue?.add("\(namespace)/\(service)")
            }
        case .endpointSlices:
            let labels = change.object.header.labels
            guard labels[EndpointSlicePlan.managedBy] == EndpointSlicePlan.manager,
                let service = labels[EndpointSlicePlan.serviceName]
            else { return }
            queue?.add("\(change.object.namespace)/\(service)")
        case .nodes:
            // Only where a node lies is of interest.
            let zone = change.object.header.labels[Self.zoneLabel]
            guard change.kind != .modified || zone != change.previous?.header.labels[Self.zoneLabel], zone != nil else {
                return
            }
            for (namespace, services) in selectors {
                for service in services.keys { queue?.add("\(namespace)/\(service)") }
            }
        default: break
        }
    }

    private static let zoneLabel = "topology.kubernetes.io/zone"

    private func note(_ object: CachedObject) {
        guard let service = object.decoded else { return }
        let networking = ServiceNetworking(service: service)
        let selects = networking.hasSelector && networking.needsClusterIP
        selectors[String(object.namespace), default: [:]][String(object.name)] =
            selects ? LabelSelector(labels: service.at("spec", "selector")) : nil
        if selects { queue?.add(object.path) }
    }

    private func sync(_ path: String, _ finish: @escaping Finish) {
        guard let cluster, let type = cluster.type(of: .endpointSlices),
            let service = cluster.cache.object(.services, path)?.decoded,
            service.at("metadata", "deletionTimestamp") == nil
        else { return finish(.done) }
        let namespace = service.text("metadata", "namespace")
        guard let selector = selectors[namespace]?[service.text("metadata", "name")] else { return finish(.done) }
        let plan = EndpointSlicePlan(
            service: service, pods: pods(selector, namespace, cluster), slices: slices(of: service, cluster),
            zone: { cluster.cache.object(.nodes, $0)?.header.labels[Self.zoneLabel] })
        apply(plan, type, namespace, cluster, finish)
    }

    private func pods(_ selector: LabelSelector, _ namespace: String, _ cluster: any Cluster) -> [JSONValue] {
        var pods: [JSONValue] = []
        cluster.cache[.pods].forEach(prefix: namespace + "/") { object in
            if selector.matches(object.header.labels), let pod = object.decoded { pods.append(pod) }
            return true
        }
        return pods
    }

    private func slices(of service: JSONValue, _ cluster: any Cluster) -> [JSONValue] {
        var slices: [JSONValue] = []
        let name = service.text("metadata", "name")
        cluster.cache[.endpointSlices].forEach(prefix: service.text("metadata", "namespace") + "/") { object in
            let labels = object.header.labels
            if labels[EndpointSlicePlan.managedBy] == EndpointSlicePlan.manager,
                labels[EndpointSlicePlan.serviceName] == name, let slice = object.decoded
            {
                slices.append(slice)
            }
            return true
        }
        return slices
    }

    private func apply(
        _ plan: EndpointSlicePlan, _ type: ResourceType, _ namespace: String, _ cluster: any Cluster,
        _ finish: @escaping Finish
    ) {
        var writes: [ClusterWrite] = plan.creations.map { .create(type, $0) }
        for slice in plan.updates {
            let change = { (current: inout JSONValue) throws(APIStatus) -> Bool in
                // Changed by somebody since: planned again when that has been seen.
                guard current.at("metadata", "resourceVersion") == slice.at("metadata", "resourceVersion") else {
                    return false
                }
                current = slice
                return true
            }
            writes.append(.modify(type, namespace: namespace, name: slice.text("metadata", "name"), change))
        }
        writes += plan.deletions.map { .delete(type, namespace: namespace, name: $0) }
        if writes.isEmpty { return finish(.done) }
        var left = writes.count
        var hasFailed = false
        for write in writes {
            cluster.perform(write, as: .apiServer) { result in
                if case .failure(let status) = result, ![403, 404].contains(status.code) { hasFailed = true }
                left -= 1
                if left == 0 { finish(hasFailed ? .retry : .done) }
            }
        }
    }
}
