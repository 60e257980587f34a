internal import Glibc
internal import JSON
internal import Linux
package import NetTypes
internal import Netlink

extension Lab {
    /// Starts a process of the lab, that lives on when this one ends, and remembers it by its role.
    func start(_ role: String, _ command: Command, in place: Place) throws {
        state.processes[role] = try command.start(in: place, log: paths.log(role))
        try save()
    }

    package func isRunning(_ role: String, in target: String) throws -> Bool {
        guard let pid = state.processes[role] else { return false }
        return ProcessTable.isAlive(pid, in: try NetworkNamespace(path: namespace(of: target)).identity)
    }

    /// Ends a process, with SIGKILL unless another signal is given, and waits until it is gone.
    func end(_ role: String, in target: String, _ signal: Int32 = SIGKILL) throws {
        guard let pid = state.processes[role] else { return }
        ProcessTable.end(pid, in: try NetworkNamespace(path: namespace(of: target)).identity, with: signal)
        state.processes[role] = nil
        try save()
    }

    // MARK: etcd

    var etcdEndpoint: String {
        let address = Addresses.underlay(Addresses.controlHost, configuration.family.families[0]).address
        return address.family == .v4 ? "http://\(address):2379" : "http://[\(address)]:2379"
    }

    package func startEtcd() throws {
        let command = Command(
            programs.etcd,
            [
                "--data-dir", "\(paths.directory)/etcd", "--listen-client-urls", etcdEndpoint,
                "--advertise-client-urls", etcdEndpoint, "--listen-peer-urls", "http://127.0.0.1:2380",
                // One member alone: an election has nothing to wait for.
                "--heartbeat-interval", "10", "--election-timeout", "100",
                // A busy disk must not decide about a lab; a killed etcd still finds all that it has written.
                "--unsafe-no-fsync",
            ])
        try start("etcd", command, in: place(of: control))
    }

    /// Ends etcd as a crash of its machine does.
    package func stopEtcd() throws { try end("etcd", in: control, SIGKILL) }

    /// Throws away all that etcd has stored; it must be stopped.
    package func wipeEtcd() throws { try Files.removeTree("\(paths.directory)/etcd") }

    /// Waits for etcd and gives it the overlay's network configuration.
    package func configureEtcd() throws {
        try eventually("etcd answers on \(etcdEndpoint)") {
            guard try isRunning("etcd", in: control) else { throw LabError("etcd ended") }
            let probe = Probe(
                from: paths.namespace(control),
                to: Addresses.underlay(Addresses.controlHost, configuration.family.families[0]).address)
            return probe.connects(port: 2379)
        }
        let put = Command(
            programs.etcdctl, ["put", "/coreos.com/network/config", configuration.networkConfiguration.serialized()],
            environment: etcdEnvironment)
        // A member that has just started answers only when it has elected itself.
        do {
            try eventually("etcd takes the network configuration") {
                try put.run(in: place(of: control)).status == 0
            }
        } catch {
            throw LabError("\(error)\n\(logTails())")
        }
    }

    private var etcdEnvironment: [String: String] { ["ETCDCTL_API": "3", "ETCDCTL_ENDPOINTS": etcdEndpoint] }

    // MARK: The overlay

    package func startOverlay(_ node: String) throws {
        let leases =
            configuration.store == .leases
            ? ["--etcd-endpoints=\(etcdEndpoint)"]
            : ["--kube-subnet-mgr", "--kubeconfig-file=\(Self.nodeKubeconfig)"]
        let command = Command(
            programs.poplin,
            ["overlay", "--iface=eth0", "--ip-masq", "--healthz-ip=127.0.0.1", "--healthz-port=8081"] + leases,
            environment: ["NODE_NAME": node])
        try start("overlay/\(node)", command, in: place(of: node))
    }

    /// Ends a node's overlay: at once and without a chance to clean up, unless another signal is given.
    package func stopOverlay(_ node: String, signal: Int32 = SIGKILL) throws {
        try end("overlay/\(node)", in: node, signal)
    }

    /// Waits until every node has its subnet, and a route to the subnet of each other node.
    package func waitForOverlay(within limit: Duration = .seconds(20)) throws {
        for node in nodes {
            try eventually("\(node) has routes to all other nodes' pods", within: limit) {
                guard try isRunning("overlay/\(node)", in: node) else { throw LabError("the overlay of \(node) ended") }
                guard Files.exists(file("/run/flannel/subnet.env", of: node)) else { return false }
                return try configuration.family.families.allSatisfy { family in
                    try podRoutes(of: node, family).count >= nodes.count - 1
                }
            }
        }
    }

    /// Waits until the node's overlay itself says that it is ready.
    package func waitForReadiness(of node: String, within limit: Duration = .seconds(20)) throws {
        var answer = ""
        do {
            try eventually("the overlay of \(node) is ready", within: limit) {
                guard try isRunning("overlay/\(node)", in: node) else { throw LabError("the overlay of \(node) ended") }
                var probe = Probe(from: try namespace(of: node), to: .v4(IPv4Address(127, 0, 0, 1)))
                probe.port = 8081
                answer = (try? probe.get("/readyz")) ?? ""
                return answer.hasPrefix("HTTP/1.1 200")
            }
        } catch {
            throw LabError("\(error)\n\(answer)\n\(logTails())")
        }
    }

    /// The keys of the leases in etcd.
    package func leaseKeys() throws -> [String] {
        let output = try Command(
            programs.etcdctl, ["get", "/coreos.com/network/subnets", "--prefix", "--keys-only"],
            environment: etcdEnvironment
        ).run(in: place(of: control))
        return output.standardOutput.split(separator: "\n").map(String.init)
    }

    /// The destinations in the pods' network that the node reaches through others.
    package func podRoutes(of node: String, _ family: IPFamily) throws -> [CIDR] {
        let network = family == .v4 ? Addresses.pods4 : Addresses.pods6
        var socket = try NetlinkSocket(in: NetworkNamespace(path: namespace(of: node)))
        return try socket.routes(RouteFilter(family)).filter { $0.gateway != nil && network.contains($0.destination) }
            .map(\.destination)
    }

    /// The node's own part of the pods' network, as the overlay wrote it to subnet.env; empty until it has.
    package func subnets(of node: String) -> [CIDR] {
        guard let text = try? Files.readText(file("/run/flannel/subnet.env", of: node)) else { return [] }
        return text.split(separator: "\n").compactMap { line in
            let parts = line.split(separator: "=", maxSplits: 1)
            guard parts.count == 2, parts[0] == "FLANNEL_SUBNET" || parts[0] == "FLANNEL_IPV6_SUBNET" else {
                return nil
            }
            return CIDR(parts[1])?.network
        }
    }

    /// Changes the MTU of the network between the nodes.
    package func setUnderlayMTU(_ mtu: Int) throws {
        try Underlay(path: paths.namespace("underlay"))
            .setMTU(mtu, hosts: ([control, "outside"] + nodes).map { paths.namespace($0) })
    }

    /// Gives a node another IPv4 address in the underlay, in place of the one it has.
    package func setUnderlayAddress(of node: String, _ address: IPAddress) throws {
        var socket = try NetlinkSocket(in: NetworkNamespace(path: namespace(of: node)))
        let eth0 = try socket.link("eth0").index
        for old in try socket.addresses(.v4, on: eth0) { try socket.run(.address(.delete, old)) }
        let network = Addresses.underlay4
        try socket.run(.address(.add, InterfaceAddress(CIDR(address, network.prefixLength), on: eth0)))
        let outside = Addresses.underlay(Addresses.outsideHost, .v4).address
        let everything = CIDR(IPAddress(family: .v4, value: 0), 0)
        try socket.run(.route(.replace, Route(everything, via: outside, dev: eth0)))
    }

    /// The last lines of every log, for the one who has to find out.
    func logTails(lines: Int = 8) -> String {
        ((try? Files.list(paths.directory)) ?? []).filter { $0.hasSuffix(".log") }.sorted().compactMap { file in
            guard let text = try? Files.readText("\(paths.directory)/\(file)"), !text.isEmpty else { return nil }
            let tail = text.split(separator: "\n").suffix(lines).map { "    \($0)" }.joined(separator: "\n")
            return "\(file):\n\(tail)"
        }.joined(separator: "\n")
    }

    /// Looks every 5 milliseconds until it is true.
    func eventually(_ what: String, within limit: Duration = .seconds(20), _ condition: () throws -> Bool) throws {
        let deadline = ContinuousClock.now + limit
        while try !condition() {
            if ContinuousClock.now > deadline { throw LabError("not within \(limit): \(what)") }
            usleep(5000)
        }
    }
}
