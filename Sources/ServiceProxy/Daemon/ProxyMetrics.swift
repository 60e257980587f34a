internal import Daemon
internal import Linux
internal import NetTypes

/// The daemon's figures; those that kube-proxy has too go by its names and labels. Both families are written in one go, so
/// that what is measured of one is measured of the other.
struct ProxyMetrics {
    /// A change costs a tenth of a millisecond.
    private static let fine = [
        0.00005, 0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30,
    ]

    private let registry: Metrics
    private let process: ProcessMetrics

    // Syncs.
    private let sync: Histogram
    private let fullSync: Histogram
    private let partialSync: Histogram
    private let lastSync: Gauge
    private let lastQueued: Gauge
    private let failures: Counter
    private let restoreFailures: Counter
    private let partialRestoreFailures: Counter
    private let rules: Gauge
    private let lastRules: Gauge
    let repairs: Counter
    let changes: Counter

    // From a change in the cluster to the kernel.
    private let programming: Histogram
    private let networkProgramming: Histogram
    private let serviceChanges: Counter
    private let pendingServiceChanges: Gauge
    private let endpointChanges: Counter
    private let pendingEndpointChanges: Gauge
    private let services: Gauge
    private let withoutLocalEndpoints: Gauge

    // Connections that were forgotten.
    private let flowDuration: Histogram
    private let deletedFlows: Counter

    // Answers.
    let health: Counter
    let liveness: Counter

    init() {
        let registry = Metrics()
        self.registry = registry
        process = ProcessMetrics(registry)
        let family = ["ip_family"]
        func histogram(_ name: String, _ help: String) -> Histogram {
            registry.histogram("kubeproxy_\(name)", help, labels: family, buckets: Self.fine)
        }
        func gauge(_ name: String, _ help: String) -> Gauge {
            registry.gauge("kubeproxy_\(name)", help, labels: family)
        }
        func counter(_ name: String, _ help: String) -> Counter {
            registry.counter("kubeproxy_\(name)", help, labels: family)
        }
        sync = histogram("sync_proxy_rules_duration_seconds", "From the beginning of a sync to the end of its commit.")
        fullSync = histogram(
            "sync_full_proxy_rules_duration_seconds", "The same, of syncs that compare all that is there.")
        partialSync = histogram("sync_partial_proxy_rules_duration_seconds", "The same, of syncs that write a change.")
        lastSync = gauge("sync_proxy_rules_last_timestamp_seconds", "When rules were last brought up to date.")
        lastQueued = gauge("sync_proxy_rules_last_queued_timestamp_seconds", "When a sync was last asked for.")
        failures = counter(
            "sync_proxy_rules_nftables_sync_failures_total", "Transactions that the kernel refused.")
        restoreFailures = counter(
            "sync_proxy_rules_iptables_restore_failures_total", "Changes that iptables refused.")
        partialRestoreFailures = counter(
            "sync_proxy_rules_iptables_partial_restore_failures_total", "The same, of those that are not of all rules.")
        rules = registry.gauge(
            "kubeproxy_sync_proxy_rules_iptables_total", "Rules of ours, by table of iptables.",
            labels: family + ["table"])
        lastRules = registry.gauge(
            "kubeproxy_sync_proxy_rules_iptables_last", "Rules that the last change has written, by table of iptables.",
            labels: family + ["table"])
        repairs = registry.counter(
            "poplin_proxy_repairs_total", "Times that somebody else had changed the rules and they were put right.")
        changes = registry.counter("poplin_proxy_changes_total", "Changes of the rules that were committed.")
        programming = registry.histogram(
            "poplin_proxy_programming_seconds", "From a change being heard of to its commit.", buckets: Self.fine)
        networkProgramming = histogram(
            "network_programming_duration_seconds",
            "From the change that an EndpointSlice tells the time of to its commit.")
        serviceChanges = counter("sync_proxy_rules_service_changes_total", "Changes of Services heard of.")
        pendingServiceChanges = gauge(
            "sync_proxy_rules_service_changes_pending", "Changes of Services that no sync has seen yet.")
        endpointChanges = counter("sync_proxy_rules_endpoint_changes_total", "Changes of EndpointSlices heard of.")
        pendingEndpointChanges = gauge(
            "sync_proxy_rules_endpoint_changes_pending", "Changes of EndpointSlices that no sync has seen yet.")
        services = registry.gauge("poplin_proxy_services", "Services known.")
        withoutLocalEndpoints = registry.gauge(
            "kubeproxy_sync_proxy_rules_no_local_endpoints_total",
            "Ports of Services with a policy Local that have endpoints, and none on this node.",
            labels: family + ["traffic_policy"])
        flowDuration = histogram(
            "conntrack_reconciler_sync_duration_seconds", "Of forgetting connections to endpoints that are gone.")
        deletedFlows = counter(
            "conntrack_reconciler_deleted_entries_total", "Connections to endpoints that are gone, forgotten.")
        health = registry.counter("kubeproxy_proxy_healthz_total", "Answers of /healthz.", labels: ["code"])
        liveness = registry.counter("kubeproxy_proxy_livez_total", "Answers of /livez.", labels: ["code"])
        beginAtZero()
    }

    /// What has a label is not there before it is first counted, and rates need a beginning.
    private func beginAtZero() {
        forEachFamily { family in
            for counter in [
                failures, restoreFailures, partialRestoreFailures, serviceChanges, endpointChanges, deletedFlows,
            ] {
                counter.increment(by: 0, family)
            }
            for gauge in [pendingServiceChanges, pendingEndpointChanges] { gauge.set(0, family) }
        }
    }

    private func forEachFamily(_ body: (String) -> Void) { for family in IPFamily.allCases { body(family.label) } }

    func exposition() -> String {
        process.update()
        return registry.exposition
    }
}

// MARK: Events

extension ProxyMetrics {
    /// Changes of Services or of slices have come.
    func heard(_ count: Int, of part: String) {
        let (counter, pending): (Counter, Gauge)
        switch part {
        case ClusterPart.services.name: (counter, pending) = (serviceChanges, pendingServiceChanges)
        case ClusterPart.slices.name: (counter, pending) = (endpointChanges, pendingEndpointChanges)
        default: return
        }
        forEachFamily {
            counter.increment(by: Double(count), $0)
            pending.add(Double(count), $0)
        }
    }

    func queued(_ time: Double) { forEachFamily { lastQueued.set(time, $0) } }

    func synced(in duration: Duration, isFull: Bool) {
        forEachFamily {
            sync.observe(duration, $0)
            (isFull ? fullSync : partialSync).observe(duration, $0)
        }
    }

    /// The rules are what they should be.
    func settled(at time: Double, services count: Int) {
        services.set(Double(count))
        forEachFamily {
            lastSync.set(time, $0)
            pendingServiceChanges.set(0, $0)
            pendingEndpointChanges.set(0, $0)
        }
    }

    func failed(_ mode: ProxyMode, isFull: Bool) {
        forEachFamily {
            (mode == .iptables ? restoreFailures : failures).increment(by: 1, $0)
            if mode == .iptables, !isFull { partialRestoreFailures.increment(by: 1, $0) }
        }
    }

    func has(_ counts: [RuleCount]) {
        for count in counts {
            rules.set(Double(count.total), count.family.label, count.table)
            lastRules.set(Double(count.last), count.family.label, count.table)
        }
    }

    /// A change is in the kernel, so long after it was heard of.
    func programmed(after duration: Duration) { programming.observe(duration) }

    /// Changes are in the kernel, each so long after it happened.
    func programmed(_ family: IPFamily, after seconds: Double) { networkProgramming.observe(seconds, family.label) }

    func forgot(_ flows: FlowCleaning) {
        forEachFamily { flowDuration.observe(flows.duration, $0) }
        for family in IPFamily.allCases {
            deletedFlows.increment(by: Double(flows.deleted[family] ?? 0), family.label)
        }
    }

    func without(localEndpoints counts: [IPFamily: LocalEndpointGaps]) {
        for family in IPFamily.allCases {
            let gaps = counts[family] ?? LocalEndpointGaps()
            withoutLocalEndpoints.set(Double(gaps.internalPolicy), family.label, "internal")
            withoutLocalEndpoints.set(Double(gaps.externalPolicy), family.label, "external")
        }
    }
}

extension IPFamily {
    /// As Kubernetes writes it.
    var label: String { self == .v4 ? "IPv4" : "IPv6" }
}
