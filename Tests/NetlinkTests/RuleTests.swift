import NetTypes
import Netlink
import TestSupport
import Testing

@Suite("Routing rules", .requiresRoot)
struct RuleTests {
    @Test("rules of both families come back as they were set, beside the kernel's own")
    func roundTrip() throws {
        var node = try Node()
        let before = try node.socket.rules()
        #expect(before.count == 5, "local, main, default for IPv4; local, main for IPv6")
        var marked = RoutingRule(.v4, priority: 100, .lookUp(RouteTable(rawValue: 1000)))
        (marked.mark, marked.markMask, marked.protocolNumber) = (0x4000, 0xFF00, RouteProtocol(rawValue: 99))
        var from = RoutingRule(.v4, priority: 101, .unreachable)
        (from.source, from.isInverted, from.inputInterface) = (try network("10.0.0.0/8"), true, "eth9")
        var to = RoutingRule(.v6, priority: 102, .blackhole)
        (to.destination, to.outputInterface) = (try network("fd00::/64"), "eth9")
        let wanted = [marked, from, to]
        for rule in wanted { try node.socket.run(.rule(.add, rule)) }
        #expect(try Set(node.socket.rules()).subtracting(before) == Set(wanted))
        let again = #expect(throws: NetlinkError.self) { try node.socket.run(.rule(.add, marked)) }
        #expect(again?.isAlreadyExists == true)
        for rule in wanted { try node.socket.run(.rule(.delete, rule)) }
        #expect(try node.socket.rules() == before)
    }
}
