import Glibc
import Lab
import NetTypes
import Netlink
import TestSupport
import Testing

@Suite("Monitor", .requiresRoot)
struct MonitorTests {
    @Test("tells of each kind of object that comes and goes, and is silent when nothing happens")
    func events() throws {
        var node = try Node()
        let link = try node.addPair("a", "b")
        let bridge = try node.socket.create(NewLink("br0", .bridge, .up))
        let vxlan = try node.socket.create(
            NewLink("vx", .vxlan(VXLANSettings(id: 1, port: 8472)), LinkAttributes(isUp: true)))
        var monitor = try NetlinkMonitor(.all, in: node.namespace.namespace)
        try eventually("silence, once the links are up") { try monitor.receive().isEmpty }

        let own = InterfaceAddress(try network("10.0.0.1/24"), on: link)
        let route = Route(try network("10.9.0.0/16"), via: try address("10.0.0.2"), dev: link)
        let neighbour = Neighbour(try address("10.0.0.2"), mac: try mac("02:00:00:00:00:02"), on: link)
        let entry = ForwardingEntry(try mac("02:00:00:00:00:03"), to: try address("10.0.0.3"), on: vxlan)
        let rule = RoutingRule(.v4, priority: 77, .blackhole)
        let requests: [NetlinkRequest] = [
            .address(.add, own), .route(.add, route), .neighbour(.add, neighbour), .forwarding(.add, entry),
            .rule(.add, rule), .changeLink("b", LinkAttributes(masterIndex: bridge)),
            .rule(.delete, rule), .forwarding(.delete, entry), .neighbour(.delete, neighbour), .route(.delete, route),
            .address(.delete, own), .changeLink("b", LinkAttributes(masterIndex: 0)), .deleteLink("vx"),
        ]
        #expect(node.socket.runAll(requests).allSatisfy { $0 == nil })

        let events = try monitor.receive()
        #expect(
            events.contains { if case .addressChanged(let value) = $0 { value.address == own.address } else { false } })
        #expect(
            events.contains { if case .addressRemoved(let value) = $0 { value.address == own.address } else { false } })
        for event: NetlinkEvent in [
            .routeChanged(route), .routeRemoved(route), .neighbourChanged(neighbour), .forwardingChanged(entry),
            .forwardingRemoved(entry), .ruleChanged(rule), .ruleRemoved(rule),
        ] {
            #expect(events.contains(event), "\(event)")
        }
        #expect(
            events.contains { if case .neighbourRemoved(let value) = $0 { value.interface == link } else { false } })
        #expect(events.contains { if case .portChanged(let value) = $0 { value.name == "b" } else { false } })
        #expect(events.contains { if case .portRemoved(let value) = $0 { value.name == "b" } else { false } })
        #expect(events.contains { if case .linkRemoved(let value) = $0 { value.index == vxlan } else { false } })
        #expect(
            !events.contains { if case .linkRemoved(let value) = $0 { value.name == "b" } else { false } },
            "a port that leaves its bridge is not a link that is gone")
        #expect(!events.contains(.overrun))
    }

    @Test("hears only of the groups that it joined")
    func groups() throws {
        var node = try Node()
        let link = try node.addPair("a", "b")
        var monitor = try NetlinkMonitor(.routes, in: node.namespace.namespace)
        try node.socket.run(.changeLink("a", LinkAttributes(mtu: 1400)))
        let route = Route(try network("10.9.0.0/16"), dev: link)
        try node.socket.run(.route(.add, route))
        let events = try monitor.receive()
        #expect(events.contains(.routeChanged(route)))
        #expect(!events.contains { if case .linkChanged = $0 { true } else { false } })
    }

    @Test("an overrun is reported, after which events are heard again")
    func overrun() throws {
        var node = try Node()
        let link = try node.addPair("a", "b")
        var monitor = try NetlinkMonitor(.routes, in: node.namespace.namespace, receiveBuffer: 4096)
        let routes = (0..<500).map { number in
            Route(CIDR(.v4(IPv4Address(rawValue: 0x0A09_0000 + UInt32(number) << 8)), 24), dev: link)
        }
        #expect(node.socket.runAll(routes.map { .route(.add, $0) }).allSatisfy { $0 == nil })
        let events = try monitor.receive()
        #expect(events.contains(.overrun) && events.count < routes.count)
        try eventually("silence") { try monitor.receive().isEmpty }
        try node.socket.run(.route(.delete, routes[0]))
        let later = try monitor.receive()
        #expect(later.contains(.routeRemoved(routes[0])) && !later.contains(.overrun))
    }

    @Test("the descriptor becomes readable with an event")
    func readable() throws {
        var node = try Node()
        let monitor = try NetlinkMonitor(.links, in: node.namespace.namespace)
        var entry = pollfd(fd: monitor.descriptor, events: Int16(POLLIN), revents: 0)
        #expect(poll(&entry, 1, 0) == 0)
        try node.socket.run(.createLink(NewLink("br0", .bridge)))
        #expect(poll(&entry, 1, 5000) == 1)
    }
}
