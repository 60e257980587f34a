import CNI
import JSON
import Lab
import Linux
import NetTypes
import Netlink
import TestSupport
import Testing

@Suite(.requiresRoot) struct ChainedPluginTests {
    let rates: JSONValue = [
        "ingressRate": 80_000_000, "ingressBurst": 8_000_000, "egressRate": 40_000_000, "egressBurst": 8_000_000,
    ]

    // Upstream: the device's name lacks the interface, so the second one is EEXIST and its DEL takes the first's.
    @Test func `two interfaces of a pod have a shaper each`() throws {
        let node = try BridgeNode()
        let pod = try LabNamespace("pod")
        let shaped = node.plugin("bandwidth", rates)
        let first = try node.add(shaped, pod, previous: try node.add(node.bridge(), pod))
        let second = try node.add(
            shaped, pod, interface: "eth1", previous: try node.add(node.bridge(), pod, interface: "eth1"))
        #expect(try node.call("DEL", shaped, pod, interface: "eth1", previous: second).succeeded)
        let check = try node.call("CHECK", shaped, pod, previous: first)
        #expect(check.succeeded, "\(check.text)")
        #expect(try node.call("DEL", shaped, pod, previous: first).succeeded)
        #expect(try node.routing { socket in try socket.links(kind: "ifb") }.isEmpty)
    }

    @Test(arguments: [
        (#"{"ingressRate": 8000}"#, "ingressBurst"), (#"{"egressBurst": 8000}"#, "egressRate"),
        (#"{"ingressRate": 8000, "ingressBurst": 34359738368}"#, "4 GB"),
    ])
    func `a rate without burst, or too large a burst, is refused`(_ keys: String, _ named: String) throws {
        let node = try BridgeNode()
        let pod = try LabNamespace("pod")
        let result = try node.add(node.bridge(), pod)
        let answer = try node.call("ADD", node.plugin("bandwidth", try JSONValue.parse(keys)), pod, previous: result)
        #expect(answer.code == 7 && answer.message.contains(named), "\(answer.text)")
    }

    @Test func `tuning changes interface and settings, tells the MAC address, and restores on DEL`() throws {
        let node = try BridgeNode()
        let pod = try LabNamespace("pod")
        let config = node.plugin(
            "tuning",
            [
                "mac": "02:00:00:00:00:07", "mtu": 1300, "dataDir": .string(node.node.directory.file("tuning")),
                "sysctl": ["net.ipv4.conf.IFNAME.arp_filter": "1"],
            ])
        let before = try node.add(node.bridge(), pod)
        let result = try node.add(config, pod, previous: before)
        #expect(result["interfaces"]?.array?.last?["mac"]?.string == "02:00:00:00:00:07")
        #expect(try routing(in: pod) { socket in try socket.link(.name("eth0")) }.mtu == 1300)
        #expect(try node.call("CHECK", config, pod, previous: result).succeeded)
        #expect(try node.call("DEL", config, pod, previous: result).succeeded)
        #expect(try routing(in: pod) { socket in try socket.link(.name("eth0")) }.mtu == 1500)
        #expect(try node.call("DEL", config, pod, previous: result, isGone: true).succeeded)
    }

    @Test(arguments: ["kernel.hostname", "net/../kernel/hostname", "vm.swappiness"])
    func `tuning refuses settings that are not the network's`(_ key: String) throws {
        let node = try BridgeNode()
        let pod = try LabNamespace("pod")
        let result = try node.add(node.bridge(), pod)
        let config = node.plugin("tuning", ["sysctl": .object(JSONObject([(key, JSONValue.string("1"))]))])
        #expect(try node.call("ADD", config, pod, previous: result).code == 7)
    }

    @Test func `firewall keeps bridges apart, lets containers out, and leaves nothing after DEL`() throws {
        let node = try BridgeNode()
        let a = try LabNamespace("pod")
        let b = try LabNamespace("pod")
        let firewall = node.plugin("firewall", ["ingressPolicy": "same-bridge"])
        let first = try node.add(node.bridge(), a)
        let second = try node.add(
            node.bridge(["bridge": "cni1"], subnets: ["10.89.0.0/24"], name: "net2"), b)
        let server = try PacketProbe.Listener(b, port: 80)
        #expect(try PacketProbe.connects(from: a, to: "10.89.0.2", port: 80))
        _ = try server.peer()
        _ = try node.add(firewall, a, previous: first)
        _ = try node.add(node.plugin("firewall", ["ingressPolicy": "same-bridge"], name: "net2"), b, previous: second)
        #expect(try !PacketProbe.connects(from: a, to: "10.89.0.2", port: 80, within: 300))
        #expect(try node.call("CHECK", firewall, a, previous: first).succeeded)
        #expect(try node.call("DEL", firewall, a, isGone: true).succeeded)
        #expect(try node.elements().allSatisfy { $0.contains(b.name) })
    }
}
