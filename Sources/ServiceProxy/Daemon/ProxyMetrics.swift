internal import Daemon

/// The daemon's figures; those that kube-proxy has too go by its names.
struct ProxyMetrics {
    let registry = Metrics()
    private let process: ProcessMetrics
    let sync: Histogram
    let programming: Histogram
    let lastSync: Gauge
    let services: Gauge
    let elements: Counter
    let failures: Counter
    let restoreFailures: Counter
    let repairs: Counter
    let health: Counter
    let liveness: Counter

    init() {
        process = ProcessMetrics(registry)
        sync = registry.histogram(
            "kubeproxy_sync_proxy_rules_duration_seconds", "From the beginning of a sync to the end of its commit.")
        programming = registry.histogram(
            "poplin_proxy_programming_seconds", "From a change being heard of to its commit.")
        lastSync = registry.gauge(
            "kubeproxy_sync_proxy_rules_last_timestamp_seconds", "When rules were last brought up to date.")
        services = registry.gauge("poplin_proxy_services", "Services known.")
        elements = registry.counter("poplin_proxy_changes_total", "Changes of the table that were committed.")
        failures = registry.counter(
            "kubeproxy_sync_proxy_rules_nftables_sync_failures_total", "Commits that the kernel refused.")
        restoreFailures = registry.counter(
            "kubeproxy_sync_proxy_rules_iptables_restore_failures_total", "Changes that iptables refused.")
        repairs = registry.counter(
            "poplin_proxy_repairs_total", "Times that somebody else had changed the table and it was put right.")
        health = registry.counter("kubeproxy_proxy_healthz_total", "Answers of /healthz.", labels: ["code"])
        liveness = registry.counter("kubeproxy_proxy_livez_total", "Answers of /livez.", labels: ["code"])
    }

    func exposition() -> String {
        process.update()
        return registry.exposition
    }
}
