internal import JSON
internal import NetTypes

/// The Endpoints that a Service with a selector should have: a pure function
/// (https://kubernetes.io/docs/concepts/services-networking/service/#endpoints).
enum EndpointsPlan {
    static let managedBy = "endpoints.kubernetes.io/managed-by"
    static let manager = "endpoint-controller"
    static let overCapacity = "endpoints.kubernetes.io/over-capacity"
    /// No more addresses than these: an object of all pods of a large Service would be too much for everybody.
    static let capacity = 1000

    /// The object with its `subsets`, `labels` and the mark of one that is cut off; of `present`, everything else.
    static func endpoints(of service: JSONValue, pods: [JSONValue], present: JSONValue?) -> JSONValue {
        let (subsets, isCut) = limited(subsets(of: service, pods))
        var endpoints =
            present ?? [
                "apiVersion": "v1", "kind": "Endpoints",
                "metadata": [
                    "name": service.at("metadata", "name") ?? "",
                    "namespace": service.at("metadata", "namespace") ?? "",
                ],
            ]
        endpoints.set(labels(service), at: "metadata", "labels")
        endpoints.set(isCut ? "truncated" : nil, at: "metadata", "annotations", overCapacity)
        if endpoints.pairs("metadata", "annotations").isEmpty { endpoints.set(nil, at: "metadata", "annotations") }
        endpoints.set(subsets.isEmpty ? nil : .array(subsets), at: "subsets")
        return endpoints
    }

    private static func labels(_ service: JSONValue) -> JSONValue {
        let headless = EndpointSlicePlan.headless
        var labels = service.pairs("metadata", "labels").filter { ![headless, managedBy].contains($0.key) }.map {
            ($0.key, $0.value)
        }
        labels.append((managedBy, .string(manager)))
        if ServiceNetworking(service: service).isHeadless { labels.append((headless, "")) }
        return .object(JSONObject(labels.sorted { $0.0 < $1.0 }))
    }

    // MARK: Subsets

    private struct Subset {
        var ports: [JSONValue]
        var ready: [JSONValue] = []
        var unready: [JSONValue] = []
    }

    /// One for each set of ports: named ones can differ from pod to pod.
    private static func subsets(of service: JSONValue, _ pods: [JSONValue]) -> [JSONValue] {
        let family = IPFamily(apiName: service.texts("spec", "ipFamilies").first ?? "") ?? .v4
        let publishes = service.flag("spec", "publishNotReadyAddresses")
        var subsets: [Subset] = []
        for pod in pods {
            if pod.at("metadata", "deletionTimestamp") != nil, !publishes { continue }
            guard let endpoint = PodEndpoint(pod, of: service, family, zone: { _ in nil }) else { continue }
            let index = subsets.firstIndex { $0.ports == endpoint.ports } ?? subsets.count
            if index == subsets.count { subsets.append(Subset(ports: endpoint.ports)) }
            if endpoint.json.flag("conditions", "ready") {
                subsets[index].ready.append(address(endpoint.json))
            } else {
                subsets[index].unready.append(address(endpoint.json))
            }
        }
        return subsets.map { subset in
            var object: JSONValue = [:]
            if !subset.ready.isEmpty { object.set(.array(subset.ready), at: "addresses") }
            if !subset.unready.isEmpty { object.set(.array(subset.unready), at: "notReadyAddresses") }
            // A name that is empty is left out here, and written in an EndpointSlice.
            let ports = subset.ports.map { port -> JSONValue in
                var port = port
                if port.text("name").isEmpty { port.set(nil, at: "name") }
                return port
            }
            if !ports.isEmpty { object.set(.array(ports), at: "ports") }
            return object
        }
    }

    private static func address(_ endpoint: JSONValue) -> JSONValue {
        var address: JSONValue = ["ip": endpoint.list("addresses").first ?? ""]
        for field in ["hostname", "nodeName", "targetRef"] { address.set(endpoint.at(field), at: field) }
        return address
    }

    /// Ready addresses are kept before those that are not.
    private static func limited(_ subsets: [JSONValue]) -> ([JSONValue], isCut: Bool) {
        var room = capacity
        var subsets = subsets
        var isCut = false
        for field in ["addresses", "notReadyAddresses"] {
            for index in subsets.indices {
                let addresses = subsets[index].list(field)
                let kept = addresses.prefix(room)
                room -= kept.count
                if kept.count == addresses.count { continue }
                isCut = true
                subsets[index].set(kept.isEmpty ? nil : .array(Array(kept)), at: field)
            }
        }
        return (subsets.filter { $0.at("addresses") != nil || $0.at("notReadyAddresses") != nil }, isCut)
    }
}
