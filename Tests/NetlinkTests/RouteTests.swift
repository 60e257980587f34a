import Linux
import NetTypes
import Netlink
import TestSupport
import Testing

@Suite("Routes", .requiresRoot)
struct RouteTests {
    private static let ours = RouteProtocol(rawValue: 99)

    /// Gives the node a device on 10.0.0.0/24 and fd00::/64.
    private static func link(of node: inout Node) throws -> InterfaceIndex {
        let link = try node.addPair("a", "b")
        try node.socket.run(.address(.add, InterfaceAddress(try network("10.0.0.1/24"), on: link)))
        let v6 = InterfaceAddress(try network("fd00::1/64"), on: link, flags: .noDuplicateDetection)
        try node.socket.run(.address(.add, v6))
        return link
    }

    /// Every form of route that Poplin writes, for a device.
    private static func routes(_ link: InterfaceIndex) throws -> [Route] {
        var sized = Route(try network("10.9.0.0/24"), via: try address("10.0.0.2"), dev: link, protocolNumber: ours)
        (sized.mtu, sized.advertisedMSS) = (1400, 1360)
        let hops4 = [
            NextHop(via: try address("10.0.0.2"), dev: link),
            NextHop(via: try address("10.0.0.3"), dev: link, weight: 7),
        ]
        let hops6 = [
            NextHop(via: try address("fd00::2"), dev: link), NextHop(via: try address("fd00::3"), dev: link),
        ]
        let (source4, far4) = (try address("10.0.0.1"), try address("10.244.2.0"))
        let (foreign, far6) = (try address("fd00::9"), try address("fd44:2::"))
        return [
            Route(IPFamily.v4.everything, via: try address("10.0.0.254"), dev: link, protocolNumber: ours),
            Route(try network("10.244.2.0/24"), via: far4, dev: link, protocolNumber: ours, isOnLink: true),
            Route(try network("10.7.0.0/16"), dev: link, protocolNumber: ours, source: source4),
            Route(try network("10.8.0.0/16"), type: .blackhole, protocolNumber: ours),
            Route(
                try network("10.8.1.0/24"), type: .unreachable, table: RouteTable(rawValue: 1000), protocolNumber: ours),
            Route(try network("10.11.0.0/16"), via: foreign, dev: link, protocolNumber: ours),
            Route(try network("10.12.0.0/16"), dev: link, protocolNumber: ours, priority: 50),
            Route(try network("10.10.0.0/16"), protocolNumber: ours, nextHops: hops4),
            sized,
            Route(IPFamily.v6.everything, via: try address("fd00::fe"), dev: link, protocolNumber: ours),
            Route(try network("fd44:2::/64"), via: far6, dev: link, protocolNumber: ours, isOnLink: true),
            Route(try network("fd44:3::/64"), dev: link, protocolNumber: ours, priority: 7),
            Route(try network("fd44:5::/64"), protocolNumber: ours, nextHops: hops6),
        ]
    }

    @Test("each kind of route reads back equal to the one that was written, and goes when deleted as it was read")
    func roundTrip() throws {
        var node = try Node()
        let link = try Self.link(of: &node)
        let wanted = try Self.routes(link)
        for (route, error) in zip(wanted, node.socket.runAll(wanted.map { .route(.add, $0) })) {
            #expect(error == nil, "\(route)")
        }
        let found = try node.socket.routes(RouteFilter(table: nil, protocolNumber: Self.ours))
        #expect(Set(found) == Set(wanted))
        #expect(found.count == wanted.count)

        #expect(node.socket.runAll(found.map { .route(.delete, $0) }).allSatisfy { $0 == nil })
        #expect(try node.socket.routes(RouteFilter(table: nil, protocolNumber: Self.ours)).isEmpty)
    }

    @Test("an IPv6 blackhole is on the loopback, as the kernel puts it")
    func blackhole6() throws {
        var node = try Node()
        _ = try Self.link(of: &node)
        try node.socket.run(
            .route(.add, Route(try network("fd44:4::/64"), type: .blackhole, protocolNumber: Self.ours)))
        let found = try node.socket.routes(RouteFilter(protocolNumber: Self.ours))
        #expect(found.map(\.type) == [.blackhole] && found.map(\.outputInterface) == [1])
    }

    @Test("lists are narrowed by family, table, protocol, device and type")
    func filters() throws {
        var node = try Node()
        let link = try Self.link(of: &node)
        let wanted = try Self.routes(link)
        _ = node.socket.runAll(wanted.map { .route(.add, $0) })
        let filters = [
            RouteFilter(.v4, table: nil, protocolNumber: Self.ours),
            RouteFilter(.v6, table: nil, protocolNumber: Self.ours),
            RouteFilter(protocolNumber: Self.ours),
            RouteFilter(table: RouteTable(rawValue: 1000)),
            RouteFilter(protocolNumber: Self.ours, dev: link),
            RouteFilter(table: nil, protocolNumber: Self.ours, type: .unreachable),
        ]
        for filter in filters {
            let expected = Set(
                wanted.filter { route in
                    (filter.family == nil || filter.family == route.family)
                        && (filter.table == nil || filter.table == route.table)
                        && (filter.type == nil || filter.type == route.type)
                        && (filter.outputInterface == nil || route.outputInterface == link || !route.nextHops.isEmpty)
                })
            #expect(Set(try node.socket.routes(filter)) == expected, "\(filter)")
        }
        #expect(try node.socket.routes(RouteFilter(table: RouteTable(rawValue: 4242))).isEmpty)
    }

    @Test("replacing changes a route in place, appending gives the destination one more way")
    func replaceAndAppend() throws {
        var node = try Node()
        let link = try Self.link(of: &node)
        let destination = try network("10.20.0.0/16")
        let first = Route(destination, via: try address("10.0.0.2"), dev: link, protocolNumber: Self.ours)
        let second = Route(destination, via: try address("10.0.0.3"), dev: link, protocolNumber: Self.ours)
        try node.socket.run(.route(.replace, first))
        let clash = #expect(throws: NetlinkError.self) { try node.socket.run(.route(.add, first)) }
        #expect(clash?.isAlreadyExists == true)
        try node.socket.run(.route(.replace, second))
        #expect(try node.socket.routes(RouteFilter(protocolNumber: Self.ours)) == [second])
        try node.socket.run(.route(.append, first))
        #expect(try node.socket.routes(RouteFilter(protocolNumber: Self.ours)) == [second, first])
    }

    @Test("a look-up tells the way of a packet, or the entry that decides it")
    func lookup() throws {
        var node = try Node()
        let link = try Self.link(of: &node)
        let far = try address("10.0.0.254")
        let entry = Route(try network("10.30.0.0/16"), via: far, dev: link, protocolNumber: Self.ours)
        try node.socket.run(.route(.add, entry))
        let way = try node.socket.route(to: try address("10.30.1.1"))
        #expect(way.gateway == far && way.outputInterface == link)
        #expect(way.preferredSource == (try address("10.0.0.1")))
        #expect(way.destination == (try network("10.30.1.1/32")))
        #expect(try node.socket.route(to: try address("10.30.1.1"), fibMatch: true) == entry)
        #expect(try node.socket.route(to: try address("10.0.0.9")).gateway == nil, "on the link")

        let lost = #expect(throws: NetlinkError.self) { _ = try node.socket.route(to: try address("192.0.2.1")) }
        #expect(lost?.errno == Errno(101), "ENETUNREACH")
    }

    @Test("the kernel's own sentence is in the error")
    func extendedText() throws {
        var node = try Node()
        let link = try Self.link(of: &node)
        let error = #expect(throws: NetlinkError.self) {
            try node.socket.run(
                .route(.add, Route(try network("10.40.0.0/16"), via: try address("172.31.0.1"), dev: link)))
        }
        #expect(error?.detail == "Nexthop has invalid gateway")
        #expect(
            error?.description
                == "cannot add route 10.40.0.0/16 via 172.31.0.1 on link \(link): Network is unreachable "
                + "(kernel: Nexthop has invalid gateway)")
    }
}
