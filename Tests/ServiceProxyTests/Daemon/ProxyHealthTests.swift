import Glibc
import JSON
import KubeAPI
import KubeClient
import Lab
import ServiceProxy
import TestSupport
import Testing

@Suite struct ProxyHealthTests {
    private let last = Timestamp(seconds: 1_700_000_000)
    private let now = Timestamp(seconds: 1_700_000_100)

    @Test(
        "what waits is late after twice the sync period, and not before",
        arguments: [(nil, true), (Duration.seconds(59), true), (.seconds(60), false), (.seconds(3600), false)])
    func late(_ pending: Duration?, _ isHealthy: Bool) throws {
        let health = ProxyHealth(lastSync: last, pending: pending, patience: .seconds(60))
        #expect(health.isHealthy == isHealthy)
        let body = try JSONValue.parse(health.body(nodeEligible: true, now: now)).object
        #expect(body?.keys == ["lastUpdated", "currentTime", "nodeEligible", "healthy", "status"])
        #expect(body?["healthy"] == .bool(isHealthy) && body?["nodeEligible"] == true)
        // What is healthy is up to date now, whenever that was last done.
        #expect(body?["lastUpdated"] == .string((isHealthy ? now : last).microTime))
        for family in ["IPv4", "IPv6"] {
            #expect(body?["status"]?.object?[family]?.object?["healthy"] == .bool(isHealthy))
        }
    }

    @Test("a node that is about to go is unhealthy, and its proxy is not")
    func node() throws {
        let health = ProxyHealth(lastSync: last, pending: nil, patience: .seconds(60))
        let body = try JSONValue.parse(health.body(nodeEligible: false, now: now)).object
        #expect(body?["healthy"] == false && body?["nodeEligible"] == false)
        #expect(body?["status"]?.object?["IPv4"]?.object?["healthy"] == true)
        let liveness = try JSONValue.parse(health.body(nodeEligible: nil, now: now)).object
        #expect(liveness?["healthy"] == true && liveness?["nodeEligible"] == nil)
    }
}

@Suite(.requiresRoot) struct ProxyPagesTests {
    /// kube-proxy's names that have a meaning here.
    private static let names = [
        "sync_proxy_rules_duration_seconds_bucket{ip_family=\"IPv4\",le=\"5e-05\"}",
        "sync_full_proxy_rules_duration_seconds_count{ip_family=\"IPv6\"}",
        "sync_partial_proxy_rules_duration_seconds_count{ip_family=\"IPv4\"}",
        "sync_proxy_rules_last_timestamp_seconds{ip_family=\"IPv4\"}",
        "sync_proxy_rules_last_queued_timestamp_seconds{ip_family=\"IPv6\"}",
        "network_programming_duration_seconds_count{ip_family=\"IPv4\"} 1",
        "sync_proxy_rules_endpoint_changes_pending{ip_family=\"IPv4\"} 0",
        "sync_proxy_rules_endpoint_changes_total{ip_family=\"IPv4\"}",
        "sync_proxy_rules_service_changes_pending{ip_family=\"IPv6\"} 0",
        "sync_proxy_rules_service_changes_total{ip_family=\"IPv4\"}",
        "sync_proxy_rules_no_local_endpoints_total{ip_family=\"IPv4\",traffic_policy=\"internal\"} 1",
        "sync_proxy_rules_no_local_endpoints_total{ip_family=\"IPv4\",traffic_policy=\"external\"} 0",
        "sync_proxy_rules_nftables_sync_failures_total{ip_family=\"IPv4\"} 0",
        "sync_proxy_rules_iptables_restore_failures_total{ip_family=\"IPv4\"} 0",
        "conntrack_reconciler_deleted_entries_total{ip_family=\"IPv4\"} 0",
        "proxy_healthz_total{code=\"200\"}", "proxy_livez_total{code=\"200\"}",
    ].map { "kubeproxy_" + $0 }

    @Test("the daemon's pages are kube-proxy's, and promtool takes its metrics", .requiresProgram("promtool"))
    func pages() throws {
        let live = try LiveNode()
        try live.create(
            ResourcePath("services", namespace: "default"),
            [
                "apiVersion": "v1", "kind": "Service", "metadata": ["name": "web-2"],
                "spec": [
                    "clusterIP": "10.96.1.2", "ports": [["port": 80]], "internalTrafficPolicy": "Local",
                ],
            ])
        try live.create(
            ResourcePath(group: "discovery.k8s.io", "endpointslices", namespace: "default"), live.slice(2, 1))
        try live.startProxy()
        try eventually("the rules are there") {
            (try? live.get(10249, "/status"))?.text.contains("\"lastSync\": \"") == true
        }
        #expect(try live.get(10256, "/healthz").status == 200)
        #expect(try live.get(10256, "/livez").status == 200)
        #expect(try live.get(10249, "/proxyMode").text == "nftables")
        #expect(try live.get(10249, "/flagz").text.contains("\nhostname-override=here\n"))
        #expect(try live.get(10249, "/statusz").text.contains("Up: 0 hr 0 min"))

        // An endpoint that tells when its pod changed.
        var slice = live.slice(2, 7).object
        var metadata = slice?["metadata"]?.object
        metadata?["annotations"] = [
            "endpoints.kubernetes.io/last-change-trigger-time": .string(Timestamp.now.advanced(bySeconds: 1).time)
        ]
        slice?["metadata"] = metadata.map { .object($0) }
        try live.ask(
            .update(
                ResourcePath(group: "discovery.k8s.io", "endpointslices", namespace: "default"), "web-2",
                .object(#require(slice))))
        try eventually("the change is counted") {
            let metrics = try live.get(10249, "/metrics").text
            return Self.names.allSatisfy { metrics.contains("\n\($0)") }
        }
        let metrics = try live.get(10249, "/metrics").text
        let lint = try Command(#require(Program.path(of: "promtool")), ["check", "metrics"]).run(input: metrics)
        // kube-proxy's own name.
        #expect(
            lint.standardOutput + lint.standardError == """
                kubeproxy_sync_proxy_rules_no_local_endpoints_total non-counter metrics should not have "_total" suffix

                """)

        try live.create(
            .nodes,
            [
                "apiVersion": "v1", "kind": "Node", "metadata": ["name": "here"],
                "spec": ["taints": [["key": "ToBeDeletedByClusterAutoscaler", "effect": "NoSchedule"]]],
            ])
        try eventually("load balancers go elsewhere") { try live.get(10256, "/healthz").status == 503 }
        #expect(try live.get(10256, "/livez").status == 200)
        #expect(try live.inspect("status", "proxy").standardOutput.contains("node       is about to go"))
    }

    @Test("a PUT to /debug/flags/v sets the log level, where profiling is on")
    func verbosity() throws {
        let live = try LiveNode()
        try live.createService(1)
        try live.startProxy(["--profiling"])
        try eventually("the rules are there") { try live.endpoint(1) != nil }
        // What is logged by default, and with 4.
        for (verbosity, isTold) in [("", false), ("4", true), ("0", false)] {
            if !verbosity.isEmpty {
                let answer = try live.put(10249, "/debug/flags/v", verbosity)
                #expect(answer.status == 200)
                #expect(answer.text == "successfully set klog.logging.verbosity to \(verbosity)")
                #expect(try live.get(10249, "/configz").text.contains("\"verbosity\":\(verbosity)"))
            }
            let count = { live.log.split(separator: "\n").count { $0.contains("level=debug event=\"rules changed\"") } }
            let (before, endpoint) = (count(), "10.30.2.\(isTold ? 7 : 8 + verbosity.count)")
            try live.setEndpoint(1, at: address(endpoint))
            try eventually("the change is there") { try live.endpoint(1) == endpoint }
            if isTold {
                try eventually("it is told") { count() == before + 1 }
            } else {
                #expect(count() == before)
            }
        }
        let wrong = try live.put(10249, "/debug/flags/v", "much")
        #expect(wrong.status == 400 && wrong.text.hasPrefix("failed set klog.logging.verbosity much"))
        #expect(try live.put(10249, "/debug/flags/v", String(repeating: "4", count: 100)).status == 413)
        #expect(try live.get(10249, "/debug/flags/v").status == 405)
        live.endProxy(SIGTERM)
        try live.startProxy()
        try eventually("it serves again") { (try? live.get(10249, "/healthz"))?.status == 200 }
        #expect(try live.put(10249, "/debug/flags/v", "4").status == 404)
    }

    @Test("by iptables, rules are counted by table", .requiresProgram("iptables-restore"))
    func rules() throws {
        let live = try LiveNode()
        try live.createService(1)
        try live.startProxy(["--proxy-mode=iptables"])
        try eventually("rules are counted") {
            let metrics = (try? live.get(10249, "/metrics"))?.text ?? ""
            let nat = metrics.split(separator: "\n").filter {
                $0.hasPrefix("kubeproxy_sync_proxy_rules_iptables_total{ip_family=\"IPv4\",table=\"nat\"} ")
            }
            return nat.contains { (Int($0.split(separator: " ").last ?? "") ?? 0) > 5 }
        }
        #expect(try live.get(10249, "/proxyMode").text == "iptables")
        try eventually("both families' rules are written") { live.log.contains("event=ready") }
        let check = try live.inspect("check", "proxy", "--proxy-mode=iptables")
        #expect(check.status == 0 && check.standardOutput.contains(" rules and "), "\(check)")
    }
}
