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

    @Test func `both directions pass a token bucket of the rate and burst that were asked for`() throws {
        let node = try BridgeNode()
        let pod = try LabNamespace("pod")
        let result = try node.add(node.plugin("bandwidth", rates), pod, previous: try node.add(node.bridge(), pod))
        let port = result["interfaces"]?.array?[1]["name"]?.string ?? ""
        let device = result["interfaces"]?.array?.last?["name"]?.string ?? ""
        try node.routing { socket in
            let (port, device) = (try socket.link(.name(port)), try socket.link(.name(device)))
            for (link, rate) in [(port, 10_000_000), (device, 5_000_000)] {
                let buckets = try socket.queueing(on: link.index).compactMap { queueing -> TokenBucket? in
                    if case .tokenBucket(let bucket) = queueing.kind { bucket } else { nil }
                }
                #expect(buckets.map(\.rate) == [UInt64(rate)], "\(link.name)")
                // The kernel keeps the burst as a time, and gives it back rounded.
                #expect(buckets.allSatisfy { abs(Int($0.burst) - 1_000_000) < 1000 }, "\(buckets)")
            }
            #expect(try socket.redirects(on: port.index).map(\.target) == [device.index])
        }
    }

    @Test func `a list of shaped networks is refused by name`() throws {
        let node = try BridgeNode()
        let pod = try LabNamespace("pod")
        let result = try node.add(node.bridge(), pod)
        for key in ["shapedSubnets", "unshapedSubnets"] {
            let more = JSONValue.object(JSONObject([(key, JSONValue.array(["10.0.0.0/8"]))]))
            let answer = try node.call("ADD", node.plugin("bandwidth", more), pod, previous: result)
            #expect(answer.code == 7 && answer.message.contains(key), "\(answer.text)")
        }
    }

    @Test func `firewall with isolated keeps pods of one bridge apart, and lets the node in`() throws {
        let node = try BridgeNode()
        let a = try LabNamespace("pod")
        let b = try LabNamespace("pod")
        let config = node.plugin("firewall", ["ingressPolicy": "isolated"])
        let (first, second) = (try node.add(node.bridge(), a), try node.add(node.bridge(), b))
        let server = try PacketProbe.Listener(b, port: 80)
        #expect(try PacketProbe.connects(from: a, to: "10.88.0.3", port: 80))
        _ = try server.peer()
        _ = try node.add(config, a, previous: first)
        _ = try node.add(config, b, previous: second)
        #expect(try !PacketProbe.connects(from: a, to: "10.88.0.3", port: 80, within: 300))
        #expect(try PacketProbe.connects(from: node.namespace, to: "10.88.0.3", port: 80))
        #expect(try server.peer() == IPAddress("10.88.0.1"))
        for _ in 1...2 { #expect(try node.call("DEL", config, a, previous: first, isGone: true).succeeded) }
        #expect(try node.elements().allSatisfy { $0.contains(b.name) })
    }

    @Test func `the administrator's chain of the firewall has the name that was asked for, and comes first`() throws {
        let node = try BridgeNode()
        let pod = try LabNamespace("pod")
        let outside = try LabNamespace("pod")
        let config = node.plugin("firewall", ["iptablesAdminChainName": "OURS"])
        _ = try node.add(config, pod, previous: try node.add(node.bridge(), pod))
        _ = try node.add(node.bridge(["bridge": "out0"], subnets: ["192.0.2.0/24"], name: "out"), outside)
        let server = try PacketProbe.Listener(outside, port: 80)
        #expect(try PacketProbe.connects(from: pod, to: "192.0.2.2", port: 80))
        _ = try server.peer()
        let rule = ["add", "rule", "inet", "poplin-cni-firewall", "OURS", "ip", "daddr", "192.0.2.2", "drop"]
        let output = try Command("/usr/sbin/nft", rule).run(in: Place(network: node.namespace.path))
        #expect(output.status == 0, "\(output.standardError)")
        #expect(try !PacketProbe.connects(from: pod, to: "192.0.2.2", port: 80, within: 300))
    }

    @Test func `each network has the administrator's chain that it asked for, before the others' rules`() throws {
        let node = try BridgeNode()
        let first = try LabNamespace("pod")
        let second = try LabNamespace("pod")
        let result = try node.add(node.bridge(), first)
        _ = try node.add(node.plugin("firewall"), first, previous: result)
        let ours = node.plugin("firewall", ["iptablesAdminChainName": "OURS"], name: "net2")
        let other = try node.add(
            node.bridge(["bridge": "cni1"], subnets: ["10.89.0.0/24"], name: "net2"), second)
        for _ in 1...2 { _ = try node.add(ours, second, previous: other) }
        let rules = try Command("/usr/sbin/nft", ["list", "chain", "inet", "poplin-cni-firewall", "forward"])
            .run(in: Place(network: node.namespace.path)).standardOutput
        let jumps = rules.split(separator: "\n").filter { $0.contains("jump") }.map {
            String($0.drop { $0 == "\t" })
        }
        #expect(jumps == ["jump OURS", "jump CNI-ADMIN", "jump isolation"], "\(rules)")
        let taken = node.plugin("firewall", ["iptablesAdminChainName": "forward"])
        #expect(try node.call("ADD", taken, first, interface: "eth1", previous: result).code == 7)
    }

    @Test func `tuning sets what the link can be, from args before the rest, and DEL sets it back`() throws {
        let node = try BridgeNode()
        let pod = try LabNamespace("pod")
        let result = try node.add(node.bridge(), pod)
        let former = try routing(in: pod) { socket in try socket.link(.name("eth0")) }
        let config = node.plugin(
            "tuning",
            [
                "promisc": true, "allmulti": true, "txQLen": 77, "mtu": 1400, "args": ["cni": ["mtu": 1300]],
                "dataDir": .string(node.node.directory.file("tuning")),
            ])
        _ = try node.add(config, pod, previous: result)
        let link = try routing(in: pod) { socket in try socket.link(.name("eth0")) }
        #expect(link.flags.contains(.promiscuous) && link.flags.contains(.allMulticast))
        #expect(link.transmitQueueLength == 77 && link.mtu == 1300)
        #expect(try node.call("CHECK", config, pod, previous: result).succeeded)
        #expect(try node.call("DEL", config, pod, previous: result).succeeded)
        let restored = try routing(in: pod) { socket in try socket.link(.name("eth0")) }
        #expect(!restored.flags.contains(.promiscuous) && !restored.flags.contains(.allMulticast))
        #expect(restored.transmitQueueLength == former.transmitQueueLength && restored.mtu == former.mtu)
    }

    @Test func `tuning's GC removes the backups of its own network's lost containers`() throws {
        let node = try BridgeNode()
        let pods = [try pod(), try pod(), try pod()]
        let directory = node.node.directory.file("tuning")
        let settings: JSONValue = ["mtu": 1300, "dataDir": .string(directory)]
        for (number, name) in ["net", "net", "other"].enumerated() {
            let result = try node.add(
                node.bridge(["bridge": .string("cni\(name)")], subnets: ["10.8\(name.count).0.0/24"], name: name),
                pods[number].namespace)
            _ = try node.add(node.plugin("tuning", settings, name: name), pods[number].namespace, previous: result)
        }
        try Files.replace("\(directory)/foreign_eth0.json", Array(#"{"mtu": 1500}"#.utf8))
        let valid = JSONValue.array([
            .object(JSONObject([("containerID", .string(pods[0].namespace.name)), ("ifname", "eth0")]))
        ])
        let gc = node.plugin("tuning", ["dataDir": .string(directory), "cni.dev/valid-attachments": valid])
        let answer = try node.call("GC", gc, pods[0].namespace)
        #expect(answer.succeeded, "\(answer.text)")
        let expected = [pods[0].namespace.name, pods[2].namespace.name, "foreign"].map { "\($0)_eth0.json" }
        #expect(try Set(Files.list(directory)) == Set(expected))
    }

    private final class Pod {
        let namespace: LabNamespace
        init(_ namespace: consuming LabNamespace) { self.namespace = namespace }
    }

    private func pod() throws -> Pod { Pod(try LabNamespace("pod")) }
}
