internal import JSON
package import KubeAPI
internal import NetTypes

/// How the rules are, as /healthz tells it: fine while everything is written, and while what is not is not late.
package struct ProxyHealth: Hashable, Sendable {
    package var lastSync: Timestamp?
    /// How long the oldest change waits.
    package var pending: Duration?
    /// How long a change may wait.
    package var patience: Duration

    package init(lastSync: Timestamp?, pending: Duration?, patience: Duration) {
        self.lastSync = lastSync
        self.pending = pending
        self.patience = patience
    }

    package var isHealthy: Bool { pending.map { $0 < patience } ?? true }

    /// kube-proxy's. Without the node's own share for /livez. What is healthy has been updated just now, whether or not
    /// there was something to update.
    package func body(nodeEligible: Bool?, now: Timestamp = .now) -> String {
        let healthy = isHealthy && nodeEligible ?? true
        func updated(_ isRecent: Bool) -> JSONValue {
            .string((isRecent ? now : lastSync ?? .init(seconds: 0)).microTime)
        }
        var body = JSONObject([("lastUpdated", updated(healthy)), ("currentTime", .string(now.microTime))])
        if let nodeEligible { body["nodeEligible"] = .bool(nodeEligible) }
        body["healthy"] = .bool(healthy)
        body["status"] = .object(
            JSONObject(
                IPFamily.allCases.map { family in
                    (family.label, ["lastUpdated": updated(isHealthy), "healthy": .bool(isHealthy)])
                }))
        return JSONValue.object(body).serialized() + "\n"
    }
}
