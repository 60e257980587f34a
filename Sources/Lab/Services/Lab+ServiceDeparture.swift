internal import Linux
internal import NetTypes

/// An endpoint that dies under load: until the nodes have heard of it connections may fail, and not one after that.
extension Lab {
    /// A pod, a node and the outside keep asking while the last endpoint's server is killed and then taken out of the
    /// slices. Returns a finding for each, and what was counted in a sentence.
    func proveDeparture(_ services: [CheckedService], _ promises: [ServicePromise]) throws -> ([Finding], String) {
        guard let service = services.first(where: { $0.name == CheckedService.everyone }),
            let marker = services.first(where: { $0.name == CheckedService.marker }), let victim = pods.last
        else { throw LabError("there is no Service to ask") }
        let clients = [pods[0].name, nodes[0], "outside"]
        let asked = promises.filter { promise in
            let front = promise.client.node == nil ? "LoadBalancer" : "ClusterIP"
            return promise.service == service.name && clients.contains(promise.client.name) && promise.front == front
        }
        let loads = asked.flatMap { [ServiceLoad($0), ServiceLoad($0, flowTo: victim.address($0.target.family))] }
        let thread = try Thread("load") {
            try? Concurrent.perform(loads.count, threads: loads.count) { loads[$0].run() }
        }
        let known: Knowledge
        do {
            try eventually("every client has asked 30 times, and been at the endpoint that goes") {
                loads.allSatisfy { load in
                    let visits = load.all
                    let endpoint = victim.address(load.promise.target.family)
                    return visits.count >= 30 && visits.contains { $0.server == endpoint }
                }
            }
            try end("server/\(victim.name)", in: victim.name)
            let rest = pods.dropLast()
            try setEndpoints(of: service, rest)
            try setEndpoints(of: marker, rest.prefix(1))
            try waitForMarker(services, by: rest.prefix(1))
            let connections = ContinuousClock.now
            // A node goes on to the next change when it is done with this one, tracked datagrams included.
            try setEndpoints(of: marker, [])
            try waitForMarker(services, by: [])
            known = Knowledge(connections: connections, datagrams: .now)
            try eventually("every client has asked 100 times") {
                loads.allSatisfy { $0.count(since: known.datagrams) >= 100 }
            }
            loads.forEach { $0.stop() }
            thread.join()
        } catch {
            loads.forEach { $0.stop() }
            thread.join()
            try? restore(victim, services)
            throw error
        }
        try restore(victim, services)
        return (loads.map { $0.finding(known, victim) }, Self.summary(loads, known))
    }

    private func restore(_ victim: Pod, _ services: [CheckedService]) throws {
        try startServer(victim.name)
        for service in services where [CheckedService.everyone, CheckedService.marker].contains(service.name) {
            try setEndpoints(of: service, service.endpoints)
        }
        try waitForMarker(services, by: [victim])
    }

    private static func summary(_ loads: [ServiceLoad], _ known: Knowledge) -> String {
        func counts(_ visits: [ServiceLoad.Visit]) -> String {
            "\(visits.count { $0.server == nil }) of \(visits.count)"
        }
        let before = loads.flatMap { load in load.all.filter { $0.start < known.time(for: load) } }
        let after = loads.flatMap { load in load.all.filter { $0.start >= known.time(for: load) } }
        return "an endpoint died under load: \(counts(before)) connections and datagrams failed before every node knew,"
            + " \(counts(after)) after that"
    }
}

/// From when on nothing may fail.
private struct Knowledge {
    /// Every node sends new connections elsewhere.
    let connections: ContinuousClock.Instant
    /// And has forgotten the flows that were tracked.
    let datagrams: ContinuousClock.Instant

    func time(for load: ServiceLoad) -> ContinuousClock.Instant { load.first == nil ? connections : datagrams }
}

extension ServiceLoad {
    fileprivate func finding(_ known: Knowledge, _ victim: Pod) -> Finding {
        var finding = Finding(
            source: promise.client.name, destination: "\(promise.service) under change", family: promise.target.family,
            target: promise.target)
        let (visits, what, committed) = (all, first == nil ? "connections" : "datagrams", known.time(for: self))
        let dead = victim.address(promise.target.family)
        if !visits.contains(where: { $0.start < committed && $0.server == dead }) {
            finding.problem = "no \(what) went to \(victim.name) before it died"
        }
        if let late = visits.first(where: { $0.start >= committed && ($0.server == nil || $0.server == dead) }) {
            finding.problem =
                "\(what) to \(promise.target): one begun \((late.start - committed).microseconds / 1000) ms after every"
                + " node knew \(late.problem ?? "went to the endpoint that is gone")"
        }
        if finding.problem == nil { finding.record(what, nil) }
        return finding
    }
}
