internal import Glibc
internal import NetTypes
internal import Synchronization

/// Clients of a Service that remembers them for a moment, and what became of the memory.
struct ServiceMemory: Sendable {
    private static let margin = Duration.milliseconds(300)
    private static let limit = 1e-6

    let clients: [ServiceClient]
    let target: IPAddress
    let endpoints: Int

    /// A client that stays away for the time is chosen for anew. That may end where it was; all of them again and again will
    /// not.
    func prove() throws -> [Finding] {
        var before = try visits()
        var unchanged = 1.0
        while unchanged > Self.limit {
            // Time itself is what is tested.
            let rest = (.seconds(CheckedService.briefSeconds) + Self.margin).microseconds
            usleep(UInt32(rest))
            let after = try visits()
            let missing = clients.filter { before[$0.name] == nil || after[$0.name] == nil }
            guard missing.isEmpty else {
                return missing.map { finding($0, "was not answered") }
            }
            if after != before { return clients.map { finding($0, nil) } }
            unchanged *= pow(1 / Double(max(2, endpoints)), Double(clients.count))
            before = after
        }
        return clients.map { finding($0, "is remembered longer than \(CheckedService.briefSeconds) s") }
    }

    private func visits() throws -> [String: IPAddress] {
        let found = Found()
        try Concurrent.perform(clients.count, threads: clients.count) { number in
            var probe = Probe(from: clients[number].namespace, to: target)
            probe.port = CheckedService.port
            probe.patience = .seconds(3)
            if case .answered(let answer) = probe.visit(.tcp) {
                found.servers.withLock { $0[clients[number].name] = answer.server }
            }
        }
        return found.servers.withLock { $0 }
    }

    private func finding(_ client: ServiceClient, _ problem: String?) -> Finding {
        var finding = Finding(
            source: client.name, destination: "\(CheckedService.brief) forgets", family: target.family, target: target)
        finding.problem = problem
        if problem == nil { finding.record("forgets", nil) }
        return finding
    }

    private final class Found: Sendable {
        let servers = Mutex<[String: IPAddress]>([:])
    }
}
