internal import JSON
internal import KubeClient
internal import NetTypes

/// What the cluster is told of a Service that is checked.
extension CheckedService {
    static let namespace = "default"
    static let label = "poplin-lab-check"
    static let services = ResourcePath("services", namespace: namespace)
    static let slices = ResourcePath(group: "discovery.k8s.io", "endpointslices", namespace: namespace)
    static let pods = ResourcePath.pods(in: namespace)

    var objectName: String { "check-\(name)" }

    private func metadata(_ name: String, _ labels: [(String, JSONValue)] = []) -> JSONValue {
        ["name": .string(name), "labels": .object(JSONObject([(Self.label, .string(self.name))] + labels))]
    }

    /// The Service, with these external addresses.
    func object(externalIPs: [IPAddress]) -> JSONValue {
        let ports = Transport.available.map { transport -> JSONValue in
            [
                "name": .string(transport.rawValue), "protocol": .string(transport.rawValue.uppercased()),
                "port": .number(JSONNumber(Self.port)), "targetPort": .number(JSONNumber(EchoServer.port)),
            ]
        }
        var spec = JSONObject([
            ("type", kind == .loadBalancer ? "LoadBalancer" : "ClusterIP"), ("ipFamilyPolicy", "PreferDualStack"),
            ("ports", .array(ports)),
        ])
        if kind != .clusterIP { spec["externalIPs"] = .array(externalIPs.map { .string("\($0)") }) }
        if kind == .headless { spec["clusterIP"] = "None" }
        if isInternalLocal { spec["internalTrafficPolicy"] = "Local" }
        if isExternalLocal { spec["externalTrafficPolicy"] = "Local" }
        if !sourceRanges.isEmpty {
            spec["loadBalancerSourceRanges"] = .array(sourceRanges.map { .string("\($0)") })
        }
        if let affinitySeconds {
            spec["sessionAffinity"] = "ClientIP"
            spec["sessionAffinityConfig"] = [
                "clientIP": ["timeoutSeconds": .number(JSONNumber(affinitySeconds))]
            ]
        }
        if hasSelector { spec["selector"] = [Self.label: .string(name)] }
        return ["apiVersion": "v1", "kind": "Service", "metadata": metadata(objectName), "spec": .object(spec)]
    }

    /// What a cloud's controller would write when the load balancer is there.
    static func status(loadBalancerIPs: [IPAddress]) -> JSONValue {
        let ingress = loadBalancerIPs.map {
            JSONValue.object(JSONObject([("ip", .string("\($0)")), ("ipMode", "VIP")]))
        }
        return ["status": ["loadBalancer": ["ingress": .array(ingress)]]]
    }

    func sliceName(_ family: IPFamily) -> String { "\(objectName)-\(family == .v4 ? "v4" : "v6")" }

    /// The slice of a family with these endpoints.
    func slice(_ family: IPFamily, _ endpoints: [Pod]) -> JSONValue {
        let entries = endpoints.compactMap { pod -> JSONValue? in
            guard let address = pod.address(family) else { return nil }
            return [
                "addresses": [.string("\(address)")], "nodeName": .string(pod.node),
                "conditions": [
                    "ready": .bool(!isTerminating), "serving": true, "terminating": .bool(isTerminating),
                ],
            ]
        }
        let ports = Transport.available.map { transport -> JSONValue in
            [
                "name": .string(transport.rawValue), "protocol": .string(transport.rawValue.uppercased()),
                "port": .number(JSONNumber(EchoServer.port)),
            ]
        }
        return [
            "apiVersion": "discovery.k8s.io/v1", "kind": "EndpointSlice",
            "addressType": family == .v4 ? "IPv4" : "IPv6",
            "metadata": metadata(
                sliceName(family),
                [
                    ("kubernetes.io/service-name", .string(objectName)),
                    ("endpointslice.kubernetes.io/managed-by", "poplin-lab"),
                ]),
            "ports": .array(ports), "endpoints": .array(entries),
        ]
    }

    /// A Pod that the selector finds.
    func podObject(_ pod: Pod) -> JSONValue {
        [
            "apiVersion": "v1", "kind": "Pod", "metadata": metadata("check-\(pod.name)"),
            "spec": [
                "nodeName": .string(pod.node),
                "containers": [["name": "server", "image": "a network namespace"]],
            ],
        ]
    }

    /// What a kubelet would say of it.
    static func podStatus(_ pod: Pod) -> JSONValue {
        let addresses = pod.addresses.map(\.address)
        return [
            "status": [
                "phase": "Running", "podIP": addresses.first.map { .string("\($0)") } ?? .null,
                "podIPs": .array(addresses.map { .object(JSONObject([("ip", .string("\($0)"))])) }),
                "conditions": [["type": "Ready", "status": "True"]],
            ]
        ]
    }
}
