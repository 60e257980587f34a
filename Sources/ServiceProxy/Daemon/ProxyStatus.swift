internal import JSON
internal import KubeAPI
internal import Linux

/// What the daemon knows of itself: the body of /status.
struct ProxyStatus {
    var node: String
    var mode: String
    var isHealthy: Bool
    var isNodeEligible: Bool
    var started: Timestamp
    var lastSync: Timestamp?
    /// How long the oldest change waits to be written.
    var pending: Duration?
    var services: Int
    /// Why the API server cannot be asked, by what for.
    var troubles: [String: String]

    var json: JSONValue {
        [
            "node": .string(node), "mode": .string(mode), "healthy": .bool(isHealthy),
            "nodeEligible": .bool(isNodeEligible), "started": .string(started.time),
            "lastSync": lastSync.map { .string($0.microTime) } ?? .null,
            "pendingSeconds": pending.flatMap { JSONNumber($0.seconds) }.map { .number($0) } ?? .null,
            "services": .number(JSONNumber(services)),
            "troubles": .object(
                JSONObject(troubles.sorted { $0.key < $1.key }.map { ($0.key, .string($0.value)) })),
        ]
    }
}
