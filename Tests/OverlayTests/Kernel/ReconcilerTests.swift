import Linux
import NetTypes
import Netlink
import Overlay
import TestSupport
import Testing

/// What the reconciler does to a real kernel, each test in a namespace of its own.
@Suite(.requiresRoot) struct ReconcilerTests {
    let leases = (2...5).map(Samples.lease)
    let dual = (2...5).map(Samples.dualLease)

    @Test func `The first pass makes device and peers, a restart writes nothing`() throws {
        let node = try Node()
        var first = try node.reconciler()
        let report = try first.reconcile(node.situation(isDual: true), leases: dual, collectsGarbage: true)
        #expect(report.applied.count == 24)
        #expect(report.failed.isEmpty)
        let link = try node.link("flannel.1")
        #expect(link.mac == Samples.mac(1) && link.isUp && link.mtu == 1450)
        #expect(try node.link("flannel-v6.1").mtu == 1430)
        #expect(try node.podRoutes().values.filter { $0.protocolNumber == .poplin && $0.isOnLink }.count == 8)
        #expect(try node.forwarding("flannel.1")[Samples.mac(3)] == Samples.underlay(3))
        #expect(try node.forwarding("flannel-v6.1")[Samples.mac(3)] == Samples.underlayV6(3))

        var second = try node.reconciler()
        let again = try second.reconcile(node.situation(isDual: true), leases: dual, collectsGarbage: true)
        #expect(again.isEmpty)
    }

    @Test func `Peers that left while nobody ran are removed with the first snapshot, and not before (#2554)`() throws {
        let node = try Node()
        var first = try node.reconciler()
        _ = try first.reconcile(node.situation(), leases: leases, collectsGarbage: true)
        var second = try node.reconciler()
        _ = try second.reconcile(node.situation(), leases: [], collectsGarbage: false)
        #expect(try node.podRoutes().values.filter { $0.isOnLink }.count == 4)
        _ = try second.reconcile(node.situation(), leases: [leases[0]], collectsGarbage: true)
        #expect(try node.podRoutes().values.filter { $0.isOnLink }.map(\.destination.description) == ["10.5.2.0/24"])
        #expect(try node.forwarding("flannel.1") == [Samples.mac(2): Samples.underlay(2)])
        #expect(try node.neighbours("flannel.1").count == 1)
    }

    @Test func `flannel's device and entries are taken over in place`() throws {
        let node = try Node()
        // As flanneld leaves them: untagged routes, and one of a peer that is gone.
        var settings = VXLANSettings(id: 1, lowerIndex: node.underlayIndex, local: Samples.underlay(1))
        settings.learning = false
        let flannelMAC = Samples.mac(0xF1)
        try node.run(
            .createLink(NewLink("flannel.1", .vxlan(settings), LinkAttributes(mac: flannelMAC, mtu: 1450, isUp: true))))
        let index = try node.link("flannel.1").index
        let own = try #require(CIDR("10.5.1.0/32"))
        try node.run(.address(.add, InterfaceAddress(own, on: index)))
        for peer in [2, 3, 9] {
            let subnet = Samples.subnet(peer).subnets[0]
            try node.run(
                .neighbour(.replace, Neighbour(subnet.address, mac: Samples.mac(peer), on: index)),
                .forwarding(.replace, ForwardingEntry(Samples.mac(peer), to: Samples.underlay(peer), on: index)),
                .route(.replace, Route(subnet, via: subnet.address, dev: index, isOnLink: true)))
        }
        var situation = node.situation()
        situation.macs = [.v4: flannelMAC]
        var reconciler = try node.reconciler()
        let report = try reconciler.reconcile(
            situation, leases: [Samples.lease(2), Samples.lease(3)], collectsGarbage: true)
        #expect(report.deviceChanges.isEmpty)
        // Two tags, and three entries of the peer that is gone.
        #expect(report.applied.count == 5)
        #expect(try node.link("flannel.1").index == index)
        let routes = try node.podRoutes().values.filter(\.isOnLink)
        #expect(routes.count == 2 && routes.allSatisfy { $0.protocolNumber == .poplin })
        #expect(try node.forwarding("flannel.1").count == 2)
    }

    @Test func `What others made is never touched`() throws {
        let node = try Node()
        let foreign = Samples.subnet(3).subnets[0]
        let elsewhere = try #require(CIDR("10.77.0.0/16"))
        let gateway = try #require(IPAddress("192.168.0.77"))
        try node.run(
            .route(.add, Route(foreign, via: gateway, dev: node.underlayIndex, protocolNumber: .static)),
            .route(.add, Route(elsewhere, via: gateway, dev: node.underlayIndex)))
        var reconciler = try node.reconciler()
        let report = try reconciler.reconcile(node.situation(), leases: leases, collectsGarbage: true)
        #expect(report.failed.map(\.peer) == [Samples.subnet(3)])
        #expect(try node.podRoutes()[foreign]?.gateway == gateway)
        // The other peers are there all the same.
        #expect(try node.podRoutes().values.filter(\.isOnLink).count == 3)
        _ = try reconciler.reconcile(node.situation(), leases: [], collectsGarbage: true)
        #expect(try node.podRoutes()[foreign]?.gateway == gateway)
        #expect(try node.podRoutes().count { $0.value.protocolNumber == .poplin } == 0)
    }

    @Test func `A device deleted at runtime comes back with its address and all peers (#869, #2247)`() throws {
        let node = try Node()
        var reconciler = try node.reconciler()
        _ = try reconciler.reconcile(node.situation(isDual: true), leases: dual, collectsGarbage: true)
        try node.run(.deleteLink("flannel.1"), .deleteLink("flannel-v6.1"))
        let report = try reconciler.reconcile(node.situation(isDual: true), leases: dual, collectsGarbage: true)
        #expect(report.hasNewDevice)
        #expect(report.applied.count == 24)
        #expect(try node.link("flannel.1").mac == Samples.mac(1))
        #expect(try node.podRoutes().values.filter(\.isOnLink).count == 8)
    }

    @Test func `A flapped link gets its routes back (#1434)`() throws {
        let node = try Node()
        var reconciler = try node.reconciler()
        _ = try reconciler.reconcile(node.situation(), leases: leases, collectsGarbage: true)
        try node.run(.changeLink("flannel.1", .down), .changeLink("flannel.1", .up))
        #expect(try node.podRoutes().values.filter(\.isOnLink).isEmpty)
        _ = try reconciler.reconcile(node.situation(), leases: leases, collectsGarbage: true)
        #expect(try node.podRoutes().values.filter(\.isOnLink).count == 4)
        #expect(try node.neighbours("flannel.1").count == 4)
    }

    @Test func `Another program's MAC is put right (#1788)`() throws {
        let node = try Node()
        var reconciler = try node.reconciler()
        _ = try reconciler.reconcile(node.situation(), leases: leases, collectsGarbage: true)
        try node.run(.changeLink("flannel.1", LinkAttributes(mac: Samples.mac(0xBAD))))
        _ = try reconciler.reconcile(node.situation(), leases: leases, collectsGarbage: true)
        #expect(try node.link("flannel.1").mac == Samples.mac(1))
        #expect(try node.neighbours("flannel.1").count == 4)
    }

    @Test func `MTU, learning and our address change on the living device (#1011)`() throws {
        let node = try Node()
        var reconciler = try node.reconciler()
        _ = try reconciler.reconcile(node.situation(), leases: leases, collectsGarbage: true)
        let index = try node.link("flannel.1").index
        let second = try #require(CIDR("192.168.0.201/24"))
        try node.run(.address(.add, InterfaceAddress(second, on: node.underlayIndex)))
        var changed = node.situation(.vxlan { ($0.mtu, $0.learning) = (1400, true) })
        changed.underlay.v4 = .init(local: second.address, published: second.address)
        let report = try reconciler.reconcile(changed, leases: leases, collectsGarbage: true)
        #expect(report.applied.isEmpty)
        let link = try node.link("flannel.1")
        #expect(link.index == index && link.mtu == 1350)
        guard case .vxlan(let settings) = link.kind else { throw Unexpected() }
        #expect(settings.learning == true && settings.local == second.address)
        #expect(try node.podRoutes().values.filter(\.isOnLink).count == 4)
    }

    @Test func `A port that cannot be changed makes a new device with the same MAC`() throws {
        let node = try Node()
        var reconciler = try node.reconciler()
        _ = try reconciler.reconcile(node.situation(), leases: leases, collectsGarbage: true)
        let report = try reconciler.reconcile(
            node.situation(.vxlan { $0.port = 4789 }), leases: leases, collectsGarbage: true)
        #expect(report.applied.count == 12)
        #expect(try node.link("flannel.1").mac == Samples.mac(1))
    }

    @Test func `A device of another kind in our place is reported, not destroyed`() throws {
        let node = try Node()
        try node.run(.createLink(NewLink("flannel.1", .bridge)))
        var reconciler = try node.reconciler()
        do {
            _ = try reconciler.reconcile(node.situation(), leases: leases, collectsGarbage: true)
            Issue.record("a foreign device was accepted")
        } catch {
            #expect(error.object == "flannel.1")
        }
        #expect(try node.link("flannel.1").kind?.name == "bridge")
    }

    @Test func `A peer's new MAC leaves no old forwarding entry behind`() throws {
        let node = try Node()
        var reconciler = try node.reconciler()
        _ = try reconciler.reconcile(node.situation(), leases: leases, collectsGarbage: true)
        var lease = Samples.lease(3)
        lease.attributes.backendData = VTEPData(vni: 1, mac: Samples.mac(33)).json
        let report = reconciler.follow([lease.subnet: lease], collectsGarbage: true)
        #expect(report.failed.isEmpty)
        #expect(try node.forwarding("flannel.1")[Samples.mac(3)] == nil)
        #expect(try node.forwarding("flannel.1")[Samples.mac(33)] == Samples.underlay(3))
        #expect(try node.neighbours("flannel.1")[Samples.subnet(3).subnets[0].address] == Samples.mac(33))
    }

    @Test func `A peer's new address moves its forwarding entry`() throws {
        let node = try Node()
        var reconciler = try node.reconciler()
        _ = try reconciler.reconcile(node.situation(), leases: leases, collectsGarbage: true)
        var lease = Samples.lease(3)
        lease.attributes.publicIPv4 = IPv4Address("192.168.0.33")
        _ = reconciler.follow([lease.subnet: lease], collectsGarbage: true)
        #expect(try node.forwarding("flannel.1")[Samples.mac(3)] == Samples.underlay(33))
        #expect(try node.forwarding("flannel.1").count == 4)
    }

    @Test func `A peer that cannot be reached keeps none of the others waiting (#958)`() throws {
        let node = try Node()
        var hostGateway = (2...4).map(Samples.lease)
        for index in hostGateway.indices {
            hostGateway[index].attributes.backendType = "host-gw"
            hostGateway[index].attributes.backendData = nil
        }
        // Not on our network: the kernel refuses the route.
        hostGateway[0].attributes.publicIPv4 = IPv4Address("172.16.0.9")
        var reconciler = try node.reconciler()
        let report = try reconciler.reconcile(node.situation(.hostGateway), leases: hostGateway, collectsGarbage: true)
        #expect(report.applied.count == 2)
        #expect(report.failed.map(\.peer) == [hostGateway[0].subnet])
        let (failures, next) = (reconciler.failures.count, reconciler.nextRetry)
        #expect(failures == 1 && next != nil)
        #expect(!node.isThere("flannel.1"))

        // The way appears; the next try succeeds and nothing is left to try.
        let network = try #require(CIDR("172.16.0.0/24"))
        try node.run(.route(.add, Route(network, dev: node.underlayIndex)))
        let retried = reconciler.retry(now: MonotonicTime.now + .seconds(60), collectsGarbage: true)
        #expect(retried.applied.count == 1 && retried.failed.isEmpty)
        let (left, later) = (reconciler.failures.count, reconciler.nextRetry)
        #expect(left == 0 && later == nil)
    }

    @Test func `A failed peer that another lease has replaced is tried no more`() throws {
        let node = try Node()
        func hostGateway(_ number: Int) -> Lease {
            var lease = Samples.lease(number)
            (lease.attributes.backendType, lease.attributes.backendData) = ("host-gw", nil)
            return lease
        }
        // Not on our network: the kernel refuses the route.
        var failing = hostGateway(3)
        failing.attributes.publicIPv4 = IPv4Address("172.16.0.9")
        var reconciler = try node.reconciler()
        let first = try reconciler.reconcile(
            node.situation(.hostGateway), leases: [hostGateway(2), failing], collectsGarbage: true)
        #expect(first.failed.map(\.peer) == [failing.subnet])

        // A later lease with the same first address leaves nothing wanted for the one that failed.
        var later = hostGateway(3)
        later.subnet = try #require(SubnetKey(v4: CIDR("10.5.3.0/25"), v6: nil))
        later.revision = 100
        let followed = reconciler.follow([later.subnet: later], collectsGarbage: true)
        #expect(followed.failed.isEmpty)
        let left = reconciler.failures.count
        #expect(left == 0)
        let retried = reconciler.retry(now: MonotonicTime.now + .seconds(60), collectsGarbage: true)
        #expect(retried.isEmpty)
        // A time that has passed would be one that comes again and again.
        let next = reconciler.nextRetry
        #expect(next == nil)
    }

    @Test func `DirectRouting follows the routes: tunnel, direct, tunnel`() throws {
        let node = try Node()
        let backend = BackendConfig.vxlan { $0.directRouting = true }
        var far = Samples.lease(7)
        far.attributes.publicIPv4 = IPv4Address("172.16.0.7")
        let gateway = try #require(IPAddress("192.168.0.254"))
        let behind = try #require(CIDR("172.16.0.0/24"))
        let subnet = Samples.subnet(7).subnets[0]
        try node.run(.route(.add, Route(behind, via: gateway, dev: node.underlayIndex)))
        var reconciler = try node.reconciler()
        _ = try reconciler.reconcile(node.situation(backend), leases: [Samples.lease(2), far], collectsGarbage: true)
        #expect(try node.podRoutes()[Samples.subnet(2).subnets[0]]?.gateway == Samples.underlay(2))
        #expect(try node.podRoutes()[subnet]?.isOnLink == true)
        #expect(try node.forwarding("flannel.1").count == 1)

        try node.run(.route(.replace, Route(behind, dev: node.underlayIndex)))
        _ = try reconciler.reconcile(node.situation(backend), leases: [Samples.lease(2), far], collectsGarbage: true)
        #expect(try node.podRoutes()[subnet]?.gateway == IPAddress("172.16.0.7"))
        #expect(try node.forwarding("flannel.1").isEmpty)

        try node.run(.route(.replace, Route(behind, via: gateway, dev: node.underlayIndex)))
        _ = try reconciler.reconcile(node.situation(backend), leases: [Samples.lease(2), far], collectsGarbage: true)
        #expect(try node.podRoutes()[subnet]?.isOnLink == true)
        #expect(try node.forwarding("flannel.1").count == 1)
    }

    @Test func `The blackhole route stands under the bridge's own, and goes when it is not wanted`() throws {
        let node = try Node()
        let subnet = Samples.subnet(1).subnets[0]
        try node.run(.createLink(NewLink("cni0", .bridge, .up)))
        let bridge = try node.link("cni0").index
        let gateway = try #require(CIDR("10.5.1.1/24"))
        try node.run(.address(.add, InterfaceAddress(gateway, on: bridge)))
        var situation = node.situation()
        situation.hasBlackholeRoute = true
        var reconciler = try node.reconciler()
        let report = try reconciler.reconcile(situation, leases: leases, collectsGarbage: true)
        #expect(report.failed.isEmpty)
        var socket = try node.openSocket()
        let blackholes = try socket.routes(RouteFilter(.v4, type: .blackhole))
        #expect(blackholes.map(\.destination) == [subnet])
        situation.hasBlackholeRoute = false
        _ = try reconciler.reconcile(situation, leases: leases, collectsGarbage: true)
        let left = try socket.routes(RouteFilter(.v4, type: .blackhole))
        #expect(left.isEmpty)
    }

    @Test func `A preview says what would be done and does nothing`() throws {
        let node = try Node()
        var preview = try node.reconciler()
        let lines = try preview.preview(node.situation(), leases: leases)
        #expect(lines.count == 13)
        #expect(!node.isThere("flannel.1"))
        var reconciler = try node.reconciler()
        _ = try reconciler.reconcile(node.situation(), leases: leases, collectsGarbage: true)
        let nothing = try preview.preview(node.situation(), leases: leases)
        #expect(nothing.isEmpty)
    }

    @Test func `Our own writes come back as events that mean nothing, others' do not`() throws {
        let node = try Node()
        var monitor = try node.openMonitor()
        var reconciler = try node.reconciler()
        let situation = node.situation()
        _ = try reconciler.reconcile(situation, leases: leases, collectsGarbage: true)
        let wish = try #require(situation.vteps.first)
        let vtep = try node.link("flannel.1").index
        let relevance = KernelRelevance(
            state: reconciler.desired, vteps: [vtep: wish], underlay: node.underlayIndex, followsDefaultRoute: true,
            hasFailures: false)
        let echoes = try monitor.receive().filter { event in
            switch event {
            case .routeChanged, .routeRemoved, .neighbourChanged, .forwardingChanged: true
            // The kernel tells late of the underlay's addresses, and of link-local ones when duplicate detection ends.
            case .addressChanged(let address):
                address.interface == vtep && !address.address.address.isLinkLocal
            default: false
            }
        }
        #expect(echoes.count >= 12)
        for event in echoes { #expect(relevance.judge(event) == .nothing, "\(event)") }

        let route = try #require(try node.podRoutes()[Samples.subnet(3).subnets[0]])
        try node.run(.route(.delete, route), .deleteLink("flannel.1"))
        let touched = try monitor.receive().map(relevance.judge)
        #expect(touched.filter { $0 == .repair }.count >= 2)
    }
}
