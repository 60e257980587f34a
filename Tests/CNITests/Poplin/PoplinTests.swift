import CNI
import JSON
import Lab
import Linux
import NetTypes
import Netlink
import TestSupport
import Testing

@Suite(.requiresRoot) struct PoplinTests {
    private func config(_ node: borrowing BridgeNode, _ more: JSONValue = [:]) throws -> JSONValue {
        let file = node.node.directory.file("subnet.env")
        let text = "FLANNEL_NETWORK=10.88.0.0/16\nFLANNEL_SUBNET=10.88.3.1/24\nFLANNEL_MTU=1450\nFLANNEL_IPMASQ=false\n"
        try Files.replace(file, text.utf8)
        let ipam = JSONObject([("dataDir", .string(node.node.dataDirectory))])
        let capabilities: JSONValue = [
            "portMappings": [["hostPort": 8080, "containerPort": 80, "protocol": "tcp"]],
            "bandwidth": [
                "ingressRate": 80_000_000, "ingressBurst": 8_000_000, "egressRate": 40_000_000,
                "egressBurst": 8_000_000,
            ],
        ]
        var object = JSONObject([
            ("subnetFile", .string(file)), ("ipam", .object(ipam)), ("runtimeConfig", capabilities),
        ])
        for member in more.object?.members ?? [] { object[member.key] = member.value }
        return node.plugin("poplin", .object(object))
    }

    @Test func `one call makes bridge, address, host port and shaping, and one takes all away`() throws {
        let node = try BridgeNode()
        let pod = try LabNamespace("pod")
        let config = try config(node)
        let result = try node.add(config, pod)
        #expect(result["ips"]?.array?.first?["address"]?.string == "10.88.3.2/24")
        #expect(result["interfaces"]?.array?.count == 4)
        #expect(try routing(in: pod) { socket in try socket.link(.name("eth0")) }.mtu == 1450)
        let server = try PacketProbe.Listener(pod, port: 80)
        #expect(try PacketProbe.connects(from: node.namespace, to: "127.0.0.1", port: 8080))
        #expect(try server.peer() == IPAddress("10.88.3.1"))
        let check = try node.call("CHECK", config, pod, previous: result)
        #expect(check.succeeded, "\(check.text)")
        // The daemon's file is away, and so is the namespace.
        try Files.remove(node.node.directory.file("subnet.env"))
        for _ in 1...2 {
            let answer = try node.call("DEL", config, pod, isGone: true)
            #expect(answer.succeeded, "\(answer.text)")
        }
        #expect(try node.leftovers().isEmpty)
    }

    @Test func `a DEL after a reboot finds its way, also twice and without the daemon`() throws {
        let node = try BridgeNode()
        let pod = try LabNamespace("pod")
        let config = try config(node)
        let result = try node.add(config, pod)
        #expect(node.node.reservations.count == 1)
        // What a reboot takes: /run, and the kernel's state.
        try Files.removeTree(node.node.directory.file("run"))
        try Files.remove(node.node.directory.file("subnet.env"))
        let rebooted = try LabNamespace("cni")
        var object = config.object ?? JSONObject()
        for previous in [result, nil] {
            object["prevResult"] = previous
            let text = JSONValue.object(object).serialized()
            let answer = try rebooted.run { node.node.call("DEL", text, id: pod.name, namespace: "") }
            #expect(answer.succeeded, "\(answer.text)")
        }
        #expect(node.node.reservations.isEmpty)
        #expect(try Files.list(node.node.directory.file("lib/poplin/poplin/net")).isEmpty)
    }

    @Test func `GC keeps all of what is valid and nothing of what is not`() throws {
        let node = try BridgeNode()
        let kept = try LabNamespace("pod")
        let lost = try LabNamespace("pod")
        let config = try config(node)
        let result = try node.add(config, kept)
        let before = try node.leftovers()
        var other = config.object ?? JSONObject()
        other["runtimeConfig"] = ["portMappings": [["hostPort": 8081, "containerPort": 80]]]
        _ = try node.add(.object(other), lost)
        let valid = JSONValue.object(JSONObject([("containerID", .string(kept.name)), ("ifname", "eth0")]))
        for _ in 1...2 {
            let gc = try self.config(node, ["cni.dev/valid-attachments": .array([valid])])
            let answer = try node.call("GC", gc, kept)
            #expect(answer.succeeded, "\(answer.text)")
            #expect(try node.leftovers() == before)
        }
        let check = try node.call("CHECK", config, kept, previous: result)
        #expect(check.succeeded, "\(check.text)")
        #expect(try routing(in: lost) { socket in try socket.links() }.map(\.name) == ["lo"])
    }

    @Test func `an ADD that fails at any step leaves nothing behind`() throws {
        let node = try BridgeNode()
        let config = try config(node)
        var step = 1
        while true {
            let pod = try LabNamespace("pod")
            let answer = try node.call("ADD", config, pod, rollback: Rollback(failAfter: step))
            if answer.succeeded { break }
            #expect(answer.message.contains("made to fail"), "\(answer.text)")
            #expect(answer.errors.isEmpty, "\(answer.errors)")
            #expect(try node.leftovers().isEmpty, "after step \(step): \(answer.message)")
            step += 1
        }
        #expect(step > 9)
    }

    @Test func `STATUS is 50 without subnet env, and GC removes what nobody wants`() throws {
        let node = try BridgeNode()
        let pod = try LabNamespace("pod")
        let config = try config(node)
        #expect(try node.call("STATUS", config, pod).succeeded)
        _ = try node.add(config, pod)
        let gc = try self.config(node, ["cni.dev/valid-attachments": []])
        let answer = try node.call("GC", gc, pod)
        #expect(answer.succeeded, "\(answer.text)")
        #expect(try node.leftovers().isEmpty)
        try Files.remove(node.node.directory.file("subnet.env"))
        #expect(try node.call("STATUS", config, pod).code == 50)
    }
}
