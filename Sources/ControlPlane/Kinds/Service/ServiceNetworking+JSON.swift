internal import JSON

extension ServiceNetworking {
    /// Reads a Service. A type that does not exist reads as ClusterIP; validation has refused or will refuse it.
    init(service: JSONValue) {
        self.init()
        let spec = service.at("spec") ?? .null
        type = ServiceType(rawValue: spec.text("type")) ?? .clusterIP
        clusterIP = spec.text("clusterIP")
        clusterIPs = spec.texts("clusterIPs")
        families = spec.texts("ipFamilies")
        policy = spec.at("ipFamilyPolicy")?.string
        hasSelector = !spec.pairs("selector").isEmpty
        ports = spec.list("ports").map {
            Port(
                name: $0.text("name"), transport: $0.at("protocol")?.string ?? "TCP", port: $0.integer("port"),
                nodePort: $0.integer("nodePort"))
        }
        healthCheckNodePort = spec.integer("healthCheckNodePort")
        externalTrafficPolicy = spec.text("externalTrafficPolicy")
        allocateLoadBalancerNodePorts = spec.at("allocateLoadBalancerNodePorts")?.bool
        loadBalancerClass = spec.at("loadBalancerClass")?.string
    }

    /// Writes the fields back; what is empty is left out.
    func write(into service: inout JSONValue) {
        var spec = service.at("spec") ?? [:]
        spec.set(clusterIP.isEmpty ? nil : .string(clusterIP), at: "clusterIP")
        spec.set(clusterIPs.isEmpty ? nil : .texts(clusterIPs), at: "clusterIPs")
        spec.set(families.isEmpty ? nil : .texts(families), at: "ipFamilies")
        spec.set(policy.map { .string($0) }, at: "ipFamilyPolicy")
        spec.set(externalTrafficPolicy.isEmpty ? nil : .string(externalTrafficPolicy), at: "externalTrafficPolicy")
        spec.set(
            healthCheckNodePort == 0 ? nil : .number(JSONNumber(healthCheckNodePort)), at: "healthCheckNodePort")
        spec.set(allocateLoadBalancerNodePorts.map { .bool($0) }, at: "allocateLoadBalancerNodePorts")
        spec.set(loadBalancerClass.map { .string($0) }, at: "loadBalancerClass")
        var elements = spec.list("ports")
        for (index, port) in ports.enumerated() where index < elements.count {
            elements[index].set(port.nodePort == 0 ? nil : .number(JSONNumber(port.nodePort)), at: "nodePort")
        }
        if !elements.isEmpty { spec.set(.array(elements), at: "ports") }
        service.set(spec, at: "spec")
    }
}
