internal import Glibc
package import Linux

/// Network namespaces with a name, as iproute2 keeps them: a bind mount of the namespace's file under /run/netns.
extension NetworkNamespace {
    private static var directory: String { LabNamespace.directory }

    /// Makes a network namespace, with its loopback up, and gives it a name.
    package static func create(named name: String) throws -> NetworkNamespace {
        let path = "\(directory)/\(name)"
        try prepareDirectory()
        // Only the one who creates the file owns the name.
        _ = try FileDescriptor.open(path, O_RDONLY | O_CREAT | O_EXCL, mode: 0o444)
        do {
            try bindNewNamespace(to: path)
            return try NetworkNamespace(path: path)
        } catch {
            _ = unlink(path)
            throw error
        }
    }

    /// Ends the processes inside and takes the names away. The kernel frees a namespace, and every link in it, with
    /// the last descriptor. An absent name is no error.
    package static func destroy(named names: [String]) {
        let paths = names.map { "\(directory)/\($0)" }
        ProcessTable.killAll(in: Set(paths.compactMap { try? NetworkNamespace(path: $0).identity }))
        for path in paths {
            while umount2(path, Int32(MNT_DETACH)) == 0 {}
            _ = unlink(path)
        }
    }

    package static func destroy(named name: String) { destroy(named: [name]) }

    /// As iproute2 does: the directory is a mount point of its own, so that a name that is unmounted here goes away in
    /// other mount namespaces too.
    private static func prepareDirectory() throws {
        if try share() { return }
        try Files.makeDirectories(directory)
        // One at a time, or two programs that start together mount the directory twice.
        try LabLock.hold("/netns") {
            if try share() { return }
            try check("mount", directory) {
                mount(directory, directory, "none", UInt(MS_BIND | MS_REC), nil)
            }
            _ = try share()
        }
    }

    /// False if the directory is absent or no mount point.
    private static func share() throws(SystemError) -> Bool {
        if mount("", directory, "none", UInt(MS_SHARED | MS_REC), nil) == 0 { return true }
        let cause = Errno.last
        guard cause == .invalid || cause == .noEntry else { throw SystemError("share", directory, cause) }
        return false
    }

    private static func bindNewNamespace(to path: String) throws(SystemError) {
        let home = try NetworkNamespace.current()
        try CallingThread.unshare(.network)
        defer { home.enterOrEnd() }
        try raiseLoopback()
        try check("mount", path) { mount("/proc/thread-self/ns/net", path, "none", UInt(MS_BIND), nil) }
    }

    /// SIOCSIFFLAGS (netdevice(7)): struct ifreq is the name in 16 octets, then the flags in two.
    private static func raiseLoopback() throws(SystemError) {
        let control = FileDescriptor(
            owning: try check("open", "a socket") {
                socket(AF_INET, Int32(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
            })
        var request = [UInt8](repeating: 0, count: 40)
        request.replaceSubrange(0..<2, with: Array("lo".utf8))
        request[16] = UInt8(IFF_UP)
        try check("set up", "lo") { ioctl(control.rawValue, UInt(SIOCSIFFLAGS), &request) }
    }
}
