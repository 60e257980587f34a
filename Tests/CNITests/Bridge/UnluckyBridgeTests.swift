import CNI
import JSON
import Lab
import Linux
import NetTypes
import Netlink
import TestSupport
import Testing

/// What operators run into: repeated calls, names that are taken, paths that lead elsewhere.
@Suite(.requiresRoot) struct UnluckyBridgeTests {
    private static let fixed: JSONValue = [
        "ipMasq": true, "macspoofchk": true,
        "ipam": ["type": "static", "addresses": [["address": "10.88.0.5/24"]]],
    ]

    @Test(arguments: ["static", "host-local"])
    func `a second ADD is refused and costs the first nothing`(_ ipam: String) throws {
        let node = try BridgeNode()
        let pod = try LabNamespace("pod")
        let config = node.bridge(ipam == "static" ? Self.fixed : ["ipMasq": true])
        let result = try node.add(config, pod)
        let before = try node.leftovers()
        let second = try node.call("ADD", config, pod)
        #expect(!second.succeeded && second.message.contains("eth0 of container \(pod.name) is attached already"))
        #expect(second.errors.isEmpty, "\(second.errors)")
        #expect(try node.leftovers() == before)
        let check = try node.call("CHECK", config, pod, previous: result)
        #expect(check.succeeded, "\(check.text)")
        #expect(try node.call("DEL", config, pod).succeeded)
        #expect(try node.leftovers().isEmpty)
    }

    @Test func `a bridge that has all the ports it may is said to be full`() throws {
        let node = try BridgeNode()
        let first = try LabNamespace("pod")
        let second = try LabNamespace("pod")
        _ = try node.add(node.bridge(), first)
        try node.fill("cni0", ports: 1022)
        let before = try node.leftovers()
        let answer = try node.call("ADD", node.bridge(), second)
        #expect(!answer.succeeded && answer.message.contains("bridge cni0 has no room for another pod"))
        #expect(answer.errors.isEmpty, "\(answer.errors)")
        #expect(try node.leftovers() == before)
        try node.routing { socket in try socket.run(.deleteLink("near0")) }
        _ = try node.add(node.bridge(), second)
    }

    @Test func `DEL does not touch a container whose namespace is at the path of one that is gone`() throws {
        let node = try BridgeNode()
        let link = node.node.directory.file("netns")
        let config = node.bridge()
        let second = try LabNamespace("pod")
        do {
            let first = try LabNamespace("pod")
            try Files.symbolicLink(link, to: first.path)
            let answer = try node.namespace.run {
                node.node.call("ADD", config.serialized(), id: "first", namespace: link)
            }
            #expect(answer.succeeded, "\(answer.text)")
        }
        _ = try node.add(config, second)
        try Files.symbolicLink(link, to: second.path)
        let answer = try node.namespace.run { node.node.call("DEL", config.serialized(), id: "first", namespace: link) }
        #expect(answer.succeeded, "\(answer.text)")
        #expect(try routing(in: second) { socket in try socket.link(.name("eth0")) }.isUp)
        #expect(node.node.reservations.count == 1)
    }

    @Test func `a bridge's name that another device has is refused, and the address given back`() throws {
        let node = try BridgeNode()
        let pod = try LabNamespace("pod")
        for name in ["lo", "cni%d", "all"] {
            let answer = try node.call("ADD", node.bridge(["bridge": .string(name)]), pod)
            #expect(!answer.succeeded && answer.errors.isEmpty, "\(answer.text)\(answer.errors)")
            #expect(try node.leftovers().isEmpty)
            #expect(try node.routing { socket in try socket.links() }.map(\.name) == ["lo"])
        }
        let answer = try node.call("ADD", node.bridge(["bridge": "lo"]), pod)
        #expect(answer.code == 7 && answer.message == "\"lo\" already exists but is not a bridge")
    }

    @Test(arguments: ["renamed", "deleted", "moved away", "replaced"])
    func `whatever a pod has done to its interface, DEL removes the pair`(_ deed: String) throws {
        let node = try BridgeNode()
        let pod = try LabNamespace("pod")
        let elsewhere = try LabNamespace("pod")
        let result = try node.add(node.bridge(["ipMasq": true]), pod)
        let commands: [[String]] =
            switch deed {
            case "deleted": [["link", "del", "eth0"]]
            case "moved away": [["link", "set", "eth0", "netns", elsewhere.name]]
            default: [["link", "set", "eth0", "down"], ["link", "set", "eth0", "name", "mine0"]]
            }
        for words in commands + (deed == "replaced" ? [["link", "add", "eth0", "type", "bridge"]] : []) {
            let output = try Command("/sbin/ip", words).run(in: Place(network: pod.path))
            #expect(output.status == 0, "\(output.standardError)")
        }
        let answer = try node.call("DEL", node.bridge(["ipMasq": true]), pod, previous: result)
        #expect(answer.succeeded, "\(answer.text)")
        #expect(try node.leftovers().isEmpty)
        for place in [pod.path, elsewhere.path] {
            let links = try Command("/sbin/ip", ["-o", "link"]).run(in: Place(network: place)).standardOutput
            #expect(!links.contains("mine0") && !links.contains("eth0@"), "\(links)")
        }
    }

    @Test func `an interface that no plugin has made is no error of a DEL`() throws {
        let node = try BridgeNode()
        let pod = try LabNamespace("pod")
        #expect(try !node.call("ADD", node.bridge(), pod, interface: "lo").succeeded)
        let answer = try node.call("DEL", node.bridge(), pod, interface: "lo")
        #expect(answer.succeeded, "\(answer.text)")
        #expect(try node.leftovers().isEmpty)
    }

    @Test(arguments: [(60, "less than 68"), (1000, "IPv6 needs 1280")])
    func `an MTU that cannot work is refused by name`(_ mtu: Int, _ words: String) throws {
        let node = try BridgeNode()
        let pod = try LabNamespace("pod")
        let config = node.bridge(["mtu": .number(JSONNumber(mtu))], subnets: ["10.88.0.0/24", "fd00:88::/64"])
        let answer = try node.call("ADD", config, pod)
        #expect(answer.code == 7 && answer.message.contains(words), "\(answer.text)")
        #expect(try node.leftovers().isEmpty)
    }

    @Test func `DEL works after the configuration has changed`() throws {
        let node = try BridgeNode()
        let pod = try LabNamespace("pod")
        let result = try node.add(node.bridge(["ipMasq": true, "macspoofchk": true]), pod)
        let changed = node.bridge(["bridge": "other0", "mtu": 1300], subnets: ["10.99.0.0/24"])
        let answer = try node.call("DEL", changed, pod, previous: result, isGone: true)
        #expect(answer.succeeded, "\(answer.text)")
        #expect(try node.leftovers().isEmpty)
    }

    /// 10.88.0.0/16 and 10.88.0.0/24 on two bridges: odd, but not ours to forbid; each is removed by itself.
    @Test func `networks whose subnets overlap do not take each other's state`() throws {
        let node = try BridgeNode()
        let a = try LabNamespace("pod")
        let b = try LabNamespace("pod")
        let wide = node.bridge(["bridge": "cni1", "ipMasq": true], subnets: ["10.88.0.0/16"], name: "wide")
        let narrow = node.bridge(["ipMasq": true])
        _ = try node.add(narrow, a)
        _ = try node.add(wide, b)
        #expect(try node.call("DEL", narrow, a).succeeded)
        #expect(try node.elements().filter { $0.contains(b.name) }.count == 1)
        #expect(try node.call("DEL", wide, b).succeeded)
        #expect(try node.elements().isEmpty)
    }
}
