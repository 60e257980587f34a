internal import Glibc
internal import Linux

/// A mount namespace kept alive by a bind mount of its file, in which a node has a /run of its own, and an /etc, /opt
/// and /var that begin as the machine's and keep what is written to them to themselves.
enum MountNamespace {
    /// /var first: on some systems /opt leads into it.
    private static let copied = ["var", "etc", "opt"]

    /// What networks and runtimes keep on a machine. It begins empty on every node: a machine that runs some of them
    /// itself would hand its nodes its own leases, reservations, plugins and credentials.
    static let own = [
        "etc/cni", "etc/kube-flannel", "etc/kubernetes", "etc/poplin", "etc/rancher", "opt/cni",
        "var/lib/cni", "var/lib/containerd", "var/lib/containers", "var/lib/etcd", "var/lib/k0s", "var/lib/kube-proxy",
        "var/lib/kubelet", "var/lib/poplin", "var/lib/rancher", "var/log/containers", "var/log/pods",
    ]

    /// Makes a mount namespace and binds it to `file`, which must be on a mount that is not shared. What the node writes
    /// appears below `state`: in `run`, `etc`, `opt` and `var`. `network` is the namespace that the node's /sys shows,
    /// `machine` the directory whose /etc, /opt and /var the node's begin as.
    static func create(at file: String, state: String, network: String, machine: String = "") throws {
        _ = try FileDescriptor.open(file, O_RDONLY | O_CREAT, mode: 0o400)
        try bindNew(to: file)
        try Thread.run("mount") {
            try Place(network: network, mounts: file).enter()
            // Unmounting outside still reaches in here (names in /run/netns go away); nothing goes out.
            try check("detach", "/") { mount("", "/", "none", UInt(MS_SLAVE | MS_REC), nil) }
            // They must be in the copies, for something to be mounted on.
            for path in own { try Files.makeDirectories("\(state)/\(path)") }
            for name in copied { try mountCopy(of: name, from: machine, state: state) }
            for path in own { try bind("\(state)/\(path)", to: "/\(path)") }
            try replaceRun(with: "\(state)/run")
            // As `ip netns exec` does: /sys/class/net shows the namespace that was current when sysfs was mounted.
            _ = mount("sysfs", "/sys", "sysfs", 0, nil)
        }
    }

    /// The file is mounted by a thread that stays outside: a mount inside would be seen by nobody else.
    ///
    /// The kernel refuses one that is older than the thread's own, because it might hold itself. From 6.18 on it
    /// compares numbers that each processor gives from a stock of its own, so that a lab in a container may meet an older
    /// one; not on the processor that the container's own was made on.
    private static func bindNew(to file: String) throws {
        let processors = (0..<max(1, sysconf(Int32(_SC_NPROCESSORS_CONF)))).map { Int?($0) }
        var refusal = SystemError("mount", file, .invalid)
        for processor in [nil] + processors {
            let made = try Thread.run("mount") { () throws -> OpenNamespace? in
                if let processor, (try? CallingThread.stay(onProcessor: processor)) == nil { return nil }
                try CallingThread.unshare([.mounts, .directories])
                return OpenNamespace(try FileDescriptor.open("/proc/thread-self/ns/mnt", O_RDONLY))
            }
            guard let made else { continue }
            do throws(SystemError) {
                return try bind("/proc/self/fd/\(made.descriptor.rawValue)", to: file)
            } catch {
                guard error.errno == .invalid else { throw error }
                refusal = error
            }
        }
        throw refusal
    }

    static func remove(_ file: String) {
        while umount2(file, Int32(MNT_DETACH)) == 0 {}
        _ = unlink(file)
    }

    private static func mountCopy(of name: String, from machine: String, state: String) throws(SystemError) {
        let (upper, work) = ("\(state)/\(name)", "\(state)/.work/\(name)")
        try Files.makeDirectories(upper)
        try Files.makeDirectories(work)
        let options = "lowerdir=\(machine)/\(name),upperdir=\(upper),workdir=\(work)"
        try check("mount an overlay on", "/\(name)") { mount("overlay", "/\(name)", "overlay", 0, options) }
    }

    private static func bind(_ source: String, to target: String) throws(SystemError) {
        try check("mount", target) { mount(source, target, "none", UInt(MS_BIND | MS_REC), nil) }
    }

    private static func replaceRun(with directory: String) throws(SystemError) {
        let names = "\(directory)/netns"
        try Files.makeDirectories(names)
        try bind(LabNamespace.directory, to: names)
        let machine = try FileDescriptor.open("/run", O_RDONLY | O_DIRECTORY)
        try bind(directory, to: "/run")
        // Below the new /run are copies of the mounts of all labs; as long as this node lives they would keep the
        // files of labs that are gone.
        let labs = "/proc/thread-self/fd/\(machine.rawValue)/poplin-lab"
        for lab in (try? Files.list(labs)) ?? [] { _ = umount2("\(labs)/\(lab)", Int32(MNT_DETACH)) }
    }
}

/// Carries an open namespace from one thread to another.
private final class OpenNamespace: Sendable {
    let descriptor: FileDescriptor

    init(_ descriptor: consuming FileDescriptor) { self.descriptor = descriptor }
}
