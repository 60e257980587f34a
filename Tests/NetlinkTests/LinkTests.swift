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
            .changeLink("host0", LinkAttributes(addressGeneration: .disabled)), .setAlias("host0", "of a test"),
            .changeLink("host0", .up),
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

    @Test("links that are deleted without waiting are gone for everybody; absent ones are no error, refusals are")
    func deleteLinks() throws {
        var node = try Node()
        _ = try node.addPair("a", "b")
        _ = try node.addPair("c", "d")
        _ = try node.addPair("e", "f")
        try node.namespace.run {
            var socket = try NetlinkSocket()
            try socket.deleteLinks(["a", "nowhere", "d"])
            #expect(try socket.links().map(\.name).sorted() == ["e", "f", "lo"])
            try socket.deleteLinks(["a"])
            try socket.deleteLinks([])
            let error = #expect(throws: NetlinkError.self) { try socket.deleteLinks(["e", "lo"]) }
            #expect(error?.object == "link lo" && error?.errno == .notSupported)
            // The socket is as good as before: no answer of an earlier request is taken for one to this.
            #expect(try socket.links().map(\.name) == ["lo"])
            try socket.run(.createLink(NewLink("a", .veth(VethPeer("b")))))
            #expect(try socket.link("a").name == "a")
        }
    }

    @Test("a link's number is found by its name, and a name that is too long is nobody's")
    func index() throws {
        var node = try Node()
        let index = try node.addPair("fifteen-letters", "b")
        #expect(try node.socket.index(of: "fifteen-letters") == index)
        for name in ["fifteen-letters-and-more", "nowhere", ""] {
            let error = #expect(throws: NetlinkError.self) { try node.socket.index(of: name) }
            #expect(error?.isNotFound == true && error?.object == "link \(name)")
        }
    }

    @Test("settings of IPv4 are written to the link, and read, without /proc/sys")
    func ipv4Settings() throws {
        var node = try Node()
        let index = try node.addPair("a", "b")
        #expect(try !node.socket.link(.index(index)).routesLocalnet)
        try node.socket.run(.changeLink(.index(index), LinkAttributes(ipv4: [.routeLocalnet: 1])))
        try node.socket.run(.changeLink("b", LinkAttributes(ipv4: [.arpNotify: 1])))
        #expect(try node.socket.link(.index(index)).routesLocalnet)
        #expect(try !node.socket.link("b").routesLocalnet)
        let inProc = try node.namespace.run {
            try ["a/route_localnet", "b/arp_notify", "a/arp_notify"].map { try Sysctl.read("net/ipv4/conf/\($0)") }
        }
        #expect(inProc == ["1", "1", "0"])
    }

    @Test("forwarding is told for each family", arguments: [IPFamily.v4, .v6])
    func forwarding(_ family: IPFamily) throws {
        var node = try Node()
        let setting = family == .v4 ? "net/ipv4/ip_forward" : "net/ipv6/conf/all/forwarding"
        for value in ["1", "0", "1"] {
            try node.namespace.run { try Sysctl.set(setting, value) }
            #expect(try node.socket.isForwarding(family) == (value == "1"))
        }
    }

    @Test("a link that is missing is said to be so, by name and by number")
    func missing() throws {
        var node = try Node()
        let byName = #expect(throws: NetlinkError.self) { _ = try node.socket.link("nowhere") }
        #expect(byName?.isNotFound == true && byName?.description == "cannot look up link nowhere: No such device")
        let byIndex = #expect(throws: NetlinkError.self) { _ = try node.socket.link(4711) }
        #expect(byIndex?.isNotFound == true)
        let change = #expect(throws: NetlinkError.self) { try node.socket.run(.changeLink("nowhere", .up)) }
        #expect(change?.isNotFound == true)
        let delete = #expect(throws: NetlinkError.self) { try node.socket.run(.deleteLink("nowhere")) }
        #expect(delete?.isNotFound == true)
    }

    @Test("a name that the kernel does not take is refused, with its reason")
    func badName() throws {
        var node = try Node()
        let error = #expect(throws: NetlinkError.self) {
            try node.socket.run(.createLink(NewLink("a-name-of-more-than-15", .bridge)))
        }
        #expect(error?.errno == Errno(34), "ERANGE")
        #expect(error?.object == "bridge link a-name-of-more-than-15" && error?.detail.isEmpty == false)
    }

    @Test("a bridge's ports have hairpin, isolation and learning as set, and the bridge its settings")
    func bridgePorts() throws {
        var node = try Node()
        let address = try mac("02:00:00:00:00:aa")
        let settings = BridgeSettings(multicastSnooping: false)
        let bridge = try node.socket.create(
            NewLink("br0", .bridge(settings), LinkAttributes(mac: address, mtu: 1450, isUp: true)))
        let port = try node.addPair("a", "b")
        try node.socket.run(.changeLink("a", LinkAttributes(masterIndex: bridge)))
        try node.socket.run(.changePort("a", BridgePort(hairpin: true, isolated: true, learning: false)))

        let link = try node.socket.link("a")
        #expect(link.index == port && link.masterIndex == bridge)
        #expect(link.port?.hairpin == true && link.port?.isolated == true && link.port?.learning == false)
        #expect(link.port?.unicastFlood == true && link.port?.number == 1)
        let found = try node.socket.link("br0")
        #expect(found.mac == address && found.mtu == 1500, "a port's MTU wins over one given at creation")
        try node.socket.run(.changeLink("br0", LinkAttributes(mtu: 1450)))
        try node.socket.run(.changeLink("b", LinkAttributes(masterIndex: bridge)))
        #expect(try node.socket.link("br0").mtu == 1450, "but not over one given later")
        try node.socket.run(.changeLink("b", LinkAttributes(masterIndex: 0)))
        guard case .bridge(let read) = found.kind else { throw Malformed(text: "\(found)") }
        #expect(read.multicastSnooping == false && read.spanningTree == false)

        #expect(try node.socket.links(master: bridge).map(\.name) == ["a"])
        #expect(try node.socket.links(kind: "bridge").map(\.name) == ["br0"])
        #expect(try Set(node.socket.links(kind: "veth").map(\.name)) == ["a", "b"])
        #expect(try Set(node.socket.links().map(\.name)) == ["lo", "br0", "a", "b"])

        try node.socket.run(.changeLink("a", LinkAttributes(masterIndex: 0)))
        #expect(try node.socket.link("a").masterIndex == nil)
        let notAPort = #expect(throws: NetlinkError.self) {
            try node.socket.run(.changePort("a", BridgePort(hairpin: true)))
        }
        #expect(notAPort?.object == "bridge port link a")
    }

    @Test("a vxlan reads back as it was made, for both underlays, and follows changes of learning and MTU")
    func vxlan() throws {
        var node = try Node()
        let lower = try node.addPair("a", "b")
        for (id, local) in [(7, try address("192.168.9.1")), (8, try address("fd00::1"))] as [(UInt32, IPAddress)] {
            var settings = VXLANSettings(id: id, lowerIndex: lower, local: local, port: 8472)
            settings.learning = false
            settings.groupPolicy = true
            settings.udpChecksum = false
            settings.ttl = 9
            let name = "flannel.\(id)"
            try node.socket.run(.createLink(NewLink(name, .vxlan(settings), LinkAttributes(mtu: 1420))))
            let link = try node.socket.link(.name(name))
            guard case .vxlan(let found) = link.kind else { throw Malformed(text: "\(link)") }
            #expect(found.id == id && found.lowerIndex == lower && found.local == local && found.port == 8472)
            #expect(found.learning == false && found.groupPolicy && found.udpChecksum == false && found.ttl == 9)
            #expect(link.mtu == 1420)

            var change = VXLANSettings(id: id)
            change.learning = true
            try node.socket.run(.changeLink(.name(name), LinkAttributes(), kind: .vxlan(change)))
            try node.socket.run(.changeLink(.name(name), LinkAttributes(mtu: 1300)))
            let changed = try node.socket.link(.name(name))
            guard case .vxlan(let after) = changed.kind else { throw Malformed(text: "\(link)") }
            #expect(after.learning == true && changed.mtu == 1300)
        }
    }

    @Test("ifb and macvlan links are made and told apart")
    func otherKinds() throws {
        var node = try Node()
        let lower = try node.addPair("a", "b")
        try node.socket.run(.createLink(NewLink("ifb7", .ifb)))
        var macvlan = NewLink("mv0", .macvlan(.bridge))
        macvlan.lowerIndex = lower
        try node.socket.run(.createLink(macvlan))
        #expect(try node.socket.link("ifb7").kind == .ifb)
        let link = try node.socket.link("mv0")
        #expect(link.kind == .macvlan(.bridge) && link.lowerIndex == lower)
        let unknown = #expect(throws: NetlinkError.self) {
            try node.socket.run(.createLink(NewLink("x", .other("no-such-kind"))))
        }
        #expect(unknown?.isNotSupported == true && unknown?.detail == "Unknown device type")
    }

    @Test("flags, name and namespace of a link change")
    func changes() throws {
        var node = try Node()
        let other = try Node()
        let index = try node.addPair("a", "b")
        var attributes = LinkAttributes(mac: try mac("02:00:00:00:00:77"), isUp: false)
        attributes.isPromiscuous = true
        attributes.receivesAllMulticast = true
        try node.socket.run(.changeLink(.index(index), attributes))
        let link = try node.socket.link("a")
        #expect(!link.isUp && link.flags.isSuperset(of: [.promiscuous, .allMulticast]) && link.promiscuity == 1)
        #expect(link.mac == attributes.mac)

        try node.socket.run(.renameLink(index, to: "renamed"))
        #expect(try node.socket.link("renamed").index == index)
        let namespace = other.namespace.namespace.descriptor.rawValue
        try node.socket.run(.changeLink("renamed", LinkAttributes(namespace: namespace)))
        #expect(throws: NetlinkError.self) { _ = try node.socket.link("renamed") }
        var otherSocket = try NetlinkSocket(in: other.namespace.namespace)
        #expect(try otherSocket.link("renamed").lowerIndex != nil)
    }

    @Test("links of one group go together")
    func groupDeletion() throws {
        var node = try Node()
        for number in 0..<4 {
            var attributes = LinkAttributes()
            attributes.group = number < 3 ? 77 : 0
            try node.socket.run(.createLink(NewLink("ifb\(10 + number)", .ifb, attributes)))
        }
        try node.socket.run(.deleteLinkGroup(77))
        #expect(try node.socket.links(kind: "ifb").map(\.name) == ["ifb13"])
    }

    @Test("bridge VLANs: set where the kernel filters them, refused clearly where it does not")
    func vlans() throws {
        var node = try Node()
        let bridge = try node.socket.create(NewLink("br0", .bridge, .up))
        let port = try node.addPair("a", "b")
        try node.socket.run(.changeLink("a", LinkAttributes(masterIndex: bridge)))
        do {
            try node.socket.run(.changeLink("br0", LinkAttributes(), kind: .bridge(BridgeSettings(filtersVLANs: true))))
        } catch {
            #expect(error.isNotSupported)
            let add = #expect(throws: NetlinkError.self) { try node.socket.run(.addVLAN(port, BridgeVLAN(100))) }
            #expect(add?.isNotSupported == true && add?.object == "VLAN 100 on link \(port)")
            return
        }
        try node.socket.run(.addVLAN(port, BridgeVLAN(100, isPortVLAN: true, isUntagged: true)))
        try node.socket.run(.addVLAN(port, BridgeVLAN(200, through: 210)))
        try node.socket.run(.deleteVLAN(port, BridgeVLAN(200, through: 210)))
    }
}
