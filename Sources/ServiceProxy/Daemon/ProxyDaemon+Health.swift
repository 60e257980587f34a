internal import Daemon
internal import HTTP
internal import JSON
internal import KubeAPI
internal import Linux
internal import NetTypes

/// What the daemon says about itself over HTTP, as kube-proxy does.
extension ProxyDaemon {
    func serveHealth() throws {
        if let address = configuration.healthzBindAddress {
            try serve(
                "health", address,
                [
                    "/healthz": { [unowned self] _ in
                        let health = health
                        let isHealthy = health.isHealthy && isEligible
                        metrics.health.increment(isHealthy ? "200" : "503")
                        return .json(health.body(nodeEligible: isEligible), status: isHealthy ? 200 : 503)
                    },
                    "/livez": { [unowned self] _ in
                        let health = health
                        metrics.liveness.increment(health.isHealthy ? "200" : "503")
                        return .json(health.body(nodeEligible: nil), status: health.isHealthy ? 200 : 503)
                    },
                ])
        }
        if let address = configuration.metricsBindAddress {
            try serve(
                "metrics", address,
                [
                    "/metrics": { [unowned self] _ in
                        if let view = try? view() {
                            metrics.without(localEndpoints: withServices { $0.localEndpointGaps(on: view) })
                        }
                        metrics.has(applier?.ruleCounts() ?? [])
                        return .metrics(metrics.exposition())
                    },
                    "/healthz": { _ in .text("ok") },
                    "/proxyMode": { [unowned self] _ in .text(applier?.mode.rawValue ?? "") },
                    "/configz": { [unowned self] _ in .json(configuration.configz.serialized() + "\n") },
                    "/flagz": { [unowned self] _ in .text("poplin proxy flags\n\n\(flags)") },
                    "/statusz": { [unowned self] _ in .text(statusPage) },
                    "/status": { [unowned self] _ in .json(status.json.serialized(pretty: true) + "\n") },
                ], settings: ["/debug/flags/v": { [unowned self] in setVerbosity($0) }])
        }
    }

    /// As kube-proxy does it, and when it does: who may ask may change something.
    private func setVerbosity(_ request: HTTPRequest) -> HTTPServerResponse {
        if !configuration.enableProfiling { return .text("only with enableProfiling\n", status: 404) }
        let text = String(decoding: request.body, as: UTF8.self)
        guard let verbosity = Int32(text) else {
            return .text("failed set klog.logging.verbosity \(text): not a number", status: 400)
        }
        setVerbosity(Int(verbosity))
        return .text("successfully set klog.logging.verbosity to \(text)")
    }

    private func serve(
        _ what: String, _ address: ListenAddress, _ pages: [String: HTTPServer.Page],
        settings: [String: HTTPServer.Page] = [:]
    ) throws {
        do {
            servers.append(try HTTPServer(loop, listen: address, pages: pages, settings: settings))
        } catch {
            if configuration.bindAddressHardFail { throw error }
            log.error("nothing is served", ["for": what, "address": "\(address)", "reason": "\(error)"])
        }
    }

    /// Whether load balancers should send traffic here.
    private var isEligible: Bool { node.map { !$0.isDeleted && !$0.isToBeDeleted } ?? true }

    /// Whether what should be written is written, or is at least not late.
    var health: ProxyHealth {
        ProxyHealth(
            lastSync: lastSync, pending: pendingSince.map { .now - $0 },
            patience: configuration.ruleset.syncPeriod * 2)
    }

    /// What `poplin status proxy` shows of the daemon.
    private var status: ProxyStatus {
        ProxyStatus(
            node: name, mode: applier?.mode.rawValue ?? "", isHealthy: health.isHealthy, isNodeEligible: isEligible,
            started: started, lastSync: lastSync, pending: pendingSince.map { .now - $0 },
            services: serviceCount, troubles: troubles)
    }

    private var statusPage: String {
        let up = Int(Timestamp.now.since1970 - started.since1970)
        return """
            poplin proxy statusz
            For people; programs read /status.

            Started: \(started.time)
            Up: \(up / 3600) hr \(up / 60 % 60) min \(up % 60) sec
            Paths: /configz /flagz /healthz /metrics /proxyMode /status

            """
    }
}
