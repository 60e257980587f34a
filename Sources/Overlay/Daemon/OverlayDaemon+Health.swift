internal import Daemon
internal import HTTP
internal import JSON
internal import Linux
internal import NetTypes

/// What the daemon says about itself over HTTP.
extension OverlayDaemon {
    func serveHealth() throws {
        guard let health = options.health else { return }
        server = try HTTPServer(
            loop, listen: health,
            pages: [
                // The loop answers, so it lives; a daemon that hangs says nothing.
                "/healthz": { _ in .text("poplin overlay is running\n") },
                "/readyz": { [unowned self] _ in
                    let status = status
                    let peers = "\(status.programmed) of \(status.peers.count) peers programmed\n"
                    if status.isReady { return .text(peers) }
                    let reasons = status.problems.map { "\($0.key): \($0.value)\n" }.sorted().joined()
                    let store = status.storeTroubles.map { "store, \($0.key): \($0.value)\n" }.sorted().joined()
                    return .text("not ready\n" + reasons + store + peers, status: 503)
                },
                "/metrics": { [unowned self] _ in
                    updateGauges()
                    return .metrics(metrics.exposition())
                },
                "/status": { [unowned self] _ in .json(status.json.serialized(pretty: true) + "\n") },
            ])
        log.info("health served", ["address": health])
    }

    var status: OverlayStatus {
        var status = OverlayStatus()
        status.subnet = own?.lease.subnet
        status.underlay = underlay
        status.backend = published?.config.backend.name ?? ""
        status.podMTU = underlay.flatMap { published?.config.podMTU(underlay: $0.mtu) }
        status.isReady = isReady
        status.isFromCache = isFromCache
        status.problems = nodeProblems
        status.unreadableLeases = unreadable
        for (part, trouble) in troubles { status.storeTroubles[part.rawValue] = trouble }
        if let state = reconciler.desired {
            status.describe(state, reconciler.failures, leases.leases, found: reconciler.found)
        }
        return status
    }

    private func updateGauges() {
        let status = status
        metrics.peers.set(Double(status.programmed), "programmed")
        metrics.peers.set(Double(status.peers.count - status.programmed), "failed")
        metrics.leases.set(Double(leases.leases.count))
        metrics.isReady.set(isReady ? 1 : 0)
        metrics.holdsLease.set(own != nil && !isFromCache && troubles[.lease] == nil ? 1 : 0)
        for part in SessionPart.allCases {
            let works = troubles[part] == nil && (part == .watch ? leases.hasSnapshot : own != nil && !isFromCache)
            metrics.storeIsReachable.set(works ? 1 : 0, part.rawValue)
        }
    }

    func notifyReady() {
        notifier.ready()
        notifier.status("subnet \(own?.lease.subnet.description ?? "none")")
    }
}
