internal import Glibc
package import Linux

/// The processes of the machine, as /proc shows them.
package enum ProcessTable {
    /// The processes, other than this one, whose main thread is in the network namespace.
    package static func processes(in identity: NamespaceIdentity) -> [Int32] {
        all().filter { pid in
            var status = stat()
            guard stat("/proc/\(pid)/ns/net", &status) == 0 else { return false }
            return UInt64(status.st_dev) == identity.device && UInt64(status.st_ino) == identity.inode
        }
    }

    /// Ends, with SIGKILL, every process in the network namespace, also one that is forked meanwhile, and waits until
    /// all are gone (at most two seconds).
    package static func killAll(in identity: NamespaceIdentity) {
        for _ in 0..<400 {
            let found = processes(in: identity).filter { !isZombie($0) }
            if found.isEmpty { return }
            for pid in found { _ = kill(pid, SIGKILL) }
            usleep(5000)
        }
    }

    /// A process that has ended and waits for its parent to ask for its status.
    static func isZombie(_ pid: Int32) -> Bool {
        guard let text = try? Files.readText("/proc/\(pid)/stat"), let end = text.lastIndex(of: ")") else {
            return true
        }
        return text[end...].dropFirst(2).first == "Z"
    }

    private static func all() -> [Int32] {
        ((try? Files.list("/proc")) ?? []).compactMap { Int32($0) }.filter { $0 != getpid() }
    }
}
