import Glibc
import Linux
import TestSupport
import Testing

@testable import Lab

@Suite("The files of a lab's node", .requiresRoot)
struct MountNamespaceTests {
    /// What a machine that is a node itself has in its directories.
    private static let state = [
        "etc/cni/net.d/10-flannel.conflist", "etc/kube-flannel/net-conf.json", "etc/kubernetes/admin.conf",
        "etc/poplin/kubeconfig", "etc/rancher/k3s/k3s.yaml", "opt/cni/bin/flannel",
        "var/lib/cni/networks/cbr0/10.42.0.2", "var/lib/kubelet/config.yaml", "var/lib/poplin/overlay/state.json",
        "var/lib/poplin/server/state.db", "var/lib/rancher/k3s/agent/kubelet.kubeconfig",
    ]
    /// And what every machine has.
    private static let rest = ["etc/passwd", "etc/ssl/certs/ca.pem", "opt/tool/bin/tool", "var/lib/dpkg/status"]

    @Test("begin as the machine's without what its own network keeps there, and stay the node's")
    func own() throws {
        let directory = try TemporaryDirectory()
        let machine = directory.file("machine")
        for path in Self.state + Self.rest { try Self.write("the machine's", "\(machine)/\(path)") }
        let before = try Self.tree(machine)
        let wrong = try Self.wrong(onNode: directory.file("node"), machine) { node in
            try MountNamespace.own.filter { try Files.list("/\($0)") != [] }
                + Self.rest.filter { try Files.readText("/\($0)") != "the machine's" }
                + (Self.state + Self.rest).filter { path in
                    try Self.write("the node's", "/\(path)")
                    return try Files.readText("\(node)/\(path)") != "the node's"
                }
                + ["etc/poplin/kubeconfig"].filter { path in
                    // As the lab does when the node has looked already.
                    try Self.write("the lab's", "\(node)/\(path)")
                    return try Files.readText("/\(path)") != "the lab's"
                }
                + Files.list("/run").filter { $0 != "netns" }
        }
        #expect(wrong == [])
        #expect(try Self.tree(machine) == before)
    }

    @Test("are the node's own where the machine leads elsewhere by a symbolic link")
    func links() throws {
        let directory = try TemporaryDirectory()
        let machine = directory.file("machine")
        let links = ["etc/cni", "opt/cni", "var/lib/cni"]
        for path in ["etc/rest", "opt/rest", "var/lib/elsewhere/plugin"] { try Self.write("", "\(machine)/\(path)") }
        for path in links { try check("link", path) { symlink("/var/lib/elsewhere", "\(machine)/\(path)") } }
        let wrong = try Self.wrong(onNode: directory.file("node"), machine) { _ in
            try links.filter { path in
                let isEmpty = try Files.list("/\(path)") == []
                try Self.write("the node's", "/\(path)/file")
                return !isEmpty
            } + Files.list("/var/lib/elsewhere").filter { $0 != "plugin" }
        }
        #expect(wrong == [])
        #expect(try Files.list("\(machine)/var/lib/elsewhere") == ["plugin"])
    }

    @Test("can be made in a container, whichever processors its mount namespace and the node's are made on")
    func processors() throws {
        let directory = try TemporaryDirectory()
        let machine = directory.file("machine")
        for path in ["etc/rest", "opt/rest", "var/rest"] { try Self.write("", "\(machine)/\(path)") }
        let last = Int(sysconf(Int32(_SC_NPROCESSORS_ONLN))) - 1
        for (outer, inner) in [(0, last), (last, 0)] {
            let node = directory.file("node\(outer)-\(inner)")
            let names = try Self.wrong(onNode: node, machine, outer, inner) { _ in try Files.list("/var") }
            #expect(names.sorted() == ["lib", "log", "rest"])
        }
    }

    /// The paths that the body finds wrong, on a thread that sees what a node does. It is given the directory that the
    /// node's writes go to.
    private static func wrong(
        onNode directory: String, _ machine: String, _ outer: Int = 0, _ inner: Int = 0,
        _ body: @escaping @Sendable (String) throws -> [String]
    ) throws -> [String] {
        let namespace = try LabNamespace("files")
        let network = namespace.path
        return try Thread.run("node") {
            // All mounts end with the thread.
            try? CallingThread.stay(onProcessor: outer)
            try CallingThread.unshare([.mounts, .directories])
            try check("detach", "/") { mount("", "/", "none", UInt(MS_PRIVATE | MS_REC), nil) }
            try? CallingThread.stay(onProcessor: inner)
            try Files.makeDirectories(directory)
            try check("mount", directory) { mount("tmpfs", directory, "tmpfs", 0, nil) }
            let file = "\(directory)/mounts"
            try MountNamespace.create(at: file, state: "\(directory)/node", network: network, machine: machine)
            defer { MountNamespace.remove(file) }
            try Place(mounts: file).enter()
            return try body("\(directory)/node")
        }
    }

    private static func write(_ text: String, _ path: String) throws {
        if let slash = path.lastIndex(of: "/") { try Files.makeDirectories(String(path[..<slash])) }
        try Files.replace(path, text.utf8)
    }

    /// The contents of all files below, by their paths; of directories and links nothing.
    private static func tree(_ directory: String) throws -> [String: String] {
        var files: [String: String] = [:]
        for name in try Files.list(directory) {
            let path = "\(directory)/\(name)"
            if (try? Files.list(path)) == nil {
                files[path] = (try? Files.readText(path)) ?? ""
            } else {
                files.merge(try tree(path)) { $1 }
            }
        }
        return files
    }
}
