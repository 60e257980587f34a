internal import HTTP
internal import JSON
internal import KubeAPI

/// The paths that somebody behind the server answers.
extension ResourceRequest {
    static let connections: Set<String> = ["attach", "exec", "log", "portforward", "proxy"]

    func connect(_ subresource: Subresource) throws(APIStatus) {
        guard let connections = server.connections else {
            throw .methodNotSupported(type.groupResource, info.verb)
        }
        if subresource.name == "proxy" {
            let (prefix, path) = proxyPath
            let route = ProxyRoute(
                cluster: server, info: info, path: path, query: call.query.text,
                allowsLoopback: connections.allowsLoopback)
            return try PassThrough.run(
                call, to: route.backend(), .proxy(prefix: prefix), over: connections, server.loop)
        }
        guard let pod = server.object(.pods, namespace: namespace, name: info.name) else {
            throw .notFound(type.groupResource, info.name)
        }
        let stream = PodStream(pod: pod, query: call.query)
        if subresource.name == "log" {
            guard let log = try stream.log() else { return call.text("") }
            return try PassThrough.run(
                call, to: kubelet(pod).backend(log.path, query: log.query), .log, over: connections, server.loop)
        }
        let (path, query) =
            subresource.name == "portforward" ? try stream.portForward() : try stream.streams(subresource.name)
        try PassThrough.run(
            call, to: kubelet(pod).backend(path, query: query), .stream, over: connections, server.loop)
    }

    private func kubelet(_ pod: JSONValue) throws(APIStatus) -> KubeletAddress {
        let name = pod.text("spec", "nodeName")
        guard let node = server.object(.nodes, namespace: "", name: name) else {
            throw .notFound(GroupResource(group: "", resource: "nodes"), name)
        }
        return try KubeletAddress(node)
    }

    /// The path up to and with `proxy`, and what follows, both as they came: escapes are the backend's business.
    private var proxyPath: (prefix: String, rest: String) {
        let parts = call.rawPath.split(separator: "/", omittingEmptySubsequences: false)
        // An empty one, api, v1, perhaps namespaces and one of them, the resource, the name, proxy.
        let count = type.isNamespaced ? 8 : 6
        let rest = parts.dropFirst(count).joined(separator: "/")
        return (parts.prefix(count).joined(separator: "/"), "/\(rest)")
    }
}
