internal import Glibc
internal import Linux

/// A mount namespace kept alive by a bind mount of its file, in which a node has a /run of its own, and an /etc, /opt
/// and /var that begin as the machine's and keep what is written to them to themselves.
enum MountNamespace {
    static let copied = ["etc", "opt", "var"]

    /// Makes a mount namespace and binds it to `file`, which must be on a mount that is not shared. What the node writes
    /// appears below `state`: in `run`, `etc`, `opt` and `var`. `network` is the namespace that the node's /sys shows.
    static func create(at file: String, state: String, network: String) throws {
        _ = try FileDescriptor.open(file, O_RDONLY | O_CREAT, mode: 0o400)
        // The file is mounted from outside, by a thread that is still in the first mount namespace: a mount inside
        // would be seen by nobody else.
        let inside = try Thread.run("mount") { () throws -> OpenNamespace in
            try CallingThread.unshare(.directories)
            try Place(network: network).enter()
            try CallingThread.unshare(.mounts)
            // Unmounting outside still reaches in here (names in /run/netns go away); nothing goes out.
            try check("detach", "/") { mount("", "/", "none", UInt(MS_SLAVE | MS_REC), nil) }
            for name in copied { try mountCopy(of: name, state: state) }
            try replaceRun(with: "\(state)/run")
            // As `ip netns exec` does: /sys/class/net shows the namespace that was current when sysfs was mounted.
            _ = mount("sysfs", "/sys", "sysfs", 0, nil)
            return OpenNamespace(try FileDescriptor.open("/proc/thread-self/ns/mnt", O_RDONLY))
        }
        try check("mount", file) {
            mount("/proc/self/fd/\(inside.descriptor.rawValue)", file, "none", UInt(MS_BIND), nil)
        }
    }

    static func remove(_ file: String) {
        while umount2(file, Int32(MNT_DETACH)) == 0 {}
        _ = unlink(file)
    }

    private static func mountCopy(of name: String, state: String) throws(SystemError) {
        let (upper, work) = ("\(state)/\(name)", "\(state)/.work/\(name)")
        try Files.makeDirectories(upper)
        try Files.makeDirectories(work)
        let options = "lowerdir=/\(name),upperdir=\(upper),workdir=\(work)"
        try check("mount an overlay on", "/\(name)") { mount("overlay", "/\(name)", "overlay", 0, options) }
    }

    private static func replaceRun(with directory: String) throws(SystemError) {
        let names = "\(directory)/netns"
        try Files.makeDirectories(names)
        try check("mount", names) { mount(LabNamespace.directory, names, "none", UInt(MS_BIND | MS_REC), nil) }
        let machine = try FileDescriptor.open("/run", O_RDONLY | O_DIRECTORY)
        try check("mount", "/run") { mount(directory, "/run", "none", UInt(MS_BIND | MS_REC), nil) }
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
