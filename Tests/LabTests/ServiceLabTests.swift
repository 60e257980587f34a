import Lab
import TestSupport
import Testing

@Suite("Services of a lab", .requiresRoot)
struct ServiceLabTests {
    @Test("of every kind are reached from everywhere as their policies say, evenly, with affinity, and under change")
    func matrix() throws {
        try withLab(LabConfiguration(family: .dual, store: .sqlite)) { lab in
            let report = try lab.proveServices(stopsAtFirst: false)
            #expect(report.problems == [])
            // Per family 24 ways for 4 pods, 3 nodes and the outside, some of them twice or three times; and 3 spreads, 8
            // clients that are forgotten, and as many as ask while an endpoint dies.
            #expect(report.findings.count == 560)
            #expect(report.holds && report.notes.count == 7)
        }
    }

    @Test("are called not served when a node hides who asks, and the check says where")
    func hidden() throws {
        try withLab(LabConfiguration(nodes: 2, store: .sqlite), pods: [("web", "node1"), ("api", "node2")]) { lab in
            let rules = """
                table ip poplin-test { chain post { type nat hook postrouting priority 90; policy accept;
                ip saddr 10.42.0.0/16 ip daddr 10.42.0.0/16 masquerade; }; }
                """
            let output = try lab.run(Command("/usr/sbin/nft", ["-f", "-"]), in: "node1", input: rules)
            #expect(output.status == 0, "\(output.standardError)")
            let report = try lab.proveServices()
            #expect(!report.holds)
            let problem = try #require(report.problems.first)
            #expect(problem.hasPrefix("web → all ClusterIP: TCP to 10.96."), "\(problem)")
            #expect(problem.hasSuffix("not as its own address"), "\(problem)")
        }
    }

    @Test("there are none without an API server")
    func leases() throws {
        try withLab(LabConfiguration(nodes: 1), pods: []) { lab in
            #expect(throws: LabError.self) { try lab.proveServices() }
        }
    }

    /// Upper quantiles of the distribution, as tables have them.
    @Test(
        "are even when chance makes as much of them",
        arguments: [
            (1, 3.841, 0.05), (1, 23.928, 1e-6), (2, 5.991, 0.05), (2, 27.631, 1e-6), (3, 7.815, 0.05),
            (3, 30.665, 1e-6),
            (9, 16.919, 0.05), (10, 18.307, 0.05), (10, 29.588, 0.001),
        ])
    func quantile(degrees: Int, statistic: Double, probability: Double) {
        let found = ChiSquare(statistic: statistic, degrees: degrees).probability
        #expect(abs(found / probability - 1) < 0.002, "\(found)")
    }

    @Test("are uneven when one endpoint gets half as much again as the others")
    func uneven() {
        #expect(ChiSquare(evenly: [100, 100, 100, 100]).probability == 1)
        #expect(ChiSquare(evenly: [108, 92, 104, 96]).probability > 0.5)
        #expect(ChiSquare(evenly: [160, 80, 80, 80]).probability < 1e-6)
    }
}
