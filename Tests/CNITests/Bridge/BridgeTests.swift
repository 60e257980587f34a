import CNI
import JSON
import Lab
import Linux
import NFTables
import NetTypes
import Netlink
import TestSupport
import Testing

@Suite(.requiresRoot) struct BridgeTests {
    @Test(arguments: [["10.88.0.0/24"], ["fd00:88::/64"], ["10.88.0.0/24", "fd00:88::/64"]])
    func `pods of a bridge and the node reach each other at once`(_ subnets: [String]) throws {
        let node = try BridgeNode()
        let a = try LabNamespace("pod")
        let b = try LabNamespace("pod")
        let config = node.bridge(["ipMasq": true, "macspoofchk": true], subnets: subnets)
        let result = try node.add(config, a)
        let other = try node.add(config, b)
        for (index, subnet) in subnets.enumerated() {
            guard let family = CIDR(subnet)?.family else { continue }
            let server = try PacketProbe.Listener(b, port: 80, family: family)
            let address = other["ips"]?.array?[index]["address"]?.string?.split(separator: "/").first.map(String.init)
            #expect(try PacketProbe.connects(from: a, to: address ?? "", port: 80))
            #expect(try server.peer() != nil)
            #expect(try PacketProbe.connects(from: node.namespace, to: address ?? "", port: 80))
        }
        #expect(try node.call("CHECK", config, a, previous: result).succeeded)
        #expect(try node.call("CHECK", config, b, previous: other).succeeded)
    }

    /// All ports share one MAC address, which the bridge knows as that of one of them.
    @Test func `pods and the node go on when the first port is gone`() throws {
        let node = try BridgeNode()
        let first = try LabNamespace("pod")
        let a = try LabNamespace("pod")
        let b = try LabNamespace("pod")
        let config = node.bridge([:])
        _ = try node.add(config, first)
        _ = try node.add(config, a)
        let result = try node.add(config, b)
        #expect(try node.call("DEL", config, first).succeeded)
        let address = result["ips"]?.array?.first?["address"]?.string?.split(separator: "/").first.map(String.init)
        let server = try PacketProbe.Listener(b, port: 80, family: .v4)
        #expect(try PacketProbe.connects(from: a, to: address ?? "", port: 80))
        #expect(try PacketProbe.connects(from: node.namespace, to: address ?? "", port: 80))
        #expect(try server.peer() != nil)
    }

    @Test func `the result names bridge, port and container with their MAC addresses and MTU`() throws {
        let node = try BridgeNode()
        let pod = try LabNamespace("pod")
        let result = try node.add(node.bridge(["mtu": 1400]), pod)
        let names = (result["interfaces"]?.array ?? []).map { $0["name"]?.string ?? "" }
        #expect(names.count == 3 && names[0] == "cni0" && names[2] == "eth0")
        let links = try node.routing { socket in [try socket.link(.name(names[0])), try socket.link(.name(names[1]))] }
        let own = try routing(in: pod) { socket in try socket.link(.name("eth0")) }
        for (interface, link) in zip(result["interfaces"]?.array ?? [], links + [own]) {
            #expect(interface["mac"]?.string == link.mac.map { "\($0)" })
            #expect(interface["mtu"]?.int == 1400 && link.mtu == 1400)
        }
        #expect(result["ips"]?.array?.first?["interface"]?.int == 2)
    }

    /// A DEL has to find its way with less and less.
    @Test(arguments: ["all", "namespace gone", "record lost", "after a reboot"])
    func `DEL leaves nothing, and can be repeated`(_ situation: String) throws {
        let node = try BridgeNode()
        let pod = try LabNamespace("pod")
        let config = node.bridge(["ipMasq": true, "macspoofchk": true])
        let result = try node.add(config, pod)
        #expect(try node.leftovers().count > 4)
        if situation == "record lost" || situation == "after a reboot" {
            try Files.removeTree(node.node.directory.file("run"))
        }
        if situation == "after a reboot" {
            let rebooted = try LabNamespace("cni")
            let path = pod.path
            let answer = try rebooted.run {
                node.node.call("DEL", config.serialized(), id: pod.name, namespace: path)
            }
            #expect(answer.succeeded, "\(answer.text)")
            #expect(node.node.reservations.isEmpty)
            return
        }
        for _ in 1...3 {
            let answer = try node.call("DEL", config, pod, previous: result, isGone: situation == "namespace gone")
            #expect(answer.succeeded, "\(answer.text)")
        }
        let left = try node.leftovers()
        // Without its record, the element of a random port name cannot be told; GC finds it.
        #expect(left.allSatisfy { situation == "record lost" && $0.contains("veth") }, "\(left)")
        if situation == "record lost" {
            let gc = node.bridge(["macspoofchk": true, "cni.dev/valid-attachments": []])
            #expect(try node.call("GC", gc, pod).succeeded)
            #expect(try node.leftovers().isEmpty)
        }
    }

    // Upstream #29: the veth pair stays when IPAM fails.
    @Test func `an ADD that fails at any step leaves nothing behind`() throws {
        let node = try BridgeNode()
        let config = node.bridge(
            ["ipMasq": true, "macspoofchk": true, "hairpinMode": true], subnets: ["10.88.0.0/24", "fd00:88::/64"])
        var step = 1
        while true {
            let pod = try LabNamespace("pod")
            let answer = try node.call("ADD", config, pod, rollback: Rollback(failAfter: step))
            if answer.succeeded { break }
            #expect(answer.message.contains("made to fail"), "\(answer.text)")
            #expect(answer.errors.isEmpty, "\(answer.errors)")
            #expect(try node.leftovers().isEmpty, "after step \(step): \(answer.message)")
            #expect(try routing(in: pod) { socket in try socket.links() }.map(\.name) == ["lo"])
            step += 1
        }
        #expect(step > 6)
    }

    @Test func `without a free address no link is touched`() throws {
        let node = try BridgeNode()
        let pods = [try pod(), try pod()]
        let config = node.bridge(subnets: ["10.88.0.0/30"])
        _ = try node.add(config, pods[0].namespace)
        let before = try node.leftovers()
        let answer = try node.call("ADD", config, pods[1].namespace)
        #expect(!answer.succeeded && answer.message.contains("no IP addresses available"))
        #expect(try node.leftovers() == before)
        let status = try node.call("STATUS", config, pods[1].namespace)
        #expect(status.code == 50, "\(status.text)")
    }

    // Upstream #858: ten seconds of silence for who had the address's last owner in its cache.
    @Test func `an address that is used again is reached at once, by node and neighbours`() throws {
        let node = try BridgeNode()
        let neighbour = try LabNamespace("pod")
        let config = node.bridge(subnets: ["10.88.0.0/29"])
        _ = try node.add(config, neighbour)
        for _ in 1...8 {
            let pod = try LabNamespace("pod")
            let address = try node.add(config, pod)["ips"]?.array?.first?["address"]?.string?.dropLast(3) ?? ""
            let server = try PacketProbe.Listener(pod, port: 80)
            #expect(try PacketProbe.connects(from: neighbour, to: String(address), port: 80))
            #expect(try PacketProbe.connects(from: node.namespace, to: String(address), port: 80))
            _ = try server.peer()
            #expect(try node.call("DEL", config, pod).succeeded)
        }
    }

    @Test(arguments: [(true, 0), (true, 100), (false, 100)])
    func `neighbours with a MAC address of the last owner learn the new one, few or many`(
        isV4: Bool, others: Int
    ) throws {
        let node = try BridgeNode()
        let subnet = isV4 ? "10.88.0.0/24" : "fd00:88::/64"
        let address = isV4 ? "10.88.0.9" : "fd00:88::9"
        let neighbour = try LabNamespace("pod")
        let first = try LabNamespace("pod")
        let second = try LabNamespace("pod")
        _ = try node.add(node.bridge(subnets: [subnet]), neighbour)
        try node.fill("cni0", ports: others)
        let fixed: (String) -> JSONValue = { mac in
            node.bridge(["runtimeConfig": ["mac": .string(mac), "ips": [.string(address)]]], subnets: [subnet])
        }
        _ = try node.add(fixed("02:00:00:00:00:01"), first)
        let server = try PacketProbe.Listener(first, port: 80, family: isV4 ? .v4 : .v6)
        #expect(try PacketProbe.connects(from: neighbour, to: address, port: 80))
        _ = try server.peer()
        #expect(try node.call("DEL", fixed("02:00:00:00:00:01"), first).succeeded)
        _ = try node.add(fixed("02:00:00:00:00:02"), second)
        let next = try PacketProbe.Listener(second, port: 80, family: isV4 ? .v4 : .v6)
        #expect(try PacketProbe.connects(from: neighbour, to: address, port: 80, within: 10_000))
        #expect(try PacketProbe.connects(from: node.namespace, to: address, port: 80, within: 10_000))
        _ = try next.peer()
    }

    // Upstream #680, #52: seconds of duplicate address detection, and a useless one on the node's end.
    @Test func `IPv6 addresses are usable at once, and the port has none`() throws {
        let node = try BridgeNode()
        let pod = try LabNamespace("pod")
        let result = try node.add(node.bridge(["hairpinMode": true], subnets: ["fd00:88::/64"]), pod)
        let addresses = try routing(in: pod) { socket in try socket.addresses(.v6) }
        let ours = addresses.filter { $0.scope == .universe }
        #expect(ours.count == 1 && ours.allSatisfy { !$0.flags.contains(.tentative) })
        let port = result["interfaces"]?.array?[1]["name"]?.string ?? ""
        let own = try node.routing { socket in try socket.addresses(.v6, on: try socket.link(.name(port)).index) }
        #expect(own.isEmpty)
    }

    // Each link-local address costs the node six multicasts to each of the bridge's ports.
    @Test func `a container without an IPv6 address sends nothing of IPv6`() throws {
        let node = try BridgeNode()
        let pod = try LabNamespace("pod")
        _ = try node.add(node.bridge(), pod)
        #expect(try routing(in: pod) { socket in try socket.addresses(.v6, on: try socket.link("eth0").index) }.isEmpty)
    }

    @Test func `enabledad waits for detection, and a duplicate fails the ADD`() throws {
        let node = try BridgeNode()
        let a = try LabNamespace("pod")
        let config = node.bridge(["enabledad": true], subnets: ["fd00:88::/64"])
        _ = try node.add(config, a)
        let addresses = try routing(in: a) { socket in try socket.addresses(.v6) }.filter { $0.scope == .universe }
        #expect(addresses.count == 1 && addresses.allSatisfy { !$0.flags.contains(.tentative) })
    }

    // Upstream cni #285: a bridge follows the lowest MAC address of its ports.
    @Test func `the bridge keeps its MAC address while pods come and go`() throws {
        let node = try BridgeNode()
        let mac = { try node.routing { socket in try socket.link(.name("cni0")) }.mac }
        var seen: Set<MACAddress?> = []
        for _ in 1...4 {
            let pod = try LabNamespace("pod")
            _ = try node.add(node.bridge(), pod)
            seen.insert(try mac())
        }
        #expect(seen.count == 1)
    }

    // flannel #1850: "cni0 already has an IP address different from", until somebody deletes the bridge by hand.
    @Test func `a gateway address of an old subnet is replaced when no pod uses it`() throws {
        let node = try BridgeNode()
        let old = try LabNamespace("pod")
        let new = try LabNamespace("pod")
        _ = try node.add(node.bridge(subnets: ["10.87.0.0/24"], name: "old"), old)
        let refused = try node.call("ADD", node.bridge(), new)
        #expect(!refused.succeeded)
        #expect(refused.message.contains("already has an IP address different from"))
        #expect(refused.text.contains("veth") && refused.text.contains("forceAddress"))
        #expect(try gateways(node) == ["10.87.0.1/24"])
        #expect(try node.call("DEL", node.bridge(subnets: ["10.87.0.0/24"], name: "old"), old).succeeded)
        _ = try node.add(node.bridge(), new)
        #expect(try gateways(node) == ["10.88.0.1/24"])
    }

    @Test func `forceAddress replaces a gateway address that is in use`() throws {
        let node = try BridgeNode()
        let old = try LabNamespace("pod")
        let new = try LabNamespace("pod")
        _ = try node.add(node.bridge(subnets: ["10.87.0.0/24"], name: "old"), old)
        _ = try node.add(node.bridge(["forceAddress": true]), new)
        #expect(try gateways(node) == ["10.88.0.1/24"])
    }

    // Upstream: isDefaultGateway beside an IPAM route to 0.0.0.0/0 without a gateway is EEXIST.
    @Test func `a default route that IPAM has given already is not given twice`() throws {
        let node = try BridgeNode()
        let pod = try LabNamespace("pod")
        _ = try node.add(node.bridge(routes: ["0.0.0.0/0", "10.0.0.0/8"]), pod)
        let routes = try routing(in: pod) { socket in try socket.routes(RouteFilter(.v4)) }
        #expect(routes.filter { $0.destination == IPFamily.v4.everything }.map(\.gateway) == [IPAddress("10.88.0.1")])
    }

    @Test func `an interface that is there already is refused and stays as it is`() throws {
        let node = try BridgeNode()
        let pod = try LabNamespace("pod")
        let config = node.bridge(["ipMasq": true])
        let result = try node.add(config, pod)
        let again = try node.call("ADD", config, pod)
        #expect(!again.succeeded)
        let check = try node.call("CHECK", config, pod, previous: result)
        #expect(check.succeeded, "\(check.text)")
    }

    @Test func `macspoofchk drops what a pod sends under another MAC address`() throws {
        let node = try BridgeNode()
        let pod = try LabNamespace("pod")
        _ = try node.add(node.bridge(["macspoofchk": true]), pod)
        let server = try PacketProbe.Listener(node.namespace, port: 80)
        #expect(try PacketProbe.connects(from: pod, to: "10.88.0.1", port: 80))
        _ = try server.peer()
        try routing(in: pod) { socket in
            try socket.run(.changeLink(.name("eth0"), LinkAttributes(mac: MACAddress("02:00:00:00:00:99"))))
        }
        #expect(try !PacketProbe.connects(from: pod, to: "10.88.0.1", port: 80, within: 300))
    }

    @Test func `isolated ports reach the node and not each other`() throws {
        let node = try BridgeNode()
        let a = try LabNamespace("pod")
        let b = try LabNamespace("pod")
        let config = node.bridge(["portIsolation": true])
        _ = try node.add(config, a)
        let other = try node.add(config, b)["ips"]?.array?.first?["address"]?.string?.dropLast(3) ?? ""
        let server = try PacketProbe.Listener(b, port: 80)
        #expect(try !PacketProbe.connects(from: a, to: String(other), port: 80, within: 300))
        #expect(try PacketProbe.connects(from: node.namespace, to: String(other), port: 80))
        _ = try server.peer()
    }

    @Test func `masquerade gives the node's address outside of the network and the pod's own inside`() throws {
        let node = try BridgeNode()
        let pod = try LabNamespace("pod")
        let outside = try LabNamespace("pod")
        _ = try node.add(node.bridge(["ipMasq": true]), pod)
        _ = try node.add(
            node.bridge(
                ["bridge": "out0", "isDefaultGateway": false, "isGateway": true], subnets: ["192.0.2.0/24"], name: "out"
            ), outside)
        let server = try PacketProbe.Listener(outside, port: 80)
        #expect(try PacketProbe.connects(from: pod, to: "192.0.2.2", port: 80))
        #expect(try server.peer() == IPAddress("192.0.2.1"))
        let own = try PacketProbe.Listener(node.namespace, port: 81)
        #expect(try PacketProbe.connects(from: pod, to: "10.88.0.1", port: 81))
        #expect(try own.peer() == IPAddress("10.88.0.2"))
    }

    @Test func `VLANs are refused clearly where the kernel cannot filter them`() throws {
        let node = try BridgeNode()
        let pod = try LabNamespace("pod")
        let answer = try node.call("ADD", node.bridge(["vlan": 100]), pod)
        if answer.succeeded { return }
        #expect(answer.message.contains("bridge VLAN filtering"))
        #expect(try node.leftovers().isEmpty)
        #expect(try node.routing { socket in try socket.links() }.map(\.name) == ["lo"])
    }

    @Test func `CHECK finds what is missing`() throws {
        let node = try BridgeNode()
        let config = node.bridge(["ipMasq": true])
        let damages: [(String, (borrowing LabNamespace) throws -> Void)] = [
            (
                "address",
                { pod in
                    try routing(in: pod) { socket in
                        let link = try socket.link(.name("eth0")).index
                        for address in try socket.addresses(.v4, on: link) {
                            try socket.run(.address(.delete, address))
                        }
                    }
                }
            ),
            (
                "route",
                { pod in
                    try routing(in: pod) { socket in
                        for route in try socket.routes(RouteFilter(.v4)) where route.gateway != nil {
                            try socket.run(.route(.delete, route))
                        }
                    }
                }
            ),
            ("down", { pod in try routing(in: pod) { socket in try socket.run(.changeLink(.name("eth0"), .down)) } }),
            (
                "missing in the kernel",
                { _ in
                    try node.rules { socket in
                        for table in try socket.tables() {
                            var transaction = Transaction()
                            transaction.delete(table)
                            try socket.commit(transaction)
                        }
                    }
                }
            ),
        ]
        for (word, damage) in damages {
            let pod = try LabNamespace("pod")
            let result = try node.add(config, pod)
            #expect(try node.call("CHECK", config, pod, previous: result).succeeded)
            try damage(pod)
            let answer = try node.call("CHECK", config, pod, previous: result)
            #expect(answer.message.contains(word) || answer.text.contains(word), "\(word): \(answer.text)")
        }
    }

    private func gateways(_ node: borrowing BridgeNode) throws -> [String] {
        try node.routing { socket in
            try socket.addresses(.v4, on: try socket.link(.name("cni0")).index).map { "\($0.address)" }
        }
    }

    /// A namespace that can be kept in an array.
    private func pod() throws -> Pod { Pod(namespace: try LabNamespace("pod")) }

    private final class Pod {
        let namespace: LabNamespace
        init(namespace: consuming LabNamespace) { self.namespace = namespace }
    }
}
