import CNI
import Glibc
import JSON
import Lab
import Linux
import NetTypes
import Netlink
import TestSupport
import Testing

/// Host ports of every kind: SCTP, bound to one address, and very many.
@Suite(.requiresRoot) struct HostPortKindsTests {
    @Test func `an SCTP host port leads into the pod`() throws {
        let node = try BridgeNode()
        let pod = try LabNamespace("pod")
        let client = try LabNamespace("pod")
        let ports: JSONValue = [["hostPort": 3868, "containerPort": 868, "protocol": "sctp"]]
        let config = node.portmap(ports)
        let result = try node.add(config, pod, previous: try node.add(node.bridge(), pod))
        _ = try node.add(node.bridge(), client)
        // The kernel here may have no SCTP sockets; its tracking and translation work on packets.
        let receiver = try pod.run { try Self.rawSocket() }
        let sender = try client.run { try Self.rawSocket() }
        try Self.sendInit(sender, to: "10.88.0.1", port: 3868)
        var poll = pollfd(fd: receiver.rawValue, events: Int16(POLLIN), revents: 0)
        #expect(Glibc.poll(&poll, 1, 3000) == 1)
        var packet = [UInt8](repeating: 0, count: 128)
        let count = recv(receiver.rawValue, &packet, packet.count, Int32(MSG_DONTWAIT))
        // After the IP header of 20 octets: source port, destination port.
        #expect(count >= 52 && packet[22...23] == [UInt8(868 >> 8), UInt8(868 & 255)], "\(packet)")
        #expect(try node.call("DEL", config, pod, previous: result).succeeded)
        #expect(try node.elements().isEmpty)
    }

    @Test func `a host port with hostIP is on that address only, and beside others with the same port`() throws {
        let node = try BridgeNode()
        let a = try LabNamespace("pod")
        let b = try LabNamespace("pod")
        func ports(_ address: String) -> JSONValue {
            let entry = JSONObject([
                ("hostPort", 8080), ("containerPort", 80), ("protocol", "tcp"), ("hostIP", .string(address)),
            ])
            return .array([.object(entry)])
        }
        let first = try node.add(node.bridge(), a)
        let second = try node.add(node.bridge(), b)
        _ = try node.add(node.portmap(ports("10.88.0.1")), a, previous: first)
        _ = try node.add(node.portmap(ports("127.0.0.1")), b, previous: second)
        let serverA = try PacketProbe.Listener(a, port: 80)
        let serverB = try PacketProbe.Listener(b, port: 80)
        #expect(try PacketProbe.connects(from: node.namespace, to: "10.88.0.1", port: 8080))
        #expect(try serverA.peer() != nil)
        #expect(try PacketProbe.connects(from: node.namespace, to: "127.0.0.1", port: 8080))
        #expect(try serverB.peer() != nil)
        let taken = try node.call("ADD", node.portmap(ports("10.88.0.1")), b, previous: second)
        #expect(taken.code == 11 && taken.message.contains(a.name), "\(taken.text)")
        // One of the other family is no port of this pod, as upstream has it.
        let other = try node.call("ADD", node.portmap(ports("fd00::1")), b, interface: "eth0", previous: second)
        #expect(other.succeeded, "\(other.text)")
    }

    /// `snat` is for those inside; from outside the pod sees the client, unless `masqAll`.
    @Test(arguments: [
        (#"{}"#, "192.0.2.2", true), (#"{"snat": false}"#, "192.0.2.2", false),
        (#"{"masqAll": true}"#, "10.88.0.1", true), (#"{"markMasqBit": 20}"#, "192.0.2.2", true),
    ])
    func `whom the pod sees is what snat and masqAll say`(_ keys: String, _ source: String, _ isLocal: Bool) throws {
        let node = try BridgeNode()
        let pod = try LabNamespace("pod")
        let outside = try LabNamespace("pod")
        let config = node.portmap([["hostPort": 8080, "containerPort": 80]], try JSONValue.parse(keys))
        let result = try node.add(config, pod, previous: try node.add(node.bridge(), pod))
        _ = try node.add(node.bridge(["bridge": "out0"], subnets: ["192.0.2.0/24"], name: "out"), outside)
        let server = try PacketProbe.Listener(pod, port: 80)
        #expect(try PacketProbe.connects(from: outside, to: "192.0.2.1", port: 8080))
        #expect(try server.peer() == IPAddress(source))
        let reached = try PacketProbe.connects(
            from: node.namespace, to: "127.0.0.1", port: 8080, within: isLocal ? 3000 : 300)
        #expect(reached == isLocal)
        #expect(try node.call("CHECK", config, pod, previous: result).succeeded)
    }

    @Test func `five thousand host ports are one transaction each way`() throws {
        let node = try BridgeNode()
        let pod = try LabNamespace("pod")
        let ports = JSONValue.array(
            (1...5000).map { .object(JSONObject([("hostPort", .number(JSONNumber($0))), ("containerPort", 80)])) })
        let config = node.portmap(ports)
        let result = try node.add(config, pod, previous: try node.add(node.bridge(), pod))
        #expect(try node.elements().count == 10_000)
        #expect(try node.call("DEL", config, pod, previous: result, isGone: true).succeeded)
        #expect(try node.elements().isEmpty)
    }

    @Test(arguments: [
        (#"{"conditionsV4": ["-s", "10.0.0.0/8"]}"#, "conditionsV4", "hostIP"),
        (#"{"conditionsV6": ["-s", "fd00::/8"]}"#, "conditionsV6", "hostIP"),
        (#"{"externalSetMarkChain": "KUBE-MARK-MASQ"}"#, "externalSetMarkChain", "markMasqBit"),
    ])
    func `what only iptables can do is refused, with what to do instead`(
        _ keys: String, _ key: String, _ instead: String
    )
        throws
    {
        let node = try BridgeNode()
        let pod = try LabNamespace("pod")
        let result = try node.add(node.bridge(), pod)
        let ports: JSONValue = [["hostPort": 8080, "containerPort": 80]]
        for verb in ["ADD", "STATUS"] {
            let answer = try node.call(
                verb, node.portmap(ports, try JSONValue.parse(keys)), pod, previous: result)
            #expect(answer.code == (verb == "ADD" ? 7 : 50))
            #expect(answer.message.contains(key) && answer.message.contains(instead), "\(answer.message)")
        }
        #expect(try node.elements().isEmpty)
    }

    private static func rawSocket() throws -> FileDescriptor {
        FileDescriptor(
            owning: try check("open", "a raw socket") {
                socket(AF_INET, Int32(SOCK_RAW.rawValue | SOCK_CLOEXEC.rawValue), 132)
            })
    }

    /// An INIT chunk (RFC 9260, 3.3.2) with its CRC32c, without which it is not tracked.
    private static func sendInit(_ socket: borrowing FileDescriptor, to target: String, port: UInt16) throws {
        var packet: [UInt8] = [0x30, 0x39, UInt8(port >> 8), UInt8(port & 255), 0, 0, 0, 0, 0, 0, 0, 0]
        packet += [1, 0, 0, 20, 1, 2, 3, 4, 0, 1, 0, 0, 0, 1, 0, 1, 0, 0, 0, 1]
        var crc = UInt32.max
        for octet in packet {
            crc ^= UInt32(octet)
            for _ in 0..<8 { crc = crc & 1 == 1 ? crc >> 1 ^ 0x82F6_3B78 : crc >> 1 }
        }
        for index in 0..<4 { packet[8 + index] = UInt8(truncatingIfNeeded: ~crc >> UInt32(8 * index)) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = inet_addr(target)
        try withUnsafePointer(to: &address) { pointer in
            try pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                _ = try check("send", "an SCTP packet") {
                    sendto(socket.rawValue, packet, packet.count, 0, address, socklen_t(MemoryLayout<sockaddr_in>.size))
                }
            }
        }
    }
}
