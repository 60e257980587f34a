internal import Glibc
internal import Linux

extension NetlinkSocket {
    /// Deletes links of the calling thread's namespace, where the socket must be too. A link that is absent is no error.
    ///
    /// It returns when the links are gone for everybody. The kernel has more to do then: it waits for the last reader of
    /// what they were (rcu_barrier, 20 ms where HZ is 250), and has the process wait that asked. That is a child here, for
    /// which nobody waits; the kernel's own notice says that the links are gone.
    package mutating func deleteLinks(_ names: [String]) throws(NetlinkError) {
        if names.isEmpty { return }
        let requests = names.map { NetlinkRequest.deleteLink(.name($0)) }
        var monitor = try NetlinkMonitor(.links)
        guard let batch = try sendInChild(requests) else { return try Self.report(runAll(requests)) }
        var failures = [NetlinkError?](repeating: nil, count: names.count)
        var remaining = Set(names)
        while !remaining.isEmpty {
            switch Self.wait(for: port.descriptor.rawValue, or: monitor.descriptor) {
            case .answer:
                if try receive(batch, requests, &failures) { remaining = [] }
                for (name, failure) in zip(names, failures) where failure != nil { remaining.remove(name) }
            case .notice: for case .linkRemoved(let link) in try monitor.receive() { remaining.remove(link.name) }
            case .nothing:
                // The child was killed before it could ask.
                return try Self.report(runAll(requests))
            }
        }
        try Self.report(failures)
    }

    private static func report(_ failures: [NetlinkError?]) throws(NetlinkError) {
        for failure in failures { if let failure, !failure.isNotFound { throw failure } }
    }

    private enum Sign { case answer, notice, nothing }

    /// An answer comes at the end of the wait, or at once with an error.
    private static func wait(for answer: CInt, or notice: CInt) -> Sign {
        var entries = [
            pollfd(fd: answer, events: Int16(POLLIN), revents: 0),
            pollfd(fd: notice, events: Int16(POLLIN), revents: 0),
        ]
        while true {
            let count = poll(&entries, 2, 10_000)
            if count < 0 && Errno.last == .interrupted { continue }
            if count <= 0 { return .nothing }
            return entries[0].revents != 0 ? .answer : .notice
        }
    }
}
