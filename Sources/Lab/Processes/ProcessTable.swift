internal import Glibc
package import Linux

/// The processes of the machine, as /proc shows them.
package enum ProcessTable {
    /// The living processes, other than this one, whose main thread is in the network namespace.
    package static func processes(in identity: NamespaceIdentity) -> [Int32] {
        ((try? Files.list("/proc")) ?? []).compactMap { Int32($0) }.filter { $0 != getpid() && isAlive($0, in: identity) }
    }

    /// Whether the process lives and is in the network namespace: a number that was given to another program since then
    /// is not taken for it.
    package static func isAlive(_ pid: Int32, in identity: NamespaceIdentity) -> Bool {
        // The namespace link of a zombie cannot be followed.
        var status = stat()
        guard stat("/proc/\(pid)/ns/net", &status) == 0 else { return false }
        return UInt64(status.st_dev) == identity.device && UInt64(status.st_ino) == identity.inode
    }

    /// Ends, with SIGKILL, every process in the network namespace, also one that is forked meanwhile, and waits until
    /// all are gone (at most two seconds).
    package static func killAll(in identity: NamespaceIdentity) {
        for _ in 0..<1000 {
            let found = processes(in: identity)
            if found.isEmpty { return }
            for pid in found { signal(pid, SIGKILL) }
            usleep(2000)
        }
    }

    /// Sends the signal and waits until the process is gone from the namespace; after the limit it is killed.
    package static func end(
        _ pid: Int32, in identity: NamespaceIdentity, with signal: Int32 = SIGTERM, within limit: Duration = .seconds(5)
    ) {
        guard isAlive(pid, in: identity) else { return reap(pid) }
        self.signal(pid, signal)
        let deadline = ContinuousClock.now + limit
        while isAlive(pid, in: identity) {
            if ContinuousClock.now > deadline { self.signal(pid, SIGKILL) }
            usleep(2000)
            reap(pid)
        }
    }

    private static func signal(_ pid: Int32, _ number: Int32) {
        _ = kill(pid, number)
        reap(pid)
    }

    /// Takes the exit status of a child of ours; for any other process this does nothing.
    private static func reap(_ pid: Int32) {
        var status: Int32 = 0
        _ = waitpid(pid, &status, WNOHANG)
    }
}
