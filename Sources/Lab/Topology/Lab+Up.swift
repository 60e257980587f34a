internal import Glibc
internal import JSON
internal import Linux
internal import NetTypes

extension Lab {
    /// Brings the lab up and returns when every overlay has programmed all others and every proxy is ready. One that is up already is
    /// repaired: what was killed is started again. What a broken-off `up` left is taken down first.
    /// - Throws: `LabError` when a lab of that name is up with another configuration, or a part does not start.
    package static func up(_ configuration: LabConfiguration, programs: Programs) throws -> Lab {
        guard configuration.problems.isEmpty else { throw LabError(configuration.problems.joined(separator: "; ")) }
        guard geteuid() == 0 else { throw LabError("a lab needs root, to make network namespaces") }
        return try LabLock.hold(configuration.name) {
            guard let state = LabState(Paths(configuration.name).state), state.isComplete else {
                destroy(configuration.name)
                return try build(configuration, programs)
            }
            guard state.configuration == configuration else {
                throw LabError("the lab \(configuration.name) is up with another configuration; take it down first")
            }
            let lab = Lab(state, programs)
            try lab.repair()
            return lab
        }
    }

    private static func build(_ configuration: LabConfiguration, _ programs: Programs) throws -> Lab {
        let lab = Lab(LabState(configuration), programs)
        do {
            try lab.build()
            return lab
        } catch {
            // What the parts wrote says why; it is gone with the lab.
            let logs = lab.logTails()
            destroy(configuration.name)
            throw logs.isEmpty ? error : LabError("\(error)\n\(logs)")
        }
    }

    /// Takes the lab down: processes, namespaces, mounts and files. One that is not there is no error.
    package static func down(_ name: String) throws {
        try LabLock.hold(name) { destroy(name) }
    }

    static func destroy(_ name: String) {
        let paths = Paths(name)
        let namespaces = ((try? Files.list(LabNamespace.directory)) ?? []).filter { $0.hasPrefix(paths.prefix) }
        NetworkNamespace.destroy(named: namespaces)
        for file in (try? Files.list(paths.directory)) ?? [] where file.hasSuffix(".mounts") {
            MountNamespace.remove("\(paths.directory)/\(file)")
        }
        while umount2(paths.directory, Int32(MNT_DETACH)) == 0 {}
        _ = rmdir(paths.directory)
        // Only the last lab finds it empty; no other is just making its own in it.
        try? LabLock.hold("/base") { _ = rmdir(Paths.base) }
    }

    private func build() throws {
        try makeDirectory()
        try save()
        let underlay = Underlay(path: paths.namespace("underlay"))
        for host in ["underlay", control, "outside"] + nodes {
            _ = try NetworkNamespace.create(named: paths.namespaceName(host))
        }
        try underlay.make(mtu: configuration.mtu)
        try connect(control, to: underlay)
        try startControl()
        try connect("outside", to: underlay)
        try start("outside", Command(programs.lab, ["pod-server"]), in: Place(network: paths.namespace("outside")))
        for node in nodes { try makeNode(node, underlay) }
        if hasProxies { try routeServices() }
        try configureControl()
        for node in nodes { try startOverlay(node) }
        try startProxies()
        try waitForOverlay()
        try waitForProxies()
        state.isComplete = true
        try save()
    }

    /// A tmpfs that is not shared: the files of mount namespaces can be bound nowhere else.
    private func makeDirectory() throws {
        try LabLock.hold("/base") { try Files.makeDirectories(paths.directory) }
        try check("mount", paths.directory) { mount("tmpfs", paths.directory, "tmpfs", 0, "mode=755") }
        try check("make private", paths.directory) { mount("", paths.directory, "none", UInt(MS_PRIVATE), nil) }
    }

    private func connect(_ host: String, to underlay: Underlay) throws {
        let families = configuration.family.families
        let isNode = nodes.contains(host)
        try underlay.connect(
            paths.namespace(host), port: host,
            addresses: families.map { Addresses.underlay(Self.hostNumber(host), $0) },
            // The way out of the cluster; the outside itself knows nothing of the pods' network.
            gateways: isNode ? families.map { Addresses.underlay(Addresses.outsideHost, $0).address } : [],
            mtu: configuration.mtu)
    }

    private func makeNode(_ node: String, _ underlay: Underlay) throws {
        // What kubeadm demands of a node.
        try NetworkNamespace(path: paths.namespace(node)).run {
            try Sysctl.set("net/ipv4/ip_forward", "1")
            try Sysctl.set("net/ipv6/conf/all/forwarding", "1")
            // A check asks more often in a moment than a node is used to refuse.
            try Sysctl.setIfPresent("net/ipv4/icmp_ratelimit", "0")
            try Sysctl.setIfPresent("net/ipv6/icmp/ratelimit", "0")
        }
        try connect(node, to: underlay)
        let directory = paths.node(node)
        for path in ["etc/cni/net.d", "opt/cni/bin"] {
            try Files.makeDirectories("\(directory)/\(path)")
        }
        for plugin in Programs.pluginNames {
            try check("link", plugin) { symlink(programs.cni, "\(directory)/opt/cni/bin/\(plugin)") }
        }
        try Files.replace(
            "\(directory)/etc/cni/net.d/10-poplin.conflist", (Self.conflist.serialized(pretty: true) + "\n").utf8,
            mode: 0o644)
        try MountNamespace.create(at: paths.mounts(node), state: directory, network: paths.namespace(node))
        try start("node/\(node)", Command(programs.lab, ["pod-server"]), in: place(of: node))
    }

    /// Starts again what no longer runs. The namespaces outlive every process, so they are there.
    private func repair() throws {
        let hosts = ["underlay", control, "outside"] + nodes
        for path in hosts.map({ paths.namespace($0) }) + nodes.map({ paths.mounts($0) }) {
            guard Files.exists(path) else {
                throw LabError("the lab \(name) has lost \(path); run lab down and lab up")
            }
        }
        try startControl()
        if try !isRunning("outside", in: "outside") {
            try start("outside", Command(programs.lab, ["pod-server"]), in: place(of: "outside"))
        }
        try configureControl()
        for node in nodes {
            if try !isRunning("node/\(node)", in: node) {
                try start("node/\(node)", Command(programs.lab, ["pod-server"]), in: place(of: node))
            }
            if try !isRunning("overlay/\(node)", in: node) { try startOverlay(node) }
        }
        try startProxies()
        try waitForOverlay()
        try waitForProxies()
        for pod in pods where try !isRunning("server/\(pod.name)", in: pod.name) { try startServer(pod.name) }
        try save()
    }
}
