internal import JSON
internal import KubeAPI

/// Keeps the EndpointSlices of Services that select pods
/// (https://kubernetes.io/docs/concepts/services-networking/endpoint-slices/).
final class EndpointSliceController: Controller {
    let name = "endpointslice"
    private var cluster: (any Cluster)?
    /// By namespace and name.
    private var queue: WorkQueue<String>?
    private var services: ServicePods?
    /// The paths of each Service's slices, by the Service's path.
    private var slices: [String: Set<String>] = [:]

    typealias Finish = (WorkQueue<String>.Outcome) -> Void

    func start(_ cluster: any Cluster) {
        self.cluster = cluster
        slices = [:]
        cluster.cache[.endpointSlices].forEach { slice in
            if let service = Self.service(of: slice) { slices[service, default: []].insert(slice.path) }
            return true
        }
        queue = WorkQueue(cluster) { [weak self] path, finish in self?.sync(path, finish) }
        let services = ServicePods(cluster)
        for path in services.services { queue?.add(path) }
        self.services = services
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
            for path in services?.take(change) ?? [] { queue?.add(path) }
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
            for path in services?.services ?? [] { queue?.add(path) }
        default: break
        }
    }

    private static let zoneLabel = "topology.kubernetes.io/zone"

    private func sync(_ path: String, _ finish: @escaping Finish) {
        guard let cluster, let type = cluster.type(of: .endpointSlices),
            let service = cluster.cache.object(.services, path)?.decoded,
            service.at("metadata", "deletionTimestamp") == nil
        else { return finish(.done) }
        guard let services, services.selects(path) else { return finish(.done) }
        let namespace = service.text("metadata", "namespace")
        let plan = EndpointSlicePlan(
            service: service, pods: services.pods(of: service, cluster), slices: slices(of: path, cluster),
            zone: { cluster.cache.object(.nodes, $0)?.header.labels[Self.zoneLabel] })
        SliceWrites(
            type, namespace: namespace, creations: plan.creations, updates: plan.updates, deletions: plan.deletions
        ).perform(on: cluster, finish)
    }

    /// The path of the Service whose slice it is; nil for one that somebody else keeps.
    private static func service(of slice: CachedObject) -> String? {
        let labels = slice.header.labels
        guard labels[EndpointSlicePlan.managedBy] == EndpointSlicePlan.manager else { return nil }
        return labels[EndpointSlicePlan.serviceName].map { "\(slice.namespace)/\($0)" }
    }

    private func slices(of path: String, _ cluster: any Cluster) -> [JSONValue] {
        (slices[path] ?? []).sorted().compactMap { cluster.cache.object(.endpointSlices, $0)?.decoded }
    }
}
