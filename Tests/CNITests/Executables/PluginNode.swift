import CNI
import Glibc
import JSON
import Lab
import Linux
import NFTables
import Netlink
import TestSupport

/// A node on which plugins run as the programs that they are: network and mount namespace of its own, with /run and
/// /var/lib/cni empty and small, and an /etc that keeps what is written to it to itself.
struct PluginNode: ~Copyable {
    static let reference = "/usr/lib/cni"
    static let ours = PluginRegistry.all.names

    let namespace: LabNamespace
    let directory: TemporaryDirectory
    /// Keeps the mount namespace alive; it is in the network namespace and so ends with that.
    private let holder: Int32

    /// The options are those of tmpfs(5).
    init(run: String = "size=16m", library: String = "size=16m") throws {
        let namespace = try LabNamespace("cni")
        let directory = try TemporaryDirectory()
        for name in ["netns", "etc", "work", "bin"] { try Files.makeDirectories(directory.file(name)) }
        for name in Self.ours { try Files.symbolicLink(directory.file("bin/\(name)"), to: Executable.path) }
        // New names in /run/netns have to appear in here too: the directory is moved, not copied.
        let script = """
            set -e; cd \(directory.path)
            mount --rbind /run/netns netns; mount -t tmpfs -o \(run) none /run
            mkdir /run/netns; mount --rbind netns /run/netns
            mkdir -p /var/lib/cni; mount -t tmpfs -o \(library) none /var/lib/cni
            mount -t overlay -o lowerdir=/etc,upperdir=etc,workdir=work none /etc
            touch ready; exec sleep 600
            """
        let unshare = Command("/usr/bin/unshare", ["-m", "--propagation", "slave", "/bin/bash", "-c", script])
        let holder = try unshare.start(in: Place(network: namespace.path), log: directory.file("log"))
        try eventually("the node's mounts: \(directory.file("log"))") { Files.exists(directory.file("ready")) }
        self.namespace = namespace
        self.directory = directory
        self.holder = holder
    }

    var place: Place { Place(network: namespace.path, mounts: "/proc/\(holder)/ns/mnt") }
    /// Where this process finds the node's files.
    var root: String { "/proc/\(holder)/root" }
    var plugins: String { directory.file("bin") }

    /// One call of a program: ours, unless `directory` says otherwise, of the configuration's type. With `killedAfter`
    /// (microseconds) it is killed in its work.
    func call(
        _ verb: String, _ config: JSONValue, id: String = "pod", namespace: String = "", previous: JSONValue? = nil,
        directory: String? = nil, killedAfter: Int? = nil
    ) throws -> Answer {
        var object = config.object ?? JSONObject()
        object["prevResult"] = previous
        let directory = directory ?? plugins
        let program = "\(directory)/\(config["type"]?.string ?? "")"
        let environment = [
            "CNI_COMMAND": verb, "CNI_CONTAINERID": id, "CNI_NETNS": namespace, "CNI_IFNAME": "eth0",
            "CNI_PATH": directory, "CNI_ARGS": "",
        ]
        var command = Command(program, environment: environment)
        if let killedAfter {
            let fraction = String(1_000_000 + killedAfter).dropFirst()
            command = Command("/usr/bin/timeout", ["-s", "KILL", "0.\(fraction)", program], environment: environment)
        }
        let output = try command.run(in: place, input: JSONValue.object(object).serialized())
        return Answer(
            Runner.Outcome(status: output.status, output: output.standardOutput, errors: output.standardError))
    }

    /// A directory in which these plugins are the reference's, and the others ours.
    func mixed(reference: Set<String>) throws -> String {
        let path = directory.file("mixed")
        try Files.makeDirectories(path)
        for name in Set(Self.ours).union(reference) {
            let target = reference.contains(name) ? "\(Self.reference)/\(name)" : Executable.path
            try Files.symbolicLink("\(path)/\(name)", to: target)
        }
        return path
    }

    /// Runs a shell script on the node.
    @discardableResult
    func shell(_ script: String) throws -> String {
        let output = try Command("/bin/bash", ["-c", script]).run(in: place)
        return output.standardOutput + output.standardError
    }

    /// The configuration of type `poplin`, and the file that it reads.
    func poplin(_ more: JSONValue = [:]) throws -> JSONValue {
        try Files.makeDirectories("\(root)/run/flannel")
        let text = "FLANNEL_NETWORK=10.88.0.0/16\nFLANNEL_SUBNET=10.88.3.1/24\nFLANNEL_MTU=1450\nFLANNEL_IPMASQ=false\n"
        try Files.replace("\(root)/run/flannel/subnet.env", text.utf8)
        var object = JSONObject([("cniVersion", "1.1.0"), ("name", "net"), ("type", "poplin")])
        for member in more.object?.members ?? [] { object[member.key] = member.value }
        return .object(object)
    }

    /// What attachments would leave: links, elements, iptables rules, and files but for locks and rotation.
    func leftovers() throws -> [String] {
        var socket = try NetlinkSocket(in: namespace.namespace)
        let links = try socket.links().map(\.name).filter { $0 != "lo" && $0 != "cni0" }
        let script = """
            nft list ruleset 2>/dev/null | grep 'comment "'
            cd /; find run/poplin run/cni var/lib/cni ! -type d 2>/dev/null |
                grep -v -e '/lock$' -e last_reserved_ip -e '[.]boot$' -e /filler
            """
        return try links + shell(script).split(separator: "\n").map(String.init)
    }
}
