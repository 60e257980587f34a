internal import JSON
internal import NetTypes

/// Which EndpointSlices a Service should have, given those that it has: a pure function.
///
/// As few writes as can be: what is in a slice stays there, what is new fills the slices that there are, and only then is
/// one made. Slices are never balanced.
struct EndpointSlicePlan: Equatable {
    static let manager = "endpointslice-controller.k8s.io"
    static let managedBy = "endpointslice.kubernetes.io/managed-by"
    static let serviceName = "kubernetes.io/service-name"
    static let headless = "service.kubernetes.io/headless"
    static let capacity = 100

    private(set) var creations: [JSONValue] = []
    private(set) var updates: [JSONValue] = []
    /// Names.
    private(set) var deletions: [String] = []

    /// `slices` are the Service's that this controller manages; `zone` says where a node lies.
    init(service: JSONValue, pods: [JSONValue], slices: [JSONValue], zone: (String) -> String?) {
        let families = service.texts("spec", "ipFamilies").compactMap { IPFamily(apiName: $0) }
        var left = slices
        for family in families.isEmpty ? [.v4] : families {
            let own = left.filter { $0.text("addressType") == family.apiName }
            left.removeAll { $0.text("addressType") == family.apiName }
            let endpoints = pods.compactMap { PodEndpoint($0, of: service, family, zone: zone) }
            plan(service, family, endpoints, own)
        }
        deletions += left.map { $0.text("metadata", "name") }
    }

    private mutating func plan(
        _ service: JSONValue, _ family: IPFamily, _ endpoints: [PodEndpoint], _ slices: [JSONValue]
    ) {
        // One group of slices for each set of ports; without endpoints one slice that is empty.
        var groups: [(ports: [JSONValue], endpoints: [PodEndpoint])] = []
        for endpoint in endpoints {
            if let index = groups.firstIndex(where: { $0.ports == endpoint.ports }) {
                groups[index].endpoints.append(endpoint)
            } else {
                groups.append((endpoint.ports, [endpoint]))
            }
        }
        if groups.isEmpty { groups = [([], [])] }
        var left = slices
        for group in groups {
            let own = left.filter { $0.list("ports") == group.ports }
            left.removeAll { $0.list("ports") == group.ports }
            fill(own, service, family, group.ports, group.endpoints)
        }
        deletions += left.map { $0.text("metadata", "name") }
    }

    private mutating func fill(
        _ slices: [JSONValue], _ service: JSONValue, _ family: IPFamily, _ ports: [JSONValue],
        _ endpoints: [PodEndpoint]
    ) {
        var missing = Dictionary(endpoints.map { ($0.uid, $0.json) }, uniquingKeysWith: { $1 })
        // In the order of the pods, whatever the dictionary's.
        let order = endpoints.map(\.uid)
        var kept: [(slice: JSONValue, endpoints: [JSONValue])] = slices.map { slice in
            let endpoints = slice.list("endpoints").compactMap {
                missing.removeValue(forKey: $0.text("targetRef", "uid"))
            }
            return (slice, endpoints)
        }
        var rest = order.compactMap { missing.removeValue(forKey: $0) }[...]
        for index in kept.indices where !rest.isEmpty {
            let room = max(0, Self.capacity - kept[index].endpoints.count)
            kept[index].endpoints += rest.prefix(room)
            rest = rest.dropFirst(room)
        }
        // The last slice stays even when it is empty.
        var isNeeded = endpoints.isEmpty
        for (slice, endpoints) in kept {
            if endpoints.isEmpty && !isNeeded {
                deletions.append(slice.text("metadata", "name"))
                continue
            }
            isNeeded = false
            update(slice, service, endpoints)
        }
        while !rest.isEmpty || isNeeded {
            creations.append(Self.slice(service, family, ports, Array(rest.prefix(Self.capacity))))
            rest = rest.dropFirst(Self.capacity)
            isNeeded = false
        }
    }

    private mutating func update(_ slice: JSONValue, _ service: JSONValue, _ endpoints: [JSONValue]) {
        let labels = Self.labels(service)
        guard slice.list("endpoints") != endpoints || slice.at("metadata", "labels") != labels else { return }
        var slice = slice
        slice.set(.array(endpoints), at: "endpoints")
        slice.set(labels, at: "metadata", "labels")
        updates.append(slice)
    }

    private static func labels(_ service: JSONValue) -> JSONValue {
        var labels: [(String, JSONValue)] = service.pairs("metadata", "labels").compactMap { label in
            [managedBy, serviceName, headless].contains(label.key) ? nil : (label.key, label.value)
        }
        labels.append((managedBy, .string(manager)))
        labels.append((serviceName, service.at("metadata", "name") ?? ""))
        if ServiceNetworking(service: service).isHeadless { labels.append((headless, "")) }
        return .object(JSONObject(labels.sorted { $0.0 < $1.0 }))
    }

    private static func slice(_ service: JSONValue, _ family: IPFamily, _ ports: [JSONValue], _ endpoints: [JSONValue])
        -> JSONValue
    {
        let name = service.text("metadata", "name")
        let owner: JSONValue = [
            "apiVersion": "v1", "kind": "Service", "name": .string(name), "uid": service.at("metadata", "uid") ?? "",
            "controller": true, "blockOwnerDeletion": true,
        ]
        let metadata: JSONValue = [
            "generateName": .string("\(name)-"), "namespace": service.at("metadata", "namespace") ?? "",
            "labels": labels(service), "ownerReferences": [owner],
        ]
        return [
            "apiVersion": "discovery.k8s.io/v1", "kind": "EndpointSlice", "metadata": metadata,
            "addressType": .string(family.apiName), "endpoints": .array(endpoints), "ports": .array(ports),
        ]
    }
}
