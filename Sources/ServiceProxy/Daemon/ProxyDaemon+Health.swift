internal import Daemon
internal import HTTP
internal import JSON
internal import KubeAPI
internal import Linux

/// What the daemon says about itself over HTTP, as kube-proxy does.
extension ProxyDaemon {
    func serveHealth() throws {
        if let address = configuration.healthzBindAddress {
            try serve(
                "health", address,
                [
                    "/healthz": { [unowned self] _ in answer(isEligible: isEligible, metrics.health) },
                    "/livez": { [unowned self] _ in answer(isEligible: true, metrics.liveness) },
                ])
        }
        if let address = configuration.metricsBindAddress {
            try serve(
                "metrics", address,
                [
                    "/metrics": { [unowned self] _ in .metrics(metrics.exposition()) },
                    "/healthz": { _ in .text("ok") },
                    "/proxyMode": { [unowned self] _ in .text(applier?.mode.rawValue ?? "") },
                    "/configz": { [unowned self] _ in .json(configuration.configz.serialized() + "\n") },
                ])
        }
    }

    private func serve(
        _ what: String, _ address: ListenAddress, _ pages: [String: HTTPServer.Page]
    ) throws {
        do {
            servers.append(try HTTPServer(loop, listen: address, pages: pages))
        } catch {
            if configuration.bindAddressHardFail { throw error }
            log.error("nothing is served", ["for": what, "address": "\(address)", "reason": "\(error)"])
        }
    }

    /// Whether load balancers should send traffic here.
    private var isEligible: Bool { node.map { !$0.isDeleted && !$0.isToBeDeleted } ?? true }

    private func answer(isEligible: Bool, _ counter: Counter) -> HTTPServerResponse {
        let isHealthy = lastSync != nil && repairTimer == nil && isEligible
        let code = isHealthy ? 200 : 503
        counter.increment("\(code)")
        let body: JSONValue = [
            "currentTime": .string(Timestamp.now.time), "nodeEligible": .bool(isEligible), "healthy": .bool(isHealthy),
        ]
        return .json(body.serialized() + "\n", status: code)
    }
}
