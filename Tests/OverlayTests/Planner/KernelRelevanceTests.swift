import NetTypes
import Netlink
import Overlay
import Testing

@Suite struct KernelRelevanceTests {
    private static var wish: VTEPWish {
        let underlay = Underlay(
            index: Samples.underlayIndex, name: "eth0", mtu: 1500,
            v4: .init(local: Samples.underlay(1), published: Samples.underlay(1)))
        return VTEPWish(
            VXLANConfig(), family: .v4, underlay: underlay, local: Samples.underlay(1),
            subnet: Samples.subnet(1).subnets[0], network: CIDR(.v4(IPv4Address(10, 5, 0, 0)), 16), mac: Samples.mac(1))
    }

    /// Our device as the kernel tells of it when all is well.
    private static var device: Link {
        var link = Link(index: Samples.vtep, name: "flannel.1")
        link.mac = wish.mac
        link.mtu = wish.mtu
        link.flags = [.up]
        link.kind = .vxlan(wish.settings)
        return link
    }

    private static func judge(_ event: NetlinkEvent, lacksDevice: Bool = false) -> KernelRelevance.Answer {
        KernelRelevance(
            state: Samples.state([Samples.lease(2)]), vteps: lacksDevice ? [:] : [Samples.vtep: wish],
            underlay: Samples.underlayIndex, followsDefaultRoute: false, hasFailures: false, lacksDevice: lacksDevice
        ).judge(event)
    }

    struct Case: CustomTestStringConvertible, Sendable {
        var testDescription: String
        var change: @Sendable (inout Link) -> Void
        var answer: KernelRelevance.Answer
    }

    static let cases = [
        Case(testDescription: "nothing of it", change: { _ in }, answer: .nothing),
        Case(testDescription: "its statistics or alias", change: { $0.alias = "tunnel" }, answer: .nothing),
        Case(testDescription: "its name", change: { $0.name = "old.1" }, answer: .repair),
        Case(testDescription: "its MAC (#1788)", change: { $0.mac = Samples.mac(99) }, answer: .repair),
        Case(testDescription: "its MTU", change: { $0.mtu = 9000 }, answer: .repair),
        Case(testDescription: "its state", change: { $0.flags = [] }, answer: .repair),
    ]

    @Test("A change of our device matters where it differs from what we want", arguments: cases)
    func device(_ example: Case) {
        var link = Self.device
        example.change(&link)
        #expect(Self.judge(.linkChanged(link)) == example.answer)
    }

    @Test func `A link that is neither ours nor the underlay matters only while it may stand in our device's way`() {
        let other = Link(index: 77, name: "flannel.1")
        #expect(Self.judge(.linkRemoved(other)) == .nothing)
        #expect(Self.judge(.linkRemoved(other), lacksDevice: true) == .surroundings)
        #expect(Self.judge(.linkChanged(other), lacksDevice: true) == .surroundings)
    }

    @Test func `A route that goes matters where ours is wanted, whosever it was`() throws {
        let wanted = Samples.subnet(2).subnets[0]
        let elsewhere = Samples.subnet(9).subnets[0]
        let gateway = Samples.underlay(77)
        func foreign(_ destination: CIDR) -> Route {
            Route(destination, via: gateway, dev: Samples.underlayIndex, protocolNumber: .static)
        }
        #expect(Self.judge(.routeRemoved(foreign(wanted))) == .repair)
        #expect(Self.judge(.routeRemoved(Route(wanted, via: gateway, dev: Samples.underlayIndex))) == .repair)
        #expect(Self.judge(.routeRemoved(foreign(elsewhere))) == .nothing)
        // One of our own that we want no longer: what goes is our own doing.
        var stale = foreign(wanted)
        stale.protocolNumber = .poplin
        #expect(Self.judge(.routeRemoved(stale)) == .nothing)
    }

    @Test func `Lost events mean that everything is read again`() {
        #expect(Self.judge(.overrun) == .repair)
    }
}
