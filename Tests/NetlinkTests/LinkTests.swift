import Lab
import Linux
import NetTypes
import Netlink
import TestSupport
import Testing

@Suite("Links", .requiresRoot)
struct LinkTests {
    @Test("a veth pair is born with its peer in another namespace, with addresses and sizes as asked")
    func vethAcrossNamespaces() throws {
        let node = try LabNamespace()
        let pod = try LabNamespace()
        var socket = try NetlinkSocket(in: node.namespace)
        let mac = try #require(MACAddress("02:00:00:00:00:01"))
        let peerMAC = try #require(MACAddress("02:00:00:00:00:02"))
        let inPod = LinkAttributes(mac: peerMAC, mtu: 1300, namespace: pod.namespace.descriptor.rawValue)
        var attributes = LinkAttributes(mac: mac, mtu: 1400)
        attributes.transmitQueueLength = 77
        let index = try socket.create(NewLink("host0", .veth(VethPeer("eth0", inPod)), attributes))

        let more: [NetlinkRequest] = [
            .generateAddress("host0", .disabled), .setAlias("host0", "of a test"), .changeLink("host0", .up),
        ]
        #expect(socket.runAll(more) == [nil, nil, nil])

        let link = try socket.link("host0")
        #expect(link.index == index)
        #expect(link.mac == mac && link.mtu == 1400 && link.isUp && link.kind == .veth(nil))
        #expect(link.alias == "of a test" && link.transmitQueueLength == 77)
        #expect(link.addressGeneration == .disabled)
        #expect(link.lowerNamespaceID != nil)

        var podSocket = try NetlinkSocket(in: pod.namespace)
        let peer = try podSocket.link("eth0")
        #expect(peer.mac == peerMAC && peer.mtu == 1300 && !peer.isUp)
        #expect(peer.index == link.lowerIndex && peer.lowerIndex == link.index)
    }
}
