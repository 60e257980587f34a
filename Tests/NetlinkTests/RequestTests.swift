import NetTypes
import Netlink
import Testing

@Suite("Requests as values")
struct RequestTests {
    @Test("print as one line that names verb and object")
    func descriptions() throws {
        let route = Route(try network("10.1.0.0/16"), via: try address("10.1.0.0"), dev: 4, isOnLink: true)
        let foreign = Route(try network("10.2.0.0/16"), type: .blackhole, table: RouteTable(rawValue: 7))
        let entry = ForwardingEntry(try mac("02:00:00:00:00:03"), to: try address("192.168.9.3"), on: 7)
        let cases: [(NetlinkRequest, String)] = [
            (.createLink(NewLink("cni0", .bridge)), "create bridge link cni0"),
            (.changeLink("eth0", .up), "change link eth0"),
            (.deleteLink(3), "delete link 3"),
            (.renameLink(3, to: "x"), "rename link 3 to x"),
            (.changePort("veth0", BridgePort(hairpin: true)), "change bridge port link veth0"),
            (.addVLAN(3, BridgeVLAN(2, through: 9)), "add VLANs 2-9 on link 3"),
            (.address(.add, InterfaceAddress(try network("10.1.2.3/24"), on: 2)), "add address 10.1.2.3/24 on link 2"),
            (.route(.replace, route), "replace route 10.1.0.0/16 via 10.1.0.0 on link 4"),
            (.route(.delete, foreign), "delete route 10.2.0.0/16 type 6 in table 7"),
            (.forwarding(.append, entry), "append forwarding entry 02:00:00:00:00:03 to 192.168.9.3 on link 7"),
        ]
        for (request, text) in cases { #expect("\(request)" == text) }
    }

    @Test("the scope and metric of a route are what the kernel would say")
    func routeDefaults() throws {
        let gateway = try address("10.0.0.1")
        #expect(Route(IPFamily.v4.everything, via: gateway).scope == .universe)
        #expect(Route(try network("10.0.0.0/24"), dev: 2).scope == .link)
        #expect(Route(try network("10.0.0.0/24"), type: .blackhole).scope == .universe)
        #expect(Route(try network("10.0.0.7/32"), type: .local).scope == .host)
        #expect(Route(try network("fd00::/64"), dev: 2).scope == .universe)
        #expect(Route(try network("10.0.0.0/24"), dev: 2).priority == 0)
        #expect(Route(try network("fd00::/64"), dev: 2).priority == 1024)
        #expect(Route(IPFamily.v4.everything, nextHops: [NextHop(via: gateway, dev: 2)]).scope == .universe)
    }
}
