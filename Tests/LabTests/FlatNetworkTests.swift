import JSON
import Lab
import NetTypes
import TestSupport
import Testing

@Suite("The flat network", .requiresRoot, .requiresProgram("etcd"))
struct FlatNetworkTests {
    static let kinds = LabConfiguration.Backend.allCases.flatMap { backend in
        LabConfiguration.Family.allCases.map { (backend, $0) }
    }

    @Test("lets every pod and node reach every pod untranslated, and the outside as its node", arguments: kinds)
    func matrix(backend: LabConfiguration.Backend, family: LabConfiguration.Family) throws {
        try withLab(LabConfiguration(backend: backend, family: family)) { lab in
            let report = try lab.prove(stopsAtFirst: false)
            #expect(report.problems == [])
            // Per family: 4 × 3 pairs of pods, 4 × 3 of pod and node either way, and 4 ways out.
            #expect(report.findings.count == family.families.count * (12 + 12 + 12 + 4))
        }
    }

    @Test("sends packets to nodes of the same network without a tunnel, when told DirectRouting")
    func directRouting() throws {
        let configuration = LabConfiguration(backendOptions: JSONObject([("DirectRouting", true)]))
        try withLab(configuration) { lab in
            let routes = try lab.run(Command("/sbin/ip", ["route", "show", "10.42.0.0/16"]), in: "node1")
            let others = try lab.run(Command("/sbin/ip", ["route"]), in: "node1").standardOutput
                .split(separator: "\n").filter { $0.hasPrefix("10.42.") && $0.contains(" via ") }
            #expect(routes.status == 0)
            #expect(others.count == 2 && others.allSatisfy { $0.contains("via 172.31.0.") && $0.contains("dev eth0") })
            try expectFlat(lab)
        }
    }

    @Test("takes a pod away with its link and address, and gives the address to another")
    func deletedPod() throws {
        try withLab(LabConfiguration(nodes: 2), pods: [("web", "node1"), ("api", "node2")]) { lab in
            let address = try #require(try lab.pod("api").address(.v4))
            try lab.deletePod("api")
            let probe = Probe(from: try lab.namespace(of: "web"), to: address)
            #expect(throws: Probe.Failure.self) { try probe.icmp() }
            try lab.addPod("other", on: "node2")
            try expectFlat(lab)
        }
    }

    /// What flannel installs, every plugin by its own name.
    static let flannelList: JSONValue = [
        "cniVersion": "0.3.1", "name": "cbr0",
        "plugins": [
            ["type": "flannel", "delegate": ["isDefaultGateway": true, "hairpinMode": true]],
            ["type": "portmap", "capabilities": ["portMappings": true]],
        ],
    ]

    @Test("gives a pod a port of its node, for the outside too", arguments: [nil, flannelList])
    func hostPort(list: JSONValue?) throws {
        try withLab(LabConfiguration(nodes: 2), pods: []) { lab in
            if let list {
                let tee = Command("/usr/bin/tee", ["/etc/cni/net.d/10-poplin.conflist"])
                #expect(try lab.run(tee, in: "node1", input: list.serialized()).status == 0)
            }
            let mapping: JSONValue = ["hostPort": 18080, "containerPort": 8080, "protocol": "tcp"]
            try lab.addPod("web", on: "node1", capabilities: JSONObject([("portMappings", .array([mapping]))]))
            try lab.addPod("api", on: "node2")
            let node = try #require(lab.underlayAddress(of: "node1", .v4))
            var probe = Probe(from: try lab.namespace(of: "outside"), to: node)
            probe.port = 18080
            let answer = try probe.tcp(bytes: 1400)
            #expect(answer.seen == lab.underlayAddress(of: "outside", .v4))
            try expectFlat(lab)
            try lab.deletePod("web")
            #expect(!probe.connects(port: 18080))
        }
    }

    @Test("is called not flat when a pod does not answer, and the check says which")
    func brokenPod() throws {
        try withLab(LabConfiguration(nodes: 2), pods: [("web", "node1"), ("api", "node2")]) { lab in
            _ = try lab.run(Command("/sbin/ip", ["link", "set", "eth0", "down"]), in: "api")
            let report = try lab.prove()
            #expect(!report.holds)
            #expect(report.findings.last?.holds == false)
            let problem = try #require(report.problems.first)
            #expect(problem.hasPrefix("web → api: TCP to "), "\(problem)")
        }
    }

    @Test("is called not flat when an address is translated on the way")
    func translated() throws {
        try withLab(LabConfiguration(nodes: 2), pods: [("web", "node1"), ("api", "node2")]) { lab in
            let rules = """
                table ip poplin-test { chain post { type nat hook postrouting priority 90; policy accept;
                oifname "flannel.1" masquerade; }; }
                """
            let output = try lab.run(Command("/usr/sbin/nft", ["-f", "-"]), in: "node1", input: rules)
            #expect(output.status == 0, "\(output.standardError)")
            let problem = try #require(try lab.prove().problems.first)
            #expect(problem.contains("translated on the way"), "\(problem)")
        }
    }
}
