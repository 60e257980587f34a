import Linux
import NetTypes
import Netlink
import TestSupport
import Testing

@Suite("Batches", .requiresRoot)
struct BatchTests {
    /// What one peer of an overlay needs: a neighbour, a forwarding entry, a route.
    private static func requests(peers: Int, device: InterfaceIndex) -> [NetlinkRequest] {
        (0..<peers).flatMap { number -> [NetlinkRequest] in
            let subnet = IPAddress.v4(IPv4Address(rawValue: 0x0AF4_0000 + UInt32(number + 1) << 8))
            let node = IPAddress.v4(IPv4Address(rawValue: 0xC0A8_0000 + UInt32(number + 2)))
            let mac = MACAddress(rawValue: 0x02_00_00_00_00_00 + UInt64(number))
            return [
                .neighbour(.replace, Neighbour(subnet, mac: mac, on: device)),
                .forwarding(.replace, ForwardingEntry(mac, to: node, on: device)),
                .route(.replace, Route(CIDR(subnet, 24), via: subnet, dev: device, isOnLink: true)),
            ]
        }
    }

    private static func device(_ node: inout Node) throws -> InterfaceIndex {
        try node.socket.create(NewLink("vx", .vxlan(VXLANSettings(id: 1, port: 8472)), LinkAttributes(isUp: true)))
    }

    @Test("3,000 requests have 3,000 results, and take effect")
    func large() throws {
        var node = try Node()
        let device = try Self.device(&node)
        let requests = Self.requests(peers: 1000, device: device)
        let results = node.socket.runAll(requests)
        #expect(results.count == 3000 && results.allSatisfy { $0 == nil })
        #expect(try node.socket.neighbours(.v4, on: device).count == 1000)
        #expect(try node.socket.forwardingEntries(on: device).filter { $0.destination != nil }.count == 1000)
        #expect(try node.socket.routes(RouteFilter(.v4, dev: device)).count == 1000)
    }

    @Test("each failure is reported at its own place, and keeps none of the others from running")
    func failures() throws {
        var node = try Node()
        let device = try Self.device(&node)
        var requests = Self.requests(peers: 700, device: device)
        let bad = Set(stride(from: 0, to: requests.count, by: 7)).union([requests.count - 1])
        for index in bad { requests[index] = .deleteLink(.index(100_000 + InterfaceIndex(index))) }
        let results = node.socket.runAll(requests)
        for (index, result) in results.enumerated() {
            #expect((result != nil) == bad.contains(index))
            if let result { #expect(result.isNotFound && result.object == "link \(100_000 + index)") }
        }
    }

    @Test("when every request fails, every result says so: the answers do not overflow the socket")
    func allFail() throws {
        var node = try Node()
        let requests = (0..<5000).map { NetlinkRequest.deleteLink(.index(100_000 + $0)) }
        let results = node.socket.runAll(requests)
        #expect(results.count == 5000 && results.allSatisfy { $0?.errno == .noDevice })
        #expect(node.socket.runAll([]).isEmpty)
    }
}
