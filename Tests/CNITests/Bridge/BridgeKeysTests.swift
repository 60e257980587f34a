import CNI
import JSON
import Lab
import Linux
import NetTypes
import Netlink
import TestSupport
import Testing

/// Keys of `bridge` that change one thing each.
@Suite(.requiresRoot) struct BridgeKeysTests {
    // Upstream: MAC in CNI_ARGS reaches host-local, which refuses the key that it does not know.
    @Test func `the MAC address is the runtime's, else the orchestrator's, else that of CNI_ARGS`() throws {
        let node = try BridgeNode()
        var sources: JSONValue = [:]
        for (key, value) in [
            ("", "02:00:00:00:00:01"), ("args", "02:00:00:00:00:02"), ("runtimeConfig", "02:00:00:00:00:03"),
        ] {
            let pod = try LabNamespace("pod")
            var object = sources.object ?? JSONObject()
            let mac: JSONValue = ["mac": .string(value)]
            if key == "args" { object["args"] = ["cni": mac] } else if !key.isEmpty { object[key] = mac }
            sources = .object(object)
            let answer = try node.call("ADD", node.bridge(sources), pod, arguments: "MAC=02:00:00:00:00:01")
            #expect(answer.json["interfaces"]?.array?.last?["mac"]?.string == value, "\(answer.text)")
            #expect(try routing(in: pod) { socket in try socket.link(.name("eth0")) }.mac == MACAddress(value))
        }
        let pod = try LabNamespace("pod")
        let wrong = try node.call("ADD", node.bridge(), pod, arguments: "MAC=00:11")
        #expect(wrong.code == 7 && wrong.message.contains("CNI_ARGS.MAC"), "\(wrong.text)")
    }

    // Upstream #60, #285, #805: a daemon rewrites what the kernel chose, and then CHECK fails.
    @Test func `every MAC address is set, not left to chance, so that no daemon changes it`() throws {
        let node = try BridgeNode()
        let pod = try LabNamespace("pod")
        _ = try node.add(node.bridge(), pod)
        // net/core/net-sysfs.c: 3 is NET_ADDR_SET.
        let script = "mount -t sysfs none /sys && cd /sys/class/net && cat [cev]*/addr_assign_type"
        for (path, count) in [(node.namespace.path, 2), (pod.path, 1)] {
            let output = try Command("/usr/bin/unshare", ["-m", "/bin/sh", "-c", script]).run(in: Place(network: path))
            let values = output.standardOutput.split(separator: "\n")
            #expect(values == Array(repeating: "3", count: count), "\(output.standardError)")
        }
    }

    @Test func `an interface that is to stay down is down, and then there is no IPAM`() throws {
        let node = try BridgeNode()
        let pod = try LabNamespace("pod")
        let down: JSONValue = ["disableContainerInterface": true, "isDefaultGateway": false, "ipam": .null]
        let result = try node.add(node.bridge(down), pod)
        #expect(try !routing(in: pod) { socket in try socket.link(.name("eth0")) }.isUp)
        #expect(try node.call("CHECK", node.bridge(down), pod, previous: result).succeeded)
        #expect(try node.call("DEL", node.bridge(down), pod).succeeded)
        let both = try node.call("ADD", node.bridge(["disableContainerInterface": true]), pod)
        #expect(both.code == 7 && both.message.contains("disableContainerInterface"), "\(both.text)")
        #expect(try node.leftovers().isEmpty)
    }

    @Test func `promiscMode is the bridge's, and excludes hairpinMode`() throws {
        let node = try BridgeNode()
        let pod = try LabNamespace("pod")
        let both = try node.call("ADD", node.bridge(["promiscMode": true, "hairpinMode": true]), pod)
        #expect(both.code == 7 && both.message.contains("promiscMode"))
        _ = try node.add(node.bridge(), pod)
        #expect(try !node.routing { socket in try socket.link(.name("cni0")) }.flags.contains(.promiscuous))
        let next = try LabNamespace("pod")
        _ = try node.add(node.bridge(["promiscMode": true]), next)
        #expect(try node.routing { socket in try socket.link(.name("cni0")) }.flags.contains(.promiscuous))
    }

    @Test(arguments: [
        (#"{"vlan": 4095}"#, "vlan: 4095"), (#"{"vlan": -1}"#, "vlan: -1"),
        (#"{"vlanTrunk": [{"minID": 0, "maxID": 5}]}"#, "vlanTrunk[0].minID"),
        (#"{"vlanTrunk": [{"minID": 9, "maxID": 5}]}"#, "greater than maxID"),
        (#"{"vlanTrunk": [{"id": 1}, {"minID": 5}]}"#, "vlanTrunk[1].maxID: missing"),
        (#"{"vlanTrunk": [{"maxID": 5}]}"#, "vlanTrunk[0].minID: missing"),
        (#"{"vlanTrunk": [{"id": 5000}]}"#, "vlanTrunk[0].id"), (#"{"vlanTrunk": [{}]}"#, "vlanTrunk[0].id: missing"),
    ])
    func `VLANs that cannot be are refused by name`(_ keys: String, _ words: String) throws {
        let node = try BridgeNode()
        let pod = try LabNamespace("pod")
        let answer = try node.call("ADD", node.bridge(try JSONValue.parse(keys)), pod)
        #expect(answer.code == 7 && answer.message.contains(words), "\(answer.message)")
        #expect(try node.routing { socket in try socket.links() }.map(\.name) == ["lo"])
    }

    @Test func `what a result of 1_1_0 says about a route is on the route`() throws {
        let node = try BridgeNode()
        let pod = try LabNamespace("pod")
        let routes: JSONValue = [
            ["dst": "10.1.0.0/16", "gw": "10.88.0.9", "mtu": 1300, "advmss": 1200, "priority": 50, "table": 77]
        ]
        let ipam: JSONValue = ["type": "static", "addresses": [["address": "10.88.0.5/24"]], "routes": routes]
        let result = try node.add(node.bridge(["ipam": ipam, "dns": ["nameservers": ["10.0.0.1"]]]), pod)
        #expect(result["dns"]?["nameservers"]?.array?.first?.string == "10.0.0.1")
        let found = try routing(in: pod) { socket in
            try socket.routes(RouteFilter(.v4, table: RouteTable(rawValue: 77)))
        }
        #expect(found.map(\.gateway) == [IPAddress("10.88.0.9")])
        #expect(found.map(\.mtu) == [1300] && found.map(\.advertisedMSS) == [1200] && found.map(\.priority) == [50])
    }
}
