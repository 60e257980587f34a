internal import NetTypes
internal import Synchronization

extension Lab {
    /// Proves with real packets that Services do what Kubernetes promises: makes some of every kind, asks for each in every
    /// way from every pod, every node and the outside, and takes them away again. `stopsAtFirst` ends with the first
    /// promise that does not hold.
    package func proveServices(stopsAtFirst: Bool = true) throws -> CheckReport {
        guard hasProxies else { throw LabError("the lab \(name) has no API server, and so no Services") }
        guard pods.count >= 2 else { throw LabError("Services are checked with two pods or more") }
        let start = ContinuousClock.now
        var (findings, notes): ([Finding], [String]) = ([], [])
        func isOver() -> Bool { stopsAtFirst && findings.contains { !$0.holds } }
        try withCheckedServices { services in
            var all: [ServicePromise] = []
            for family in configuration.family.families where !isOver() {
                let promises = try servicePromises(services, family)
                all += promises
                findings += try Self.prove(promises.count, stopsAtFirst) { promises[$0].prove() }
                if isOver() { return }
                let spreads = spreads(promises)
                let counted = Notes()
                findings += try Self.prove(spreads.count, stopsAtFirst) { number in
                    let (finding, note) = spreads[number].prove()
                    if let note { counted.add(note) }
                    return finding
                }
                notes += counted.sorted
                if isOver() { return }
                if let brief = services.first(where: { $0.name == CheckedService.brief }),
                    let target = brief.clusterIP(family)
                {
                    let clients = try serviceClients()
                    findings += try ServiceMemory(
                        clients: clients, target: target, endpoints: brief.endpoints.count
                    ).prove()
                }
            }
            if isOver() { return }
            let (departures, note) = try proveDeparture(services, all)
            findings += departures
            notes.append(note)
        }
        return CheckReport(
            configuration: configuration, hosts: pods.map(\.name) + nodes, findings: findings, notes: notes,
            elapsed: .now - start)
    }

    /// In the order of the work, which is done by several threads; after a failure nothing new is begun.
    private static func prove(
        _ count: Int, _ stopsAtFirst: Bool, _ work: @escaping @Sendable (Int) -> Finding
    ) throws -> [Finding] {
        let results = Results()
        try Concurrent.perform(count, threads: 16) { number in
            if stopsAtFirst, results.hasFailed { return }
            results.add(number, work(number))
        }
        return results.sorted
    }

    /// From a pod and a node by ClusterIP, from the outside by the load balancer.
    private func spreads(_ promises: [ServicePromise]) -> [ServiceSpread] {
        var taken: Set<String> = []
        return promises.filter { promise in
            let client = promise.client
            guard promise.service == CheckedService.everyone,
                promise.front == (client.node == nil ? "LoadBalancer" : "ClusterIP")
            else { return false }
            return taken.insert(client.pod != nil ? "pod" : client.node != nil ? "node" : "outside").inserted
        }.map { ServiceSpread(promise: $0) }
    }

    private final class Results: Sendable {
        private let findings = Mutex<[Int: Finding]>([:])

        var hasFailed: Bool { findings.withLock { $0.values.contains { !$0.holds } } }
        var sorted: [Finding] { findings.withLock { $0.sorted { $0.key < $1.key }.map(\.value) } }
        func add(_ number: Int, _ finding: Finding) { findings.withLock { $0[number] = finding } }
    }

    private final class Notes: Sendable {
        private let texts = Mutex<[String]>([])

        var sorted: [String] { texts.withLock { $0.sorted() } }
        func add(_ text: String) { texts.withLock { $0.append(text) } }
    }
}
