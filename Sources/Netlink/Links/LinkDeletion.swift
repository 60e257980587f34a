internal import Glibc
internal import Linux

extension NetlinkSocket {
    /// Deletes links of the calling thread's namespace, where the socket must be too. A link that is absent is no error.
    ///
    /// It returns when the links are gone for everybody. The kernel has more to do then: it waits for the last reader of
    /// what they were (rcu_barrier, 20 ms where HZ is 250), and has the process wait that asked. That is a child here, for
    /// which nobody waits; the kernel's own notice says that the links are gone. (A thread would not do: a process ends
    /// with the last of its threads.)
    package mutating func deleteLinks(_ names: [String]) throws(NetlinkError) {
        if names.isEmpty { return }
        let requests = names.map { NetlinkRequest.deleteLink(.name($0)) }
        var failures = [NetlinkError?](repeating: nil, count: names.count)
        var remaining = Set(names)
        var monitor = try NetlinkMonitor(.links)
        let batch = try encode(requests)
        guard let child = ChildProcess.send(batch.datagram, on: port.descriptor.rawValue) else {
            return try Self.report(runAll(requests))
        }
        while !remaining.isEmpty {
            switch Self.wait(
                answer: port.descriptor.rawValue, notice: monitor.descriptor, childEnd: child.rawValue)
            {
            case .answer:
                if try receive(batch, requests, &failures) { remaining = [] }
                for (name, failure) in zip(names, failures) where failure != nil { remaining.remove(name) }
            case .notice: for case .linkRemoved(let link) in try monitor.receive() { remaining.remove(link.name) }
            case .childEnd:
                // Without an answer: it could not ask.
                return try Self.report(runAll(requests))
            }
        }
        try Self.report(failures)
    }

    private static func report(_ failures: [NetlinkError?]) throws(NetlinkError) {
        for failure in failures { if let failure, !failure.isNotFound { throw failure } }
    }

    private enum Sign: Int { case answer, notice, childEnd }

    /// What comes first, in this order: an answer is there before the child ends.
    private static func wait(answer: CInt, notice: CInt, childEnd: CInt) -> Sign {
        var entries = [answer, notice, childEnd].map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
        while poll(&entries, 3, -1) < 0 { if Errno.last != .interrupted { return .childEnd } }
        return entries.firstIndex { $0.revents != 0 }.flatMap(Sign.init) ?? .childEnd
    }
}
