import JSON
import Lab
import Linux
import NetTypes
import Netlink
import TestSupport
import Testing

/// Conflists of our plugins and Debian's reference plugins, in any mix.
@Suite(
    .requiresRoot, .requiresProgram("iptables"),
    .enabled("needs poplin-cni: swift build", { Files.isExecutable(Executable.path) }),
    .enabled(
        "needs containernetworking-plugins: scripts/setup installs it",
        { Files.isExecutable("\(PluginNode.reference)/bridge") }))
struct MixedChainTests {
    private static let bridge: JSONValue = [
        "type": "bridge", "bridge": "cni0", "isDefaultGateway": true, "ipMasq": true, "hairpinMode": true,
        "ipam": ["type": "host-local", "ranges": [[["subnet": "10.88.0.0/24"]]]],
    ]
    private static let list: JSONValue = [
        "cniVersion": "1.0.0", "name": "net",
        "plugins": [
            bridge, ["type": "portmap", "capabilities": ["portMappings": true]],
            [
                "type": "bandwidth", "ingressRate": 80_000_000, "ingressBurst": 8_000_000, "egressRate": 80_000_000,
                "egressBurst": 8_000_000,
            ],
            ["type": "firewall"], ["type": "tuning", "mtu": 1400, "sysctl": ["net.ipv4.conf.eth0.arp_filter": "1"]],
        ],
    ]

    private static func runtime(_ node: borrowing PluginNode, _ list: JSONValue, reference: Set<String>) throws
        -> ConflistRuntime
    {
        ConflistRuntime(
            list: list, pluginDirectories: [try node.mixed(reference: reference)],
            cacheDirectory: "/var/lib/cni/results", place: node.place, root: node.root)
    }

    @Test(arguments: [
        [], ["bridge"], ["host-local"], ["bridge", "host-local"], ["portmap"], ["bandwidth"], ["firewall"], ["tuning"],
        ["portmap", "bandwidth", "firewall", "tuning"], ["bridge", "portmap", "firewall"],
        ["bridge", "host-local", "portmap", "bandwidth", "firewall", "tuning"],
    ])
    func `a chain works whichever of its plugins are the reference's`(_ reference: Set<String>) throws {
        let node = try PluginNode()
        let runtime = try Self.runtime(node, Self.list, reference: reference)
        let pod = try LabNamespace("pod")
        let client = try LabNamespace("pod")
        let attachment = ConflistRuntime.Attachment(containerID: "pod", namespace: pod.path)
        let neighbour = ConflistRuntime.Attachment(containerID: "client", namespace: client.path)
        let ports: JSONValue = [["hostPort": 8080, "containerPort": 80, "protocol": "tcp"]]
        let result = try runtime.add(attachment, capabilities: JSONObject([("portMappings", ports)]))
        _ = try runtime.add(neighbour)
        #expect(result["ips"]?.array?.first?["address"]?.string == "10.88.0.2/24")
        #expect(try routing(in: pod) { socket in try socket.link(.name("eth0")) }.mtu == 1400)

        let server = try PacketProbe.Listener(pod, port: 80)
        for target in ["10.88.0.1", "127.0.0.1"] {
            #expect(try PacketProbe.connects(from: node.namespace, to: target, port: 8080), "\(target)")
            _ = try server.peer()
        }
        #expect(try PacketProbe.connects(from: client, to: "10.88.0.1", port: 8080))
        #expect(try server.peer() == IPAddress("10.88.0.1"))
        #expect(try PacketProbe.connects(from: client, to: "10.88.0.2", port: 80))
        #expect(try server.peer() == IPAddress("10.88.0.3"))

        // The reference portmap of this version finds no IPv6 rules for a container without IPv6, and says so.
        if !reference.contains("portmap") { try runtime.check(attachment) }
        for _ in 1...2 {
            try runtime.delete(attachment)
            try runtime.delete(neighbour)
        }
        #expect(try node.leftovers().isEmpty)
        #expect(try !node.shell("iptables-save").contains("10.88.0.2"))
    }

    @Test func `our flannel delegates to a plugin of the reference's, and its DEL replays that`() throws {
        let node = try PluginNode()
        _ = try node.poplin()
        let config: JSONValue = [
            "cniVersion": "1.0.0", "name": "net", "type": "flannel", "delegate": ["type": "ptp"],
        ]
        let plugins = try node.mixed(reference: ["ptp", "host-local"])
        let pod = try LabNamespace("pod")
        let result = try node.call("ADD", config, namespace: pod.path, directory: plugins)
        #expect(result.addresses == ["10.88.3.2/24"], "\(result.text)")
        #expect(try PacketProbe.connects(from: pod, to: "10.88.3.1", port: 1, within: 10) == false)
        #expect(try node.leftovers().contains { $0.hasSuffix("networks/net/10.88.3.2") })
        try Files.remove("\(node.root)/run/flannel/subnet.env")
        for _ in 1...2 {
            let answer = try node.call("DEL", config, namespace: pod.path, directory: plugins)
            #expect(answer.succeeded, "\(answer.text)")
        }
        #expect(try node.leftovers().isEmpty)
    }

    /// What flannel's own plugin renders and delegates, so that our `bridge` may stand below it.
    @Test func `our bridge and host-local take what flannel's own plugin delegates`() throws {
        let node = try PluginNode()
        let config = try JSONValue.parse(
            #"""
            {"cniVersion": "0.3.1", "hairpinMode": true, "ipMasq": false, "isDefaultGateway": true, "isGateway": true,
             "mtu": 1450, "name": "net", "type": "bridge", "ipam": {"type": "host-local",
             "ranges": [[{"subnet": "10.88.3.0/24"}]], "routes": [{"dst": "10.88.0.0/16"}]}}
            """#)
        let pod = try LabNamespace("pod")
        let answer = try node.call("ADD", config, namespace: pod.path)
        #expect(answer.addresses == ["10.88.3.2/24"], "\(answer.text)")
        #expect(answer.json["cniVersion"] == "0.3.1")
        #expect(try node.call("DEL", config).succeeded)
        #expect(try node.leftovers().isEmpty)
    }

    /// A node is switched over, or back, while its pods run.
    @Test(arguments: [true, false])
    func `each deletes what the other has attached`(_ isOursFirst: Bool) throws {
        let node = try PluginNode()
        var object = Self.bridge.object ?? JSONObject()
        (object["cniVersion"], object["name"], object["ipMasq"]) = ("1.0.0", "net", false)
        let config = JSONValue.object(object)
        let pod = try LabNamespace("pod")
        let places = isOursFirst ? [node.plugins, PluginNode.reference] : [PluginNode.reference, node.plugins]
        let result = try node.call("ADD", config, namespace: pod.path, directory: places[0])
        #expect(result.succeeded, "\(result.text)")
        for (verb, namespace) in [("CHECK", pod.path), ("DEL", pod.path), ("DEL", "")] {
            let answer = try node.call(
                verb, config, namespace: namespace, previous: result.json, directory: places[1])
            #expect(answer.succeeded, "\(verb): \(answer.text)")
        }
        let left = try node.leftovers()
        // Our record lives until a DEL or a GC of ours, or the next boot.
        #expect(left.allSatisfy { $0.hasPrefix("run/poplin/cni/") }, "\(left)")
        #expect(try node.call("DEL", config, previous: result.json).succeeded)
        let next = try LabNamespace("pod")
        #expect(try node.call("ADD", config, namespace: next.path).succeeded)
    }

    @Test func `tuning obeys the administrator's list`() throws {
        let node = try PluginNode()
        try node.shell(
            "mkdir -p /etc/cni/tuning; printf '# ours\\n^net\\\\.ipv4\\\\.conf\\\\.[a-z0-9]*\\\\.arp_' > \(allowlist)")
        let pod = try LabNamespace("pod")
        let bridge: JSONValue = ["cniVersion": "1.1.0", "name": "net", "type": "bridge"]
        let result = try node.call("ADD", bridge, namespace: pod.path).json
        func answer(_ key: String) throws -> Answer {
            let config: JSONValue = [
                "cniVersion": "1.1.0", "name": "net", "type": "tuning",
                "sysctl": .object(JSONObject([(key, JSONValue.string("1"))])),
            ]
            return try node.call("ADD", config, namespace: pod.path, previous: result)
        }
        #expect(try answer("net.ipv4.conf.IFNAME.arp_filter").succeeded)
        let refused = try answer("net.ipv4.conf.IFNAME.proxy_arp")
        #expect(refused.code == 7 && refused.message.contains("net.ipv4.conf.eth0.proxy_arp"), "\(refused.text)")
        #expect(refused.json["details"]?.string == allowlist)
    }

    @Test func `a script on CNI_PATH gives the addresses, and gets them back`() throws {
        let node = try PluginNode()
        let script = """
            #!/bin/sh
            echo "$CNI_COMMAND $CNI_CONTAINERID" >> \(node.directory.file("calls"))
            test $CNI_COMMAND = ADD || exit 0
            echo '{"cniVersion": "1.0.0", "ips": [{"address": "10.88.0.77/24", "gateway": "10.88.0.1"}]}'
            """
        try Files.replace("\(node.plugins)/third-party", Array(script.utf8), mode: 0o755)
        let config: JSONValue = [
            "cniVersion": "1.0.0", "name": "net", "type": "bridge", "isGateway": true, "ipMasq": true,
            "ipam": ["type": "third-party"],
        ]
        let pod = try LabNamespace("pod")
        #expect(try node.call("ADD", config, namespace: pod.path).addresses == ["10.88.0.77/24"])
        let server = try PacketProbe.Listener(pod, port: 80)
        #expect(try PacketProbe.connects(from: node.namespace, to: "10.88.0.77", port: 80))
        _ = try server.peer()
        // The first one's address must not be given back by the second ADD's rollback.
        #expect(try !node.call("ADD", config, namespace: pod.path).succeeded)
        #expect(try node.call("DEL", config, namespace: pod.path).succeeded)
        #expect(try Files.readText(node.directory.file("calls")) == "ADD pod\nDEL pod\n")
        #expect(try node.leftovers().isEmpty)
    }

    private let allowlist = "/etc/cni/tuning/allowlist.conf"

    @Test func `an IPAM daemon that is absent is named, and nothing stays`() throws {
        let node = try PluginNode()
        let plugins = try node.mixed(reference: ["dhcp"])
        let pod = try LabNamespace("pod")
        func config(_ ipam: String) -> JSONValue {
            ["cniVersion": "1.0.0", "name": "net", "type": "bridge", "ipam": ["type": .string(ipam)]]
        }
        let daemon = try node.call("ADD", config("dhcp"), namespace: pod.path, directory: plugins)
        #expect(!daemon.succeeded && daemon.message.contains("dhcp.sock"), "\(daemon.text)")
        let absent = try node.call("ADD", config("whereabouts"), namespace: pod.path, directory: plugins)
        #expect(absent.code == 7 && absent.message.contains("whereabouts"), "\(absent.text)")
        #expect(try node.leftovers().isEmpty)
    }
}
