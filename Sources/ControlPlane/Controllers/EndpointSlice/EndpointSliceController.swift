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
    /// The paths of each Service's slices, by the Service's path.
    private var slices: [String: Set<String>] = [:]
    /// The paths of the pods with each label, by namespace and label.
    private var pods: [String: Set<String>] = [:]

    typealias Finish = (WorkQueue<String>.Outcome) -> Void

    func start(_ cluster: any Cluster) {
        self.cluster = cluster
        selectors = [:]
        slices = [:]
        pods = [:]
        cluster.cache[.pods].forEach { pod in
            index(pod, isThere: true)
            return true
        }
        cluster.cache[.endpointSlices].forEach { slice in
            if let service = Self.service(of: slice) { slices[service, default: []].insert(slice.path) }
            return true
        }
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
            if let previous = change.previous { index(previous, isThere: false) }
            if change.kind != .deleted { index(change.object, isThere: true) }
            let labels = [change.object.header.labels, change.previous?.header.labels ?? change.object.header.labels]
            let namespace = String(change.object.namespace)
            for (service, selector) in selectors[namespace] ?? [:] where labels.contains(where: selector.matches) {
                queue?.add("\(namespace)/\(service)")
            }
        case .endpointSlices:
            guard let service = Self.service(of: change.object) else { return }
            if change.kind == .deleted {
                slices[service]?.remove(change.object.path)
                if slices[service]?.isEmpty == true { slices[service] = nil }
            } else {
                slices[service, default: []].insert(change.object.path)
            }
            queue?.add(service)
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
        guard selectors[namespace]?[service.text("metadata", "name")] != nil else { return finish(.done) }
        let plan = EndpointSlicePlan(
            service: service, pods: pods(service, namespace, cluster), slices: slices(of: path, cluster),
            zone: { cluster.cache.object(.nodes, $0)?.header.labels[Self.zoneLabel] })
        apply(plan, type, namespace, cluster, finish)
    }

    /// The path of the Service whose slice it is; nil for one that somebody else keeps.
    private static func service(of slice: CachedObject) -> String? {
        let labels = slice.header.labels
        guard labels[EndpointSlicePlan.managedBy] == EndpointSlicePlan.manager else { return nil }
        return labels[EndpointSlicePlan.serviceName].map { "\(slice.namespace)/\($0)" }
    }

    private func index(_ pod: CachedObject, isThere: Bool) {
        for (key, value) in pod.header.labels {
            let label = "\(pod.namespace)/\(key)=\(value)"
            if isThere {
                pods[label, default: []].insert(pod.path)
            } else {
                pods[label]?.remove(pod.path)
                if pods[label]?.isEmpty == true { pods[label] = nil }
            }
        }
    }

    /// The pods that a Service selects, in the order of their names: looked for among those with its rarest label.
    private func pods(_ service: JSONValue, _ namespace: String, _ cluster: any Cluster) -> [JSONValue] {
        let labels = service.pairs("spec", "selector").map { "\(namespace)/\($0.key)=\($0.value.string ?? "")" }
        let candidates = labels.map { pods[$0] ?? [] }.min { $0.count < $1.count } ?? []
        let selector = LabelSelector(labels: service.at("spec", "selector"))
        return candidates.sorted().compactMap { path in
            guard let object = cluster.cache.object(.pods, path), selector.matches(object.header.labels) else {
                return nil
            }
            return object.decoded
        }
    }

    private func slices(of path: String, _ cluster: any Cluster) -> [JSONValue] {
        (slices[path] ?? []).sorted().compactMap { cluster.cache.object(.endpointSlices, $0)?.decoded }
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
