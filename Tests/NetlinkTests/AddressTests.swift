import Linux
import NetTypes
import Netlink
import TestSupport
import Testing

@Suite("Addresses", .requiresRoot)
struct AddressTests {
    @Test("addresses of both families come back as they were set")
    func roundTrip() throws {
        var node = try Node()
        let link = try node.addPair("a", "b")
        let wanted = [
            InterfaceAddress(try network("10.1.2.3/24"), on: link, broadcast: try address("10.1.2.255")),
            InterfaceAddress(try network("fd00::5/64"), on: link, flags: .noDuplicateDetection),
        ]
        for item in wanted { try node.socket.run(.address(.add, item)) }
        let found = try node.socket.addresses(on: link)
        #expect(found.map(\.address) == wanted.map(\.address))
        #expect(found.first?.broadcast == wanted.first?.broadcast)
        #expect(found.allSatisfy { !$0.flags.contains(.tentative) && $0.flags.contains(.permanent) })
        #expect(try node.socket.addresses(.v4).count == 2, "with the loopback's")
        #expect(try node.socket.addresses(.v6, on: link).count == 1)

        for item in wanted { try node.socket.run(.address(.delete, item)) }
        #expect(try node.socket.addresses(on: link).isEmpty)
    }

    @Test("noprefixroute leaves the network's route out")
    func withoutRoute() throws {
        var node = try Node()
        let link = try node.addPair("a", "b")
        let cidr = try network("10.1.2.3/24")
        try node.socket.run(.address(.add, InterfaceAddress(cidr, on: link, flags: .noPrefixRoute)))
        #expect(try node.socket.routes(RouteFilter(.v4)).isEmpty)
    }

    @Test("an address twice is told apart from other failures, and replacing it is none")
    func twice() throws {
        var node = try Node()
        let link = try node.addPair("a", "b")
        let item = InterfaceAddress(try network("10.1.2.3/24"), on: link)
        try node.socket.run(.address(.add, item))
        let again = #expect(throws: NetlinkError.self) { try node.socket.run(.address(.add, item)) }
        #expect(again?.isAlreadyExists == true)
        #expect(again?.operation == "add" && again?.object == "address 10.1.2.3/24 on link \(link)")
        try node.socket.run(.address(.replace, item))
        try node.socket.run(.address(.delete, item))
        let gone = #expect(throws: NetlinkError.self) { try node.socket.run(.address(.delete, item)) }
        #expect(gone?.isNotFound == true)
    }
}
