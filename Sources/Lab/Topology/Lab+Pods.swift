internal import Glibc
package import JSON
internal import Linux
internal import NetTypes

extension Lab {
    /// The list that a node's runtime finds: one plugin does what flannel, bridge, host-local, portmap and bandwidth do.
    static let conflist: JSONValue = [
        "cniVersion": "1.1.0", "name": "poplin",
        "plugins": [["type": "poplin", "capabilities": ["portMappings": true, "bandwidth": true]]],
    ]

    /// Makes a pod on the node by the real CNI ADD, and starts its server. A pod that is there already on that node
    /// stays as it is.
    /// `capabilities` is `runtimeConfig` for the plugins, as `portMappings`.
    @discardableResult
    package func addPod(_ name: String, on node: String, capabilities: JSONObject = JSONObject()) throws -> Pod {
        guard LabConfiguration.isName(name, limit: 20) else {
            throw LabError("a pod's name is 1 to 20 lower-case letters and digits, not \"\(name)\"")
        }
        guard nodes.contains(node) else {
            throw LabError("there is no node named \(node); there are \(nodes.joined(separator: ", "))")
        }
        if nodes.contains(name) || [control, "outside", "underlay"].contains(name) {
            throw LabError("\(name) is the name of a part of the lab; choose another")
        }
        return try LabLock.hold(self.name) {
            try reload()
            if let pod = pods.first(where: { $0.name == name }) {
                if pod.node == node { return pod }
                throw LabError("there is a pod named \(name) already, on \(pod.node)")
            }
            return try makePod(name, on: node, capabilities)
        }
    }

    private func makePod(_ name: String, on node: String, _ capabilities: JSONObject) throws -> Pod {
        // A command that was killed may have left a namespace of this name.
        NetworkNamespace.destroy(named: paths.podNamespaceName(name))
        _ = try NetworkNamespace.create(named: paths.podNamespaceName(name))
        do {
            let pod = Pod(
                name: name, node: node, result: try runtime(node).add(attachment(name), capabilities: capabilities))
            state.pods.append(pod)
            try startServer(name)
            return pod
        } catch {
            state.pods.removeAll { $0.name == name }
            NetworkNamespace.destroy(named: paths.podNamespaceName(name))
            throw error
        }
    }

    /// Deletes a pod by the real CNI DEL.
    package func deletePod(_ name: String, on node: String? = nil) throws {
        try LabLock.hold(self.name) {
            try reload()
            let pod = try pod(name)
            if let node, node != pod.node { throw LabError("the pod \(name) is on \(pod.node), not on \(node)") }
            try runtime(pod.node).delete(attachment(name))
            NetworkNamespace.destroy(named: paths.podNamespaceName(name))
            state.pods.removeAll { $0.name == name }
            state.processes["server/\(name)"] = nil
            try save()
        }
    }

    func startServer(_ pod: String) throws {
        try start("server/\(pod)", Command(programs.lab, ["pod-server"]), in: place(of: pod))
        let loopback = Probe(from: paths.podNamespace(pod), to: .v4(IPv4Address(127, 0, 0, 1)))
        try eventually("the server of pod \(pod) listens") { loopback.connects(port: EchoServer.port) }
    }

    /// The part of a container runtime on the node that makes pods, with the list that is on its disk.
    package func runtime(_ node: String) throws -> ConflistRuntime {
        let list = try JSONValue.parse(Files.read(file("/etc/cni/net.d/10-poplin.conflist", of: node)))
        return ConflistRuntime(
            list: list, pluginDirectories: ["/opt/cni/bin"], cacheDirectory: "/var/lib/cni/results",
            place: try place(of: node), root: paths.node(node))
    }

    package func attachment(_ pod: String) -> ConflistRuntime.Attachment {
        ConflistRuntime.Attachment(containerID: "poplin-\(name)-\(pod)", namespace: paths.podNamespace(pod))
    }

    /// Another command may have changed the lab since it was opened.
    private func reload() throws {
        guard let fresh = LabState(paths.state) else { throw LabError("the lab \(name) is no longer up") }
        state = fresh
    }
}

extension Pod {
    /// Reads a CNI result (spec 1.1.0, "ADD Success").
    init(name: String, node: String, result: JSONValue) {
        let ips = result["ips"]?.array ?? []
        self.init(
            name: name, node: node, addresses: ips.compactMap { $0["address"]?.string.flatMap { CIDR($0) } },
            gateways: ips.compactMap { $0["gateway"]?.string.flatMap { IPAddress($0) } })
    }
}
