internal import Daemon
internal import KubeAPI

/// What the server holds, under upstream's names where there are such.
struct ServerGauges {
    private let objects: Gauge
    private let watches: Gauge
    private let revision: Gauge
    private let historyBytes: Gauge
    private let historyChanges: Gauge

    init(_ metrics: Metrics) {
        objects = metrics.gauge("apiserver_storage_objects", "Objects by resource.", labels: ["resource"])
        watches = metrics.gauge("apiserver_longrunning_requests", "Watches that are open.")
        revision = metrics.gauge("poplin_server_revision", "The last revision that has been seen.")
        historyBytes = metrics.gauge("poplin_server_watch_history_bytes", "What the changes for watches hold.")
        historyChanges = metrics.gauge("poplin_server_watch_history_changes", "Changes that are kept for watches.")
    }

    func update(_ server: APIServer) {
        for type in server.types.stored {
            objects.set(Double(server.cache[StoragePrefix(type)].count), type.groupResource.description)
        }
        watches.set(Double(server.hub.count))
        revision.set(Double(server.cache.revision))
        historyBytes.set(Double(server.cache.ring.bytes))
        historyChanges.set(Double(server.cache.ring.count))
    }
}
