import CNI
import Glibc
import JSON
import Linux
import TestSupport
import Testing

/// STATUS is 50 when an ADD would fail, 51 when a delegate says so, whatever the cause.
@Suite struct StatusTests {
    /// As `CommandLineRun` does: a plugin need not read its stdin.
    init() { _ = signal(SIGPIPE, SIG_IGN) }

    private static func status(_ type: String, ipam: String, script: String = "exit 0") throws -> Answer {
        let node = try TestNode()
        try Files.makeDirectories(node.directory.file("bin"))
        try Files.replace(node.directory.file("bin/foreign"), Array("#!/bin/sh\n\(script)\n".utf8), mode: 0o755)
        let file = node.directory.file("subnet.env")
        try Files.replace(
            file,
            Array(
                "FLANNEL_NETWORK=10.88.0.0/16\nFLANNEL_SUBNET=10.88.3.1/24\nFLANNEL_MTU=1450\nFLANNEL_IPMASQ=true\n"
                    .utf8))
        let config = #"""
            {"cniVersion": "1.1.0", "name": "net", "type": "\#(type)", "subnetFile": "\#(file)", "ipam": \#(ipam)}
            """#
        return node.call("STATUS", config, pluginPath: node.directory.file("bin"))
    }

    @Test(arguments: ["bridge", "flannel", "poplin"])
    func `an IPAM plugin's own word counts`(_ type: String) throws {
        let foreign = #"{"type": "foreign"}"#
        for (code, expected) in [(50, 50), (51, 51), (999, 50), (4, 50)] {
            let script = "echo '{\"code\": \(code), \"msg\": \"because\"}'; exit 1"
            let answer = try Self.status(type, ipam: foreign, script: script)
            #expect(answer.code == expected && answer.message == "because", "\(answer.text)")
        }
        #expect(try Self.status(type, ipam: foreign).succeeded)
        #expect(try Self.status(type, ipam: foreign, script: "kill -9 $$").code == 50)
        let absent = try Self.status(type, ipam: #"{"type": "absent"}"#)
        #expect(absent.code == 50 && absent.message.contains("failed to find plugin"), "\(absent.text)")
    }

    @Test func `a firewall that is to ask firewalld is code 50, and ADD code 7`() throws {
        let node = try TestNode()
        let config = #"{"cniVersion": "1.1.0", "name": "net", "type": "firewall", "backend": "firewalld","#
        let status = node.call("STATUS", config + #" "prevResult": {}}"#)
        #expect(status.code == 50 && status.message.contains("backend: firewalld"), "\(status.text)")
        let previous = #" "prevResult": {"cniVersion": "1.1.0", "ips": [{"address": "10.1.0.5/24"}]}}"#
        #expect(node.call("ADD", config + previous).code == 7)
    }

    @Test(arguments: [
        ("host-local", #"{"subnet": "10.1.0.0/31"}"#), ("host-local", "{}"),
        ("static", #"{"addresses": [{"address": "10.1.0.5"}]}"#),
        ("bridge", #"{"type": "host-local"}"#), ("bridge", #"{"type": "static", "addresses": [{"address": "x"}]}"#),
    ])
    func `a configuration that no ADD could work with is code 50`(_ type: String, _ ipam: String) throws {
        let answer = try Self.status(type, ipam: ipam)
        #expect(answer.code == 50 && !answer.message.isEmpty, "\(answer.text)")
    }
}
