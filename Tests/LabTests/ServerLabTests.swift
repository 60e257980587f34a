import Glibc
import Lab
import Linux
import TestSupport
import Testing

@Suite("A lab with an API server", .requiresRoot)
struct ServerLabTests {
    private func kubectl(_ lab: Lab, _ words: String...) throws -> Command.Output {
        let kubeconfig = try #require(lab.kubeconfig)
        return try lab.run(
            Command(Program.path(of: "kubectl") ?? "kubectl", ["--kubeconfig", kubeconfig] + words), in: lab.control)
    }

    @Test(
        "is flat, with every node's subnet from the cluster; again after kill -9 of the servers",
        .requiresProgram("kubectl"), arguments: [LabConfiguration.Store.sqlite, .etcd],
        [LabConfiguration.Family.v4, .dual])
    func flat(_ store: LabConfiguration.Store, _ family: LabConfiguration.Family) throws {
        try withLab(LabConfiguration(nodes: 3, family: family, store: store)) { lab in
            let report = try lab.prove(stopsAtFirst: false)
            #expect(report.problems == [])
            let nodes = try kubectl(lab, "get", "nodes", "-o", "wide")
            #expect(nodes.status == 0, "\(nodes.standardError)")
            for node in lab.nodes {
                #expect(nodes.standardOutput.contains("\(node)   Ready"), "\(nodes.standardOutput)")
            }
            let subnets = try kubectl(
                lab, "get", "nodes", "-o", "jsonpath={range .items[*]}{.spec.podCIDRs}{\"\\n\"}{end}")
            for node in lab.nodes {
                let own = lab.subnets(of: node).map { "\"\($0)\"" }.joined(separator: ",")
                #expect(subnets.standardOutput.contains("[\(own)]\n"), "\(node): \(subnets.standardOutput)")
            }

            // The network outlives its servers, and they come back with what they knew.
            for role in lab.controlRoles where role != "etcd" { try lab.stopServer(role) }
            try expectFlat(lab)
            _ = try Lab.up(lab.configuration, programs: lab.programs)
            let again = try Lab.open(lab.name, programs: lab.programs)
            #expect(try kubectl(again, "get", "nodes", "-o", "name").standardOutput.split(separator: "\n").count == 3)
            try again.stopOverlay("node2")
            try again.stopProxy("node3")
            #expect(try !again.isRunning("proxy/node3", in: "node3"))
            _ = try Lab.up(lab.configuration, programs: lab.programs)
            try expectFlat(again)
            let repaired = try Lab.open(lab.name, programs: lab.programs)
            for node in repaired.nodes { #expect(try repaired.isRunning("proxy/\(node)", in: node)) }
        }
    }
}
