import Glibc
import Lab
import Linux
import TestSupport
import Testing

@Suite("A lab", .requiresRoot, .requiresProgram("etcd"))
struct LabLifeTests {
    @Test("that is up already comes up again as it is, and goes down twice")
    func twice() throws {
        try withLab(LabConfiguration(nodes: 2), pods: [("web", "node1")]) { lab in
            let again = try Lab.up(lab.configuration, programs: lab.programs)
            #expect(again.pods == lab.pods)
            var other = lab.configuration
            other.backend = .hostGateway
            #expect(throws: LabError.self) { try Lab.up(other, programs: lab.programs) }
            try Lab.down(lab.name)
            try Lab.down(lab.name)
            try expectNothingLeft(of: lab.name)
        }
    }

    @Test("comes up again after kill -9 of all its processes, with its pods")
    func killed() throws {
        try withLab(LabConfiguration(nodes: 2), pods: [("web", "node1"), ("api", "node2")]) { lab in
            let namespaces = try ["etcd", "outside", "node1", "node2", "web", "api"].map {
                try NetworkNamespace(path: lab.namespace(of: $0)).identity
            }
            ProcessTable.killAll(in: Set(namespaces))
            #expect(throws: Never.self) { try Lab.up(lab.configuration, programs: lab.programs) }
            let again = try Lab.open(lab.name, programs: lab.programs)
            #expect(again.pods == lab.pods)
            try expectFlat(again)
            try Lab.down(lab.name)
            try expectNothingLeft(of: lab.name)
        }
    }

    @Test("that did not come up leaves nothing behind, and its error has the end of the logs")
    func failed() throws {
        var programs = try Programs()
        programs.poplin = "/bin/false"
        let configuration = LabConfiguration(name: TestLabName.next(), nodes: 2)
        let error = #expect(throws: LabError.self) { try Lab.up(configuration, programs: programs) }
        #expect(error?.description.contains("the overlay of node1 ended") == true, "\(String(describing: error))")
        try expectNothingLeft(of: configuration.name)
    }

    @Test("names every reason why there can be none of that kind")
    func problems() {
        let configuration = LabConfiguration(name: "No-Name", nodes: 0, mtu: 100)
        #expect(configuration.problems.count == 3)
        #expect(LabConfiguration().problems.isEmpty)
    }

    @Test("refuses pods with bad names, on nodes that are not there, and twice with one name on two nodes")
    func refusals() throws {
        try withLab(LabConfiguration(nodes: 2), pods: [("web", "node1")]) { lab in
            #expect(throws: LabError.self) { try lab.addPod("Web_1", on: "node1") }
            #expect(throws: LabError.self) { try lab.addPod("api", on: "node9") }
            #expect(throws: LabError.self) { try lab.addPod("web", on: "node2") }
            #expect(throws: LabError.self) { try lab.addPod("etcd", on: "node2") }
            #expect(throws: LabError.self) { try lab.deletePod("web", on: "node2") }
            #expect(lab.pods.map(\.name) == ["web"])
        }
    }

    private func expectNothingLeft(of name: String) throws {
        let namespaces = try Files.list(LabNamespace.directory).filter { $0.hasPrefix("poplin-\(name)-") }
        #expect(namespaces == [])
        let mounts = try Files.readText("/proc/self/mounts").split(separator: "\n").filter { $0.contains("/\(name)") }
        #expect(mounts == [])
        #expect(!Files.exists("/run/poplin-lab/\(name)"))
        #expect(!Lab.names.contains(name))
    }
}
