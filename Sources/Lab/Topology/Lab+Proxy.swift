internal import Glibc
internal import NetTypes

/// The Service proxy of each node, in a lab with an API server.
extension Lab {
    package var hasProxies: Bool { configuration.store != .leases }

    package func startProxy(_ node: String) throws {
        let networks = configuration.family.families.map { $0 == .v4 ? Addresses.pods4 : Addresses.pods6 }
        let command = Command(
            programs.poplin,
            [
                "proxy", "--kubeconfig=\(Self.nodeKubeconfig)", "--hostname-override=\(node)",
                "--proxy-mode=nftables", "--cluster-cidr=\(networks.map { "\($0)" }.joined(separator: ","))",
            ])
        try start("proxy/\(node)", command, in: place(of: node))
    }

    /// Ends a node's proxy: at once, unless another signal is given. The node's table stays.
    package func stopProxy(_ node: String, signal: Int32 = SIGKILL) throws {
        try end("proxy/\(node)", in: node, signal)
    }

    /// Starts the proxies that do not run.
    func startProxies() throws {
        guard hasProxies else { return }
        for node in nodes where try !isRunning("proxy/\(node)", in: node) { try startProxy(node) }
    }

    /// Waits until every node's proxy says that its table is what it should be.
    package func waitForProxies(within limit: Duration = .seconds(20)) throws {
        guard hasProxies else { return }
        for node in nodes {
            var probe = Probe(from: try namespace(of: node), to: .v4(IPv4Address(127, 0, 0, 1)))
            probe.port = 10256
            try eventually("the proxy of \(node) is ready", within: limit) {
                guard try isRunning("proxy/\(node)", in: node) else { throw LabError("the proxy of \(node) ended") }
                return ((try? probe.get("/healthz")) ?? "").hasPrefix("HTTP/1.1 200")
            }
        }
    }
}
