internal import HTTP
internal import JSON
internal import KubeAPI
internal import KubeClient
internal import Linux
internal import NetTypes

/// The cluster's state: `poplin server`, alone or two on one etcd, or an etcd with nothing but leases.
extension Lab {
    /// The processes on the control host.
    package var controlRoles: [String] {
        switch configuration.store {
        case .sqlite: ["server"]
        case .etcd: ["etcd", "server", "server2"]
        case .leases: ["etcd"]
        }
    }

    private var servers: [String] { controlRoles.filter { $0 != "etcd" } }

    /// Where a node has its kubeconfig.
    static let nodeKubeconfig = "/etc/poplin/kubeconfig"

    /// The administrator's kubeconfig, as a path of this machine; nil in a lab without an API server. The server is
    /// reached from the control host, the nodes and the pods.
    package var kubeconfig: String? { servers.first.map(kubeconfig) }

    private func kubeconfig(_ server: String) -> String { "\(paths.directory)/\(server).kubeconfig" }
    private func dataDirectory(_ server: String) -> String { "\(paths.directory)/\(server)" }

    /// Starts what does not run of the control host's processes.
    func startControl() throws {
        for role in controlRoles where try !isRunning(role, in: control) {
            if role == "etcd" { try startEtcd() } else { try startAPIServer(role) }
        }
    }

    /// Waits until the cluster's state can be asked and changed, and puts into it what a lab needs.
    func configureControl() throws {
        if configuration.store == .leases { return try configureEtcd() }
        for server in servers {
            try eventually("\(server) is ready") {
                guard try isRunning(server, in: control) else { throw LabError("\(server) ended") }
                return try ask(server, APIRequest("GET", "/readyz")) != nil
            }
        }
        for (number, node) in nodes.enumerated() {
            let server = servers[number % servers.count]
            let config = try Files.readText(kubeconfig(server))
            for directory in ["/etc/poplin", "/etc/kube-flannel"] {
                try Files.makeDirectories(file(directory, of: node))
            }
            try Files.replace(file(Self.nodeKubeconfig, of: node), config.utf8)
            try Files.replace(
                file("/etc/kube-flannel/net-conf.json", of: node), configuration.networkConfiguration.serialized().utf8)
            try register(node, with: server)
        }
    }

    private func startAPIServer(_ role: String) throws {
        let families = configuration.family.families
        let first = servers[0]
        if role != first {
            // One cluster has one authority, and one key for tokens.
            try eventually("\(first) has made its keys") { Files.exists(kubeconfig(first)) }
            let pki = "\(dataDirectory(role))/pki"
            try Files.makeDirectories(pki, mode: 0o700)
            for name in try Files.list("\(dataDirectory(first))/pki") {
                try Files.replace("\(pki)/\(name)", Files.read("\(dataDirectory(first))/pki/\(name)"))
            }
        }
        let address = Addresses.underlay(Addresses.controlHost, families[0]).address
        let port = role == first ? 6443 : 6444
        func ranges(_ v4: CIDR, _ v6: CIDR) -> String {
            families.map { "\($0 == .v4 ? v4 : v6)" }.joined(separator: ",")
        }
        var words = [
            "server", "--data-dir", dataDirectory(role), "--kubeconfig", kubeconfig(role), "--listen",
            address.family == .v4 ? "\(address):\(port)" : "[\(address)]:\(port)", "--advertise-address", "\(address)",
            "--cluster-cidr", ranges(Addresses.pods4, Addresses.pods6), "--service-cidr",
            ranges(Addresses.services4, Addresses.services6),
        ]
        if configuration.store == .etcd { words += ["--etcd-endpoints", etcdEndpoint] }
        try start(role, Command(programs.poplin, words), in: place(of: control))
    }

    /// Ends a server as a crash of its machine does.
    package func stopServer(_ role: String = "server") throws { try end(role, in: control) }

    /// What a kubelet would say of its node, so that the cluster gives it a subnet and people see it.
    private func register(_ node: String, with server: String) throws {
        let labels: JSONValue = ["kubernetes.io/hostname": .string(node), "kubernetes.io/os": "linux"]
        let object: JSONValue = [
            "apiVersion": "v1", "kind": "Node", "metadata": ["name": .string(node), "labels": labels],
        ]
        _ = try ask(server, .create(.nodes, object), besides: 409)
        let now = JSONValue.string(Timestamp.now.time)
        let addresses = configuration.family.families.compactMap { underlayAddress(of: node, $0) }.map {
            JSONValue.object(JSONObject([("type", "InternalIP"), ("address", .string("\($0)"))]))
        }
        let release = (try? Files.readText("/proc/sys/kernel/osrelease").filter { !$0.isWhitespace }) ?? ""
        let status: JSONValue = [
            "addresses": .array(addresses),
            "conditions": [
                [
                    "type": "Ready", "status": "True", "reason": "LabNode", "message": "a network namespace",
                    "lastHeartbeatTime": now, "lastTransitionTime": now,
                ]
            ],
            "nodeInfo": [
                "machineID": "", "systemUUID": "", "bootID": "", "kernelVersion": .string(release),
                "osImage": "a network namespace", "containerRuntimeVersion": "lab://1", "kubeletVersion": "v0.0.0-lab",
                "kubeProxyVersion": "", "operatingSystem": "linux", "architecture": "",
            ],
        ]
        // A strategic merge takes addresses of one type for one address: from the second time on
        // those of both families would be the same.
        _ = try ask(server, .patch(.nodes, node, subresource: "status", .merge, ["status": status]))
    }

    /// The answer of a cluster that is up, from inside of the control host.
    @discardableResult
    func request(_ request: APIRequest) throws -> [UInt8] {
        guard let server = servers.first else { throw LabError("the lab \(name) has no API server") }
        guard let answer = try ask(server, request) else { throw LabError("the API server cannot be reached") }
        return answer
    }

    /// The answer, from inside of the control host; nil while the server cannot be reached or is not ready, and for a
    /// refusal with the code `besides`.
    private func ask(_ server: String, _ request: APIRequest, besides code: Int? = nil) throws -> [UInt8]? {
        guard Files.exists(kubeconfig(server)) else { return nil }
        let access = try Kubeconfig(file: kubeconfig(server)).access()
        return try NetworkNamespace(path: paths.namespace(control)).run { () throws -> [UInt8]? in
            let client = try BlockingAPIClient(access)
            do throws(APIFailure) {
                return try client.send(request).body
            } catch {
                if case .transport = error.kind { return nil }
                if error.code == 503 || error.code == code || request.path == "/readyz" { return nil }
                throw LabError(error.description)
            }
        }
    }
}
