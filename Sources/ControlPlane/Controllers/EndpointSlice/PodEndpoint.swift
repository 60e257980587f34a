internal import JSON
internal import NetTypes

/// A pod as an endpoint of a Service.
struct PodEndpoint {
    /// The pod's UID.
    let uid: String
    /// The Service's ports as this pod has them: named ones can differ from pod to pod.
    let ports: [JSONValue]
    /// The element of `endpoints`.
    let json: JSONValue

    /// Nil for a pod that is no endpoint in this family: it has no address, or has ended, or has none of the ports.
    init?(_ pod: JSONValue, of service: JSONValue, _ family: IPFamily, zone: (String) -> String?) {
        if ["Succeeded", "Failed"].contains(pod.text("status", "phase")) { return nil }
        var addresses = pod.list("status", "podIPs").map { $0.text("ip") }
        if addresses.isEmpty { addresses = [pod.text("status", "podIP")] }
        guard let address = addresses.compactMap({ IPAddress($0) }).first(where: { $0.family == family }) else {
            return nil
        }
        uid = pod.text("metadata", "uid")
        ports = service.list("spec", "ports").compactMap { Self.port($0, of: pod) }
        if ports.isEmpty && !service.list("spec", "ports").isEmpty { return nil }

        let isTerminating = pod.at("metadata", "deletionTimestamp") != nil
        let isServing = service.flag("spec", "publishNotReadyAddresses") || pod.hasCondition("Ready")
        let isReady = service.flag("spec", "publishNotReadyAddresses") || (isServing && !isTerminating)
        var endpoint: JSONValue = [
            "addresses": [.string(address.description)],
            "conditions": ["ready": .bool(isReady), "serving": .bool(isServing), "terminating": .bool(isTerminating)],
        ]
        let hostname = pod.text("spec", "hostname")
        if !hostname.isEmpty, pod.text("spec", "subdomain") == service.text("metadata", "name") {
            endpoint.set(.string(hostname), at: "hostname")
        }
        let target: JSONValue = [
            "kind": "Pod", "namespace": pod.at("metadata", "namespace") ?? "", "name": pod.at("metadata", "name") ?? "",
            "uid": .string(uid),
        ]
        endpoint.set(target, at: "targetRef")
        let node = pod.text("spec", "nodeName")
        if !node.isEmpty {
            endpoint.set(.string(node), at: "nodeName")
            let zone = zone(node)
            endpoint.set(zone.map { .string($0) }, at: "zone")
            if isReady { endpoint.set(Self.hints(service, node, zone), at: "hints") }
        }
        json = endpoint
    }

    /// Whom the Service wants to use this endpoint first.
    private static func hints(_ service: JSONValue, _ node: String, _ zone: String?) -> JSONValue? {
        switch service.text("spec", "trafficDistribution") {
        case "PreferClose", "PreferSameZone": zone.map { ["forZones": [["name": .string($0)]]] }
        case "PreferSameNode":
            zone.map { ["forNodes": [["name": .string(node)]], "forZones": [["name": .string($0)]]] }
                ?? ["forNodes": [["name": .string(node)]]]
        default: nil
        }
    }

    private static func port(_ port: JSONValue, of pod: JSONValue) -> JSONValue? {
        let transport = port.at("protocol")?.string ?? "TCP"
        let number: Int?
        switch port.at("targetPort") {
        case .string(let name)?: number = named(name, transport, pod)
        case let value?: number = value.int == 0 ? port.integer("port") : value.int
        case nil: number = port.integer("port")
        }
        guard let number else { return nil }
        var result: JSONValue = [
            "name": .string(port.text("name")), "protocol": .string(transport), "port": .number(JSONNumber(number)),
        ]
        result.set(port.at("appProtocol"), at: "appProtocol")
        return result
    }

    private static func named(_ name: String, _ transport: String, _ pod: JSONValue) -> Int? {
        let sidecars = pod.list("spec", "initContainers").filter { $0.text("restartPolicy") == "Always" }
        for container in pod.list("spec", "containers") + sidecars {
            for port in container.list("ports")
            where port.text("name") == name && (port.at("protocol")?.string ?? "TCP") == transport {
                return port.integer("containerPort")
            }
        }
        return nil
    }
}
