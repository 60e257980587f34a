internal import HTTP
internal import JSON
internal import KubeAPI
internal import NetTypes

/// Whom a request to the path `proxy` of a node, pod or Service is for.
struct ProxyRoute {
    let cluster: any Cluster
    let info: RequestInfo
    /// What follows `proxy` in the path, escaped, beginning with a slash.
    let path: String
    let query: String
    /// Whether this machine's own addresses may be asked: not by those who can write a pod's or node's status.
    let allowsLoopback: Bool

    func backend() throws(APIStatus) -> Backend {
        guard let name = ProxyName(info.name) else {
            throw .badRequest("invalid \(info.resource) request \(FieldCause.quoted(info.name))")
        }
        let backend =
            switch info.resource {
            case "nodes": try node(name)
            case "pods": try pod(name)
            default: try service(name)
            }
        if !allowsLoopback, Self.isOwn(backend.address) { throw .badRequest("address not allowed") }
        return backend
    }

    private static func isOwn(_ address: IPAddress) -> Bool {
        ["127.0.0.0/8", "169.254.0.0/16", "0.0.0.0/32", "::1/128", "fe80::/10", "::/128"].compactMap { CIDR($0) }
            .contains { $0.contains(address) }
    }

    private func object(_ storage: StoragePrefix, _ name: String) throws(APIStatus) -> JSONValue {
        let namespace = storage == .nodes ? "" : info.namespace
        guard let object = cluster.object(storage, namespace: namespace, name: name) else {
            throw .notFound(GroupResource(group: "", resource: info.resource), name)
        }
        return object
    }

    private func node(_ name: ProxyName) throws(APIStatus) -> Backend {
        let kubelet = try KubeletAddress(object(.nodes, name.name))
        if name.port.isEmpty || name.port == "\(kubelet.port)" { return kubelet.backend(path, query: query) }
        guard let port = UInt16(name.port) else { throw .badRequest("invalid port \(FieldCause.quoted(name.port))") }
        return Backend(address: kubelet.address, port: port, security: name.security, path: path, query: query)
    }

    private func pod(_ name: ProxyName) throws(APIStatus) -> Backend {
        let pod = try object(.pods, name.name)
        guard let address = IPAddress(pod.text("status", "podIP")) else { throw .badRequest("address not allowed") }
        let ports = pod.list("spec", "containers").flatMap { $0.list("ports") }
        var port = ports.first { $0.integer("containerPort") > 0 }?.integer("containerPort") ?? 80
        if !name.port.isEmpty {
            guard let number = Int(name.port) else {
                throw .badRequest("invalid port \(FieldCause.quoted(name.port))")
            }
            port = number
        }
        guard let port = UInt16(exactly: port) else { throw .badRequest("invalid port \(port)") }
        return Backend(address: address, port: port, security: name.security, path: path, query: query)
    }

    /// One of the endpoints that are ready, at random.
    private func service(_ name: ProxyName) throws(APIStatus) -> Backend {
        let service = try object(.services, name.name)
        let ports = service.list("spec", "ports")
        var portName: String? = name.port
        if name.port.isEmpty {
            portName = ports.count == 1 ? ports[0].text("name") : ""
        } else if let number = Int(name.port) {
            portName = ports.first { $0.integer("port") == number }?.text("name")
        }
        guard let portName else {
            throw .serviceUnavailable("no service port \(name.port) found for service \(FieldCause.quoted(name.name))")
        }
        var candidates: [(IPAddress, Int)] = []
        cluster.cache[.endpointSlices].forEach(prefix: "\(info.namespace)/") { object in
            guard object.header.labels[EndpointSlicePlan.serviceName] == name.name, let slice = object.decoded,
                let port = slice.list("ports").first(where: { $0.text("name") == portName })?.integer("port")
            else { return true }
            for endpoint in slice.list("endpoints") where endpoint.at("conditions", "ready")?.bool != false {
                if let address = endpoint.texts("addresses").first.flatMap({ IPAddress($0) }) {
                    candidates.append((address, port))
                }
            }
            return true
        }
        guard let (address, number) = candidates.randomElement(), let port = UInt16(exactly: number) else {
            throw .serviceUnavailable("no endpoints available for service \(FieldCause.quoted(name.name))")
        }
        return Backend(address: address, port: port, security: name.security, path: path, query: query)
    }
}
