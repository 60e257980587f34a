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
    /// all are gone (at most about two seconds).
    package static func killAll(in identities: Set<NamespaceIdentity>) {
        if identities.isEmpty { return }
        var killed: Set<Int32> = []
        for _ in 0..<1000 {
            let found = processes(in: identities)
            killed.formUnion(found)
            for pid in found { _ = kill(pid, SIGKILL) }
            killed = killed.filter { !hasEnded($0) }
            if found.isEmpty && killed.isEmpty { return }
            usleep(2000)
        }
    }

    /// Sends the signal and waits until the process is gone; after the limit it is killed.
    package static func end(
        _ pid: Int32, in identity: NamespaceIdentity, with signal: Int32 = SIGTERM, within limit: Duration = .seconds(5)
    ) {
        guard isAlive(pid, in: identity) else { return }
        _ = kill(pid, signal)
        let deadline = ContinuousClock.now + limit
        while !hasEnded(pid) {
            if ContinuousClock.now > deadline, isAlive(pid, in: identity) { _ = kill(pid, SIGKILL) }
            usleep(2000)
        }
    }

    /// Whether nothing is left of a process that was told to end: its first thread may be a zombie while others still
    /// hold its files and ports. The exit status of a child of ours is taken.
    private static func hasEnded(_ pid: Int32) -> Bool {
        var status: Int32 = 0
        if waitpid(pid, &status, WNOHANG) == pid { return true }
        guard let threads = try? Files.list("/proc/\(pid)/task") else { return true }
        guard threads.count <= 1, let text = try? Files.readText("/proc/\(pid)/stat") else { return threads.isEmpty }
        // The state comes after the name, which may itself hold parentheses (proc_pid_stat(5)).
        guard let end = text.lastIndex(of: ")") else { return true }
        return text[end...].dropFirst(2).first == "Z"
    }
}
