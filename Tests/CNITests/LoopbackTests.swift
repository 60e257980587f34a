import CNI
import JSON
import Lab
import Netlink
import TestSupport
import Testing

@Suite struct LoopbackTests {
    private static let config = #"{"cniVersion": "1.0.0", "name": "lo", "type": "loopback"}"#

    private static func isUp(_ namespace: borrowing LabNamespace) throws -> Bool {
        var socket = try NetlinkSocket(in: namespace.namespace)
        return try socket.link("lo").isUp
    }

    @Test(.requiresRoot) func `lo goes up and down, DEL also when the namespace is gone`() throws {
        let node = try TestNode()
        let path: String
        do {
            let namespace = try LabNamespace("cni")
            path = namespace.path
            #expect(node.call("DEL", Self.config, namespace: path).succeeded)
            #expect(try !Self.isUp(namespace))
            #expect(node.call("CHECK", Self.config, namespace: path).message == "loopback interface is down")

            let answer = node.call("ADD", Self.config, interface: "ignored", namespace: path)
            #expect(answer.addresses == ["127.0.0.1/8", "::1/128"], "\(answer.text)")
            #expect(answer.json["interfaces"]?.array?.first?["name"] == "lo")
            #expect(try Self.isUp(namespace))
            #expect(node.call("CHECK", Self.config, namespace: path).succeeded)
        }
        #expect(node.call("DEL", Self.config, namespace: path).succeeded)
        #expect(node.call("DEL", Self.config, namespace: "").succeeded)
        #expect(node.call("ADD", Self.config, namespace: path).code == 8)
    }

    @Test(.requiresRoot) func `in a chain the result goes through, and a later failure sets lo down again`() throws {
        let node = try TestNode()
        let namespace = try LabNamespace("cni")
        #expect(node.call("DEL", Self.config, namespace: namespace.path).succeeded)
        let chained = """
            {"cniVersion": "1.0.0", "name": "lo", "type": "loopback",
             "prevResult": {"ips": [{"address": "10.1.0.5/24"}]}}
            """
        let failed = node.call("ADD", chained, namespace: namespace.path, rollback: Rollback(failAfter: 1))
        #expect(failed.status == 1)
        #expect(try !Self.isUp(namespace))
        #expect(node.call("ADD", chained, namespace: namespace.path).addresses == ["10.1.0.5/24"])
    }
}
