internal import Daemon

/// The daemon's figures.
struct OverlayMetrics {
    let registry = Metrics()
    private let process: ProcessMetrics
    let peers: Gauge
    let leases: Gauge
    let isReady: Gauge
    let holdsLease: Gauge
    let storeIsReachable: Gauge
    let convergence: Histogram
    let reconciliation: Histogram
    let writes: Counter
    let refusals: Counter
    let deviceChanges: Counter
    let ruleRepairs: Counter
    let kernelOverruns: Counter

    init() {
        process = ProcessMetrics(registry)
        peers = registry.gauge("poplin_overlay_peers", "Peers by state: programmed, failed.", labels: ["state"])
        leases = registry.gauge("poplin_overlay_leases", "Leases known, our own included.")
        isReady = registry.gauge("poplin_overlay_ready", "1 when device, rules and subnet file stand.")
        holdsLease = registry.gauge("poplin_overlay_lease_held", "1 when our lease in the store is known to stand.")
        storeIsReachable = registry.gauge(
            "poplin_overlay_store_up", "1 when this part of the work with the store goes well.", labels: ["part"])
        convergence = registry.histogram(
            "poplin_overlay_convergence_seconds", "From a change of leases being heard to the kernel being written.")
        reconciliation = registry.histogram(
            "poplin_overlay_reconcile_seconds", "Duration of a full comparison with the kernel.")
        writes = registry.counter("poplin_overlay_entries_written_total", "Routes, neighbours and forwarding entries.")
        refusals = registry.counter("poplin_overlay_entries_refused_total", "Entries that the kernel refused.")
        deviceChanges = registry.counter("poplin_overlay_device_changes_total", "Changes to our devices.")
        ruleRepairs = registry.counter("poplin_overlay_rule_writes_total", "Times that our table of rules was written.")
        kernelOverruns = registry.counter(
            "poplin_overlay_kernel_event_overruns_total",
            "Times that the kernel dropped events, each repaired by a pass.")
        for part in SessionPart.allCases { storeIsReachable.set(0, part.rawValue) }
    }

    func exposition() -> String {
        process.update()
        return registry.exposition
    }
}
