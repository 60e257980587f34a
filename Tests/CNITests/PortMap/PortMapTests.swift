import CNI
import Glibc
import JSON
import Lab
import Linux
import NFTables
import NetTypes
import TestSupport
import Testing

@Suite(.requiresRoot) struct PortMapTests {
    let web: JSONValue = [["hostPort": 8080, "containerPort": 80, "protocol": "tcp"]]

    @Test func `a host port leads into the pod from the node, from 127.0.0.1, from its network and from itself`() throws
    {
        let node = try BridgeNode()
        let pod = try LabNamespace("pod")
        let other = try LabNamespace("pod")
        let result = try node.add(node.bridge(["hairpinMode": true]), pod)
        _ = try node.add(node.bridge(["hairpinMode": true]), other)
        _ = try node.add(node.portmap(web), pod, previous: result)
        let server = try PacketProbe.Listener(pod, port: 80)
        for (client, target) in [
            ("node", "10.88.0.1"), ("node", "127.0.0.1"), ("other", "10.88.0.1"), ("self", "10.88.0.1"),
        ] {
            let connects =
                switch client {
                case "node": try PacketProbe.connects(from: node.namespace, to: target, port: 8080)
                case "other": try PacketProbe.connects(from: other, to: target, port: 8080)
                default: try PacketProbe.connects(from: pod, to: target, port: 8080)
                }
            #expect(connects, "from \(client) to \(target)")
            #expect(try server.peer() == IPAddress("10.88.0.1"))
        }
    }

    @Test func `a host port on IPv6 leads into the pod, and is silent on ::1`() throws {
        let node = try BridgeNode()
        let pod = try LabNamespace("pod")
        let result = try node.add(node.bridge(subnets: ["fd00:88::/64"]), pod)
        _ = try node.add(node.portmap(web), pod, previous: result)
        let server = try PacketProbe.Listener(pod, port: 80, family: .v6)
        #expect(try PacketProbe.connects(from: node.namespace, to: "fd00:88::1", port: 8080))
        #expect(try server.peer() == IPAddress("fd00:88::1"))
        #expect(try !PacketProbe.connects(from: node.namespace, to: "::1", port: 8080, within: 200))
    }

    @Test func `nobody outside reaches 127.0.0.1 of the node through route_localnet`() throws {
        let node = try BridgeNode()
        let pod = try LabNamespace("pod")
        let result = try node.add(node.bridge(), pod)
        _ = try node.add(node.portmap(web), pod, previous: result)
        let local = try PacketProbe.Listener(node.namespace, port: 9999)
        #expect(try PacketProbe.connects(from: node.namespace, to: "127.0.0.1", port: 9999))
        _ = try local.peer()
        // The pod routes 127.0.0.0/8 to the node, as an attacker would.
        let attack = try Command("/sbin/ip", ["link", "set", "lo", "down"]).run(in: Place(network: pod.path))
        #expect(attack.status == 0)
        _ = try Command("/sbin/ip", ["route", "add", "127.0.0.0/8", "via", "10.88.0.1"]).run(
            in: Place(network: pod.path))
        #expect(try !PacketProbe.connects(from: pod, to: "127.0.0.1", port: 9999, within: 300))
    }

    // Upstream: both ADDs succeed and the first rule wins.
    @Test func `a host port that a living pod has is refused, and the holder is named`() throws {
        let node = try BridgeNode()
        let first = try LabNamespace("pod")
        let second = try LabNamespace("pod")
        let a = try node.add(node.bridge(), first)
        let b = try node.add(node.bridge(), second)
        _ = try node.add(node.portmap(web), first, previous: a)
        let answer = try node.call("ADD", node.portmap(web), second, previous: b)
        #expect(!answer.succeeded)
        #expect(answer.code == 11)
        #expect(answer.message.contains("tcp 8080") && answer.message.contains(first.name))
        #expect(try node.elements().allSatisfy { $0.contains(first.name) })
    }

    // Upstream #683: the port of a dead pod leads nowhere, and stays.
    @Test func `the port of a pod that is gone is taken over, and its late DEL leaves the successor alone`() throws {
        let node = try BridgeNode()
        let name: String
        do {
            let first = try LabNamespace("pod")
            name = first.name
            _ = try node.add(node.portmap(web), first, previous: try node.add(node.bridge(), first))
        }
        let second = try LabNamespace("pod")
        let result = try node.add(node.bridge(), second)
        _ = try node.add(node.portmap(web), second, previous: result)
        let late = try node.call("DEL", node.portmap(web), second, id: name, isGone: true)
        #expect(late.succeeded)
        let check = try node.call("CHECK", node.portmap(web), second, previous: result)
        #expect(check.succeeded, "\(check.text)")
    }

    // Upstream: the key is network and container, so the DEL of one interface takes the other's rules.
    @Test func `a second interface of a pod has its own ports`() throws {
        let node = try BridgeNode()
        let pod = try LabNamespace("pod")
        let other: JSONValue = [["hostPort": 8081, "containerPort": 80, "protocol": "tcp"]]
        let first = try node.add(node.bridge(), pod)
        _ = try node.add(node.portmap(web), pod, previous: first)
        let second = try node.add(node.bridge(), pod, interface: "eth1")
        _ = try node.add(node.portmap(other), pod, interface: "eth1", previous: second)
        #expect(try node.call("DEL", node.portmap(other), pod, interface: "eth1", previous: second).succeeded)
        #expect(try node.call("CHECK", node.portmap(web), pod, previous: first).succeeded)
    }

    // Upstream: the nftables backend keys by container only, and one network's ADD erases another's conditions.
    @Test func `two networks of a pod share no ports, and conditions are refused rather than shared`() throws {
        let node = try BridgeNode()
        let pod = try LabNamespace("pod")
        let other: JSONValue = [["hostPort": 8081, "containerPort": 80, "protocol": "tcp"]]
        let first = try node.add(node.bridge(), pod)
        _ = try node.add(node.portmap(web), pod, previous: first)
        let second = try node.add(
            node.bridge(["bridge": "cni1"], subnets: ["10.89.0.0/24"], name: "net2"), pod, interface: "eth1")
        _ = try node.add(node.portmap(other, name: "net2"), pod, interface: "eth1", previous: second)
        #expect(
            try node.call("DEL", node.portmap(other, name: "net2"), pod, interface: "eth1", previous: second).succeeded)
        #expect(try node.call("CHECK", node.portmap(web), pod, previous: first).succeeded)
        let refused = try node.call(
            "ADD", node.portmap(web, ["conditionsV4": ["ip", "saddr", "10.0.0.0/8"]]), pod, previous: first)
        #expect(refused.code == 7 && refused.message.contains("conditionsV4"))
    }

    // Upstream #123, #1190: UDP of a client that never stops goes to the old pod for ever.
    @Test func `UDP flows follow the port to its next pod`() throws {
        let node = try BridgeNode()
        let first = try LabNamespace("pod")
        let second = try LabNamespace("pod")
        let dns: JSONValue = [["hostPort": 5353, "containerPort": 53, "protocol": "udp"]]
        let a = try node.add(node.bridge(), first)
        let b = try node.add(node.bridge(), second)
        let old = try PacketProbe.Listener(first, port: 53, SOCK_DGRAM)
        let new = try PacketProbe.Listener(second, port: 53, SOCK_DGRAM)
        let client = try PacketProbe.datagramSocket(in: node.namespace)

        _ = try node.add(node.portmap(dns), first, previous: a)
        PacketProbe.send(client, to: "10.88.0.1", port: 5353)
        #expect(try old.peer() != nil)
        #expect(try node.call("DEL", node.portmap(dns), first, previous: a).succeeded)
        // To nobody, and tracked as such.
        PacketProbe.send(client, to: "10.88.0.1", port: 5353)
        _ = try node.add(node.portmap(dns), second, previous: b)
        PacketProbe.send(client, to: "10.88.0.1", port: 5353)
        #expect(try new.peer() != nil)
    }

    // Upstream #810: nothing is removed when the namespace is gone.
    @Test func `DEL needs neither the namespace nor a previous result, and can be repeated`() throws {
        let node = try BridgeNode()
        let pod = try LabNamespace("pod")
        _ = try node.add(node.portmap(web), pod, previous: try node.add(node.bridge(), pod))
        #expect(try !node.elements().isEmpty)
        for _ in 1...3 {
            let answer = try node.call("DEL", node.plugin("portmap"), pod, isGone: true)
            #expect(answer.succeeded, "\(answer.text)")
            #expect(try node.elements().isEmpty)
        }
    }

    @Test func `an empty list passes the result through and makes nothing in the kernel`() throws {
        let node = try BridgeNode()
        let pod = try LabNamespace("pod")
        let result = try node.add(node.bridge(), pod)
        for config in [node.plugin("portmap"), node.portmap([])] {
            #expect(try node.add(config, pod, previous: result)["ips"] == result["ips"])
        }
        #expect(try node.rules { socket in try socket.tables() }.isEmpty)
    }

    @Test func `GC removes the ports of attachments that are not wanted any more`() throws {
        let node = try BridgeNode()
        let pod = try LabNamespace("pod")
        _ = try node.add(node.portmap(web), pod, previous: try node.add(node.bridge(), pod))
        let kept: JSONValue = [["containerID": .string(pod.name), "ifname": "eth0"]]
        #expect(try node.call("GC", node.plugin("portmap", ["cni.dev/valid-attachments": kept]), pod).succeeded)
        #expect(try node.elements().count == 2)
        // Also when the record is lost.
        try Files.removeTree(node.node.directory.file("run/portmap"))
        #expect(try node.call("GC", node.plugin("portmap", ["cni.dev/valid-attachments": []]), pod).succeeded)
        #expect(try node.elements().isEmpty)
    }

    @Test func `a network's long name keeps its ports from others, and GC finds what is left of it`() throws {
        let node = try BridgeNode()
        let first = try LabNamespace("pod")
        let second = try LabNamespace("pod")
        let name = String(repeating: "n", count: 70)
        let (a, b) = (String(repeating: "a", count: 64), String(repeating: "b", count: 64))
        let result: JSONValue = ["cniVersion": "1.1.0", "ips": [["address": "10.88.0.2/24"]]]
        let config = node.portmap(web, ["snat": false], name: name)
        #expect(try node.call("ADD", config, first, id: a, previous: result).succeeded)
        let refused = try node.call("ADD", config, second, id: b, previous: result)
        #expect(refused.code == 11 && refused.message.contains(a), "\(refused.text)")

        try Files.removeTree(node.node.directory.file("run/portmap"))
        func collect(_ network: String) throws {
            let config = node.plugin("portmap", ["cni.dev/valid-attachments": []], name: network)
            let answer = try node.call("GC", config, first)
            #expect(answer.succeeded, "\(answer.text)")
        }
        // One that begins with the same 64 bytes.
        try collect(name.dropLast() + "x")
        #expect(try node.elements().count == 1)
        try collect(name)
        #expect(try node.elements().isEmpty)
    }

    @Test(arguments: [
        (#"[{"hostPort": 0, "containerPort": 80}]"#, "hostPort"),
        (#"[{"hostPort": 80}]"#, "containerPort"),
        (#"[{"hostPort": 80, "containerPort": 80, "protocol": "icmp"}]"#, "protocol"),
        (#"[{"hostPort": 80, "containerPort": 70000}]"#, "containerPort"),
        (#"[{"hostPort": 80, "containerPort": 80}, {"hostPort": 80, "containerPort": 81}]"#, "two places"),
    ])
    func `a wrong mapping is refused by name`(_ mappings: String, _ named: String) throws {
        let node = try BridgeNode()
        let pod = try LabNamespace("pod")
        let result = try node.add(node.bridge(), pod)
        let answer = try node.call("ADD", node.portmap(try JSONValue.parse(mappings)), pod, previous: result)
        #expect(answer.code == 7)
        #expect(answer.message.contains(named), "\(answer.message)")
    }
}
