internal import Glibc
package import Linux

/// The processes of the machine, as /proc shows them.
package enum ProcessTable {
    /// The living processes, other than this one, whose main thread is in one of the network namespaces.
    package static func processes(in identities: Set<NamespaceIdentity>) -> [Int32] {
        ((try? Files.list("/proc")) ?? []).compactMap { Int32($0) }.filter { pid in
            pid != getpid() && identity(of: pid).map { identities.contains($0) } ?? false
        }
    }

    /// Whether the process lives and is in the network namespace: a number that was given to another program since then
    /// is not taken for it.
    package static func isAlive(_ pid: Int32, in identity: NamespaceIdentity) -> Bool {
        self.identity(of: pid) == identity
    }

    /// Nil for a process that is gone; also for a zombie, whose link cannot be followed.
    private static func identity(of pid: Int32) -> NamespaceIdentity? {
        var status = stat()
        guard stat("/proc/\(pid)/ns/net", &status) == 0 else { return nil }
        return NamespaceIdentity(device: UInt64(status.st_dev), inode: UInt64(status.st_ino))
    }

    /// Ends, with SIGKILL, every process in the network namespaces, also one that is forked meanwhile, and waits until
    /// all are gone (at most two seconds).
    package static func killAll(in identities: Set<NamespaceIdentity>) {
        if identities.isEmpty { return }
        for _ in 0..<1000 {
            let found = processes(in: identities)
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
