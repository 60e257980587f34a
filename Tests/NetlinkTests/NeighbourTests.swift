import Linux
import NetTypes
import Netlink
import TestSupport
import Testing

@Suite("Neighbours and forwarding entries", .requiresRoot)
struct NeighbourTests {
    @Test("permanent neighbours of both families come back as they were set, link by link")
    func neighbours() throws {
        var node = try Node()
        let link = try node.addPair("a", "b")
        let other = try node.socket.link("b").index
        let wanted = [
            Neighbour(try address("10.0.0.2"), mac: try mac("02:00:00:00:00:02"), on: link),
            Neighbour(try address("fd00::2"), mac: try mac("02:00:00:00:00:03"), on: link),
        ]
        let foreign = Neighbour(try address("10.0.0.2"), mac: try mac("02:00:00:00:00:04"), on: other)
        for item in wanted + [foreign] { try node.socket.run(.neighbour(.add, item)) }
        #expect(try Set(node.socket.neighbours(on: link)) == Set(wanted))
        #expect(try node.socket.neighbours(.v4, on: link) == [wanted[0]])

        var moved = wanted[0]
        moved.mac = try mac("02:00:00:00:00:09")
        #expect(throws: NetlinkError.self) { try node.socket.run(.neighbour(.add, moved)) }
        try node.socket.run(.neighbour(.replace, moved))
        #expect(try node.socket.neighbours(.v4, on: link) == [moved])
        try node.socket.run(.neighbour(.delete, moved))
        let gone = #expect(throws: NetlinkError.self) { try node.socket.run(.neighbour(.delete, moved)) }
        #expect(gone?.isNotFound == true)
    }

    @Test("a vxlan's forwarding entries say which remote has which address")
    func vxlan() throws {
        var node = try Node()
        let link = try node.addPair("a", "b")
        try node.socket.run(.address(.add, InterfaceAddress(try network("192.168.9.1/24"), on: link)))
        var settings = VXLANSettings(id: 42, lowerIndex: link, local: try address("192.168.9.1"), port: 8472)
        settings.learning = false
        let device = try node.socket.create(NewLink("flannel.42", .vxlan(settings), LinkAttributes(isUp: true)))
        let entries = [
            ForwardingEntry(try mac("02:00:00:00:01:02"), to: try address("192.168.9.2"), on: device),
            ForwardingEntry(try mac("02:00:00:00:01:03"), to: try address("192.168.9.3"), on: device),
        ]
        for entry in entries { try node.socket.run(.forwarding(.add, entry)) }
        #expect(try Set(node.socket.forwardingEntries(on: device)) == Set(entries))
        var moved = entries[0]
        moved.destination = try address("192.168.9.77")
        try node.socket.run(.forwarding(.replace, moved))
        try node.socket.run(.forwarding(.delete, entries[1]))
        #expect(try node.socket.forwardingEntries(on: device) == [moved])
    }

    @Test("a bridge's forwarding entry names the port and the bridge")
    func bridge() throws {
        var node = try Node()
        let bridge = try node.socket.create(NewLink("br0", .bridge, .up))
        let port = try node.addPair("a", "b")
        try node.socket.run(.changeLink("a", LinkAttributes(masterIndex: bridge)))
        let entry = ForwardingEntry(try mac("02:00:00:00:01:02"), on: port, state: .noARP, flags: .masterTable)
        try node.socket.run(.forwarding(.add, entry))
        let found = try node.socket.forwardingEntries(on: port).first { $0.mac == entry.mac }
        #expect(found?.masterIndex == bridge && found?.interface == port)
        try node.socket.run(.forwarding(.delete, entry))
        #expect(try !node.socket.forwardingEntries(on: port).contains { $0.mac == entry.mac })
    }
}
