internal import JSON
internal import KubeAPI
internal import NetTypes

/// EndpointSlices for Endpoints that people write by hand, beside Services without selectors: those who read slices see
/// them too (https://kubernetes.io/docs/concepts/services-networking/service/#endpointslice-mirroring).
final class EndpointSliceMirroring: Controller {
    let name = "endpointslicemirroring"
    static let manager = "endpointslicemirroring-controller.k8s.io"
    private var cluster: (any Cluster)?
    /// By namespace and name, which a Service and its Endpoints have in common.
    private var queue: WorkQueue<String>?
    /// The paths of the mirrored slices, by the Service's path.
    private var slices: [String: Set<String>] = [:]

    func start(_ cluster: any Cluster) {
        self.cluster = cluster
        slices = [:]
        queue = WorkQueue(cluster) { [weak self] path, finish in self?.sync(path, finish) }
        cluster.cache[.endpointSlices].forEach { slice in
            note(slice, isThere: true)
            return true
        }
        queue?.add(all: cluster.cache[.endpoints])
    }

    func stop() {
        queue?.stop()
        queue = nil
        cluster = nil
    }

    func observe(_ change: ObjectChange) {
        switch change.storage {
        case .endpoints, .services: queue?.add(change.object.path)
        case .endpointSlices: note(change.object, isThere: change.kind != .deleted)
        default: break
        }
    }

    private func note(_ slice: CachedObject, isThere: Bool) {
        let labels = slice.header.labels
        guard labels[EndpointSlicePlan.managedBy] == Self.manager, let service = labels[EndpointSlicePlan.serviceName]
        else { return }
        let path = "\(slice.namespace)/\(service)"
        if isThere {
            slices[path, default: []].insert(slice.path)
        } else {
            slices[path]?.remove(slice.path)
            if slices[path]?.isEmpty == true { slices[path] = nil }
        }
        queue?.add(path)
    }

    /// Endpoints whose Service has no selector, and which nobody uses for something else, as leader election once did.
    private static func isMirrored(_ endpoints: JSONValue, _ service: JSONValue) -> Bool {
        endpoints.text("metadata", "labels", "endpointslice.kubernetes.io/skip-mirror") != "true"
            && endpoints.at("metadata", "annotations", "control-plane.alpha.kubernetes.io/leader") == nil
            && service.pairs("spec", "selector").isEmpty && endpoints.at("metadata", "deletionTimestamp") == nil
    }

    private func sync(_ path: String, _ finish: @escaping (WorkQueue<String>.Outcome) -> Void) {
        guard let cluster, let type = cluster.type(of: .endpointSlices) else { return finish(.done) }
        let own = (slices[path] ?? []).sorted().compactMap { cluster.cache.object(.endpointSlices, $0)?.decoded }
        var plan = MirroredSlices(nil, own)
        // The Service first: Endpoints can be very large.
        if let service = cluster.cache.object(.services, path)?.decoded,
            let endpoints = cluster.cache.object(.endpoints, path)?.decoded, Self.isMirrored(endpoints, service)
        {
            plan = MirroredSlices(endpoints, own)
        }
        let namespace = String(path.prefix { $0 != "/" })
        SliceWrites(
            type, namespace: namespace, creations: plan.creations, updates: plan.updates, deletions: plan.deletions
        ).perform(on: cluster, finish)
    }
}

/// What is to be written so that slices say what Endpoints say: a pure function.
struct MirroredSlices {
    private(set) var creations: [JSONValue] = []
    private(set) var updates: [JSONValue] = []
    /// Names.
    private(set) var deletions: [String] = []

    /// Upstream mirrors so many addresses of a subset.
    private static let capacity = 1000

    private struct Group {
        var family: IPFamily
        var ports: [JSONValue]
        var endpoints: [JSONValue]
    }

    /// Without Endpoints there shall be no slices.
    init(_ endpoints: JSONValue?, _ slices: [JSONValue]) {
        var left = slices
        if let endpoints {
            let metadata = Self.metadata(endpoints)
            for group in Self.groups(endpoints) {
                let index = left.firstIndex {
                    $0.text("addressType") == group.family.apiName && $0.list("ports") == group.ports
                }
                if let index {
                    reuse(left.remove(at: index), metadata, group)
                } else {
                    creations.append([
                        "apiVersion": "discovery.k8s.io/v1", "kind": "EndpointSlice", "metadata": metadata,
                        "addressType": .string(group.family.apiName), "endpoints": .array(group.endpoints),
                        "ports": .array(group.ports),
                    ])
                }
            }
        }
        deletions = left.map { $0.text("metadata", "name") }
    }

    private mutating func reuse(_ slice: JSONValue, _ metadata: JSONValue, _ group: Group) {
        let parts = ["labels", "annotations"]
        let isSame =
            slice.list("endpoints") == group.endpoints
            && parts.allSatisfy {
                (slice.at("metadata", $0) ?? [:]).isEquivalent(to: metadata.at($0) ?? [:])
            }
        if isSame { return }
        var slice = slice
        slice.set(.array(group.endpoints), at: "endpoints")
        for part in parts { slice.set(metadata.at(part), at: "metadata", part) }
        updates.append(slice)
    }

    /// One for each family and set of ports.
    private static func groups(_ endpoints: JSONValue) -> [Group] {
        var groups: [Group] = []
        for subset in endpoints.list("subsets") {
            let ports = subset.list("ports").map { port -> JSONValue in
                var result: JSONValue = [
                    "name": .string(port.text("name")), "protocol": port.at("protocol") ?? "TCP",
                    "port": port.at("port") ?? 0,
                ]
                result.set(port.at("appProtocol"), at: "appProtocol")
                return result
            }
            for (field, isReady) in [("addresses", true), ("notReadyAddresses", false)] {
                for address in subset.list(field).prefix(capacity) {
                    guard let ip = IPAddress(address.text("ip")) else { continue }
                    let index =
                        groups.firstIndex { $0.family == ip.family && $0.ports == ports } ?? groups.count
                    if index == groups.count { groups.append(Group(family: ip.family, ports: ports, endpoints: [])) }
                    var endpoint: JSONValue = [
                        "addresses": [.string(ip.description)], "conditions": ["ready": .bool(isReady)],
                    ]
                    for part in ["hostname", "targetRef", "nodeName"] { endpoint.set(address.at(part), at: part) }
                    groups[index].endpoints.append(endpoint)
                }
            }
        }
        return groups
    }

    private static func metadata(_ endpoints: JSONValue) -> JSONValue {
        let name = endpoints.text("metadata", "name")
        let owner: JSONValue = [
            "apiVersion": "v1", "kind": "Endpoints", "name": .string(name),
            "uid": endpoints.at("metadata", "uid") ?? "",
            "controller": true, "blockOwnerDeletion": true,
        ]
        var labels = endpoints.pairs("metadata", "labels").map { ($0.key, $0.value) }
        labels.removeAll { [EndpointSlicePlan.managedBy, EndpointSlicePlan.serviceName].contains($0.0) }
        labels.append((EndpointSlicePlan.managedBy, .string(EndpointSliceMirroring.manager)))
        labels.append((EndpointSlicePlan.serviceName, .string(name)))
        var metadata: JSONValue = [
            "generateName": .string("\(name)-"), "namespace": endpoints.at("metadata", "namespace") ?? "",
            "labels": .object(JSONObject(labels.sorted { $0.0 < $1.0 })), "ownerReferences": [owner],
        ]
        let annotations = endpoints.pairs("metadata", "annotations").filter {
            ![
                "kubectl.kubernetes.io/last-applied-configuration", EndpointsPlan.overCapacity,
                "endpoints.kubernetes.io/last-change-trigger-time",
            ].contains($0.key)
        }
        if !annotations.isEmpty {
            metadata.set(.object(JSONObject(annotations.map { ($0.key, $0.value) })), at: "annotations")
        }
        return metadata
    }
}
