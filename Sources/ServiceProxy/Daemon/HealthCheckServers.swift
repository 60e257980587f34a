internal import Daemon
internal import HTTP
internal import JSON
internal import KubeClient
internal import NetTypes

/// Answers load balancers that ask whether this node has endpoints of a Service (`healthCheckNodePort`), as kube-proxy does:
/// 200 with at least one, else 503, and how many in a header.
final class HealthCheckServers {
    private let loop: EventLoop
    /// Whether the rules are up to date.
    private let isHealthy: () -> Bool
    private var checks: [UInt16: NodeListeners.HealthCheck] = [:]
    private var addresses: [IPAddress] = []
    private var open = OpenPorts<[HTTPServer]>()

    init(_ loop: EventLoop, isHealthy: @escaping () -> Bool) {
        self.loop = loop
        self.isHealthy = isHealthy
    }

    /// `addresses` are those on which node ports are served; nil for all. Returns which Services have none now, and why.
    func update(
        _ checks: [UInt16: NodeListeners.HealthCheck], on addresses: [IPAddress]?
    ) -> [(NodeListeners.HealthCheck, port: UInt16, reason: any Error)] {
        self.checks = checks
        let addresses = addresses ?? [.v6(IPv6Address(rawValue: 0))]
        if addresses != self.addresses {
            _ = open.update([], open: listen, close: stop)
            self.addresses = addresses
        }
        return open.update(Set(checks.keys), open: listen, close: stop).compactMap { port, reason in
            checks[port].map { ($0, port, reason) }
        }
    }

    private func stop(_ servers: [HTTPServer]) { for server in servers { server.stop() } }

    private func listen(_ port: UInt16) throws -> [HTTPServer] {
        var servers: [HTTPServer] = []
        do {
            for address in addresses {
                let place = ListenAddress(address, port: port)
                servers.append(
                    try HTTPServer(loop, listen: place, limits: .pages) { [unowned self] in answer($0, port) })
            }
        } catch {
            stop(servers)
            throw error
        }
        return servers
    }

    private func answer(_ exchange: HTTPExchange, _ port: UInt16) {
        let isHealthy = isHealthy()
        let check = checks[port]
        let count = check?.readyHere ?? 0
        let body: JSONValue = [
            "service": [
                "namespace": .string(check?.service.namespace ?? ""), "name": .string(check?.service.name ?? ""),
            ],
            "localEndpoints": .number(JSONNumber(count)), "serviceProxyHealthy": .bool(isHealthy),
        ]
        exchange.respond(
            count > 0 && isHealthy ? 200 : 503,
            headers: [
                "content-type": "application/json", "x-content-type-options": "nosniff",
                "x-load-balancing-endpoint-weight": "\(count)",
            ], body: Array((body.serialized() + "\n").utf8))
    }
}
