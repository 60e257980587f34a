import JSON
import NetTypes
import Netlink
import Overlay
import TestSupport
import Testing

@Suite struct PlannerTests {
    @Test func `A vxlan peer is a neighbour, a forwarding entry and an onlink route`() throws {
        let peer = Samples.lease(7)
        let state = Samples.state([peer])
        let base = try #require(IPAddress("10.5.7.0"))
        let subnet = try #require(CIDR("10.5.7.0/24"))
        #expect(
            state.entries == [
                .neighbour(device: Samples.vtep, base): .neighbour(Samples.mac(7)),
                .fdb(device: Samples.vtep, Samples.mac(7)): .fdb(destination: Samples.underlay(7)),
                .route(subnet): .route(.via(base, device: Samples.vtep, isOnLink: true)),
            ])
    }

    @Test func `A host-gw peer is a route by its address`() throws {
        var lease = Samples.lease(7)
        lease.attributes.backendType = "host-gw"
        lease.attributes.backendData = nil
        let state = Samples.state([lease], backend: .hostGateway)
        let subnet = try #require(CIDR("10.5.7.0/24"))
        #expect(
            state.entries == [
                .route(subnet): .route(.via(Samples.underlay(7), device: Samples.underlayIndex, isOnLink: false))
            ])
    }

    @Test func `With DirectRouting a peer on our own network needs no tunnel, another does`() throws {
        var vxlan = VXLANConfig()
        vxlan.directRouting = true
        let state = Samples.state(
            [Samples.lease(7), Samples.lease(8)], backend: .vxlan(vxlan), neighbours: [Samples.underlay(7): 3])
        let near = try #require(CIDR("10.5.7.0/24"))
        let far = try #require(CIDR("10.5.8.0/24"))
        #expect(state.entries[.route(near)] == .route(.via(Samples.underlay(7), device: 3, isOnLink: false)))
        #expect(state.plans[Samples.lease(7).subnet]?.entries.count == 1)
        #expect(state.plans[Samples.lease(8).subnet]?.entries.count == 3)
        #expect(state.entries[.route(far)] == .route(.via(far.address, device: Samples.vtep, isOnLink: true)))
    }

    @Test func `Our own lease and other backends' leases want nothing`() {
        var other = Samples.lease(7)
        other.attributes.backendType = "wireguard"
        let state = Samples.state([Samples.lease(1), other])
        #expect(state.entries.isEmpty)
        #expect(state.plans.isEmpty)
    }

    /// Leases that must not be programmed, and a word that the reason must hold.
    static let refused: [(change: @Sendable (inout Lease) -> Void, word: String)] = [
        ({ $0.attributes.backendData = nil }, "BackendData"),
        ({ $0.attributes.backendData = VTEPData(vni: 9, mac: Samples.mac(7)).json }, "VNI"),
        ({ $0.attributes.publicIPv4 = nil }, "public"),
        ({ $0.attributes.publicIPv4 = IPv4Address("192.168.0.1") }, "our own public address"),
        ({ $0.attributes.publicIPv4 = IPv4Address("10.5.3.3") }, "no address of a node"),
        ({ $0.attributes.publicIPv4 = IPv4Address("224.0.0.9") }, "no address of a node"),
        ({ $0.attributes.publicIPv4 = IPv4Address("127.0.0.1") }, "no address of a node"),
        ({ $0.attributes.publicIPv4 = IPv4Address("255.255.255.255") }, "no address of a node"),
        ({ $0.attributes.backendData = ["VNI": "1", "VtepMAC": "02:00:00:00:00:07"] }, "no whole number"),
        ({ $0.attributes.backendData = ["VNI": 1, "VtepMAC": "01:00:5e:00:00:07"] }, "no unicast"),
        ({ $0.attributes.backendData = ["VNI": 1, "VtepMAC": 7] }, "no unicast"),
        ({ $0.attributes.backendData = [1, 2] }, "missing"),
        ({ $0.attributes.backendData = VTEPData(vni: 1, mac: Samples.mac(1)).json }, "our own VTEP MAC"),
        ({ $0.subnet = SubnetKey("10.9.7.0-24") ?? $0.subnet }, "outside"),
        ({ $0.subnet = SubnetKey("10.5.1.0-25") ?? $0.subnet }, "overlaps"),
    ]

    @Test("A lease that would do harm is refused with the reason", arguments: refused.indices)
    func refusal(_ index: Int) {
        var lease = Samples.lease(7)
        Self.refused[index].change(&lease)
        let state = Samples.state([lease])
        #expect(state.entries.isEmpty)
        #expect(state.plans[lease.subnet]?.problems.joined().contains(Self.refused[index].word) == true)
    }

    @Test func `A subnet of another size than the network's is used and told`() throws {
        var lease = Samples.lease(7)
        lease.subnet = try #require(SubnetKey("10.5.2.64-26"))
        let state = Samples.state([lease, Samples.lease(2)])
        #expect(state.entries.count == 6)
        #expect(state.plans[lease.subnet]?.problems.first?.contains("another size") == true)
        #expect(state.plans[Samples.subnet(2)]?.problems.isEmpty == true)
    }

    @Test func `An old peer's data without VNI is accepted`() {
        var lease = Samples.lease(7)
        lease.attributes.backendData = VTEPData(vni: nil, mac: Samples.mac(7)).json
        #expect(Samples.state([lease]).entries.count == 3)
    }

    @Test func `Two leases with one public address are both told (#98)`() {
        var clone = Samples.lease(8)
        clone.attributes.publicIPv4 = Samples.underlay(7).v4
        let state = Samples.state([Samples.lease(7), clone])
        for node in [7, 8] {
            let problems = state.plans[Samples.subnet(node)]?.problems ?? []
            #expect(problems.joined().contains("same public address 192.168.0.7"))
        }
    }

    /// Configured MTU, the underlay's, and what devices and pods then have.
    static let mtus: [(config: Int?, underlay: Int, v4: Int, v6: Int)] = [
        (nil, 1500, 1450, 1430), (nil, 9000, 8950, 8930), (1400, 1500, 1350, 1330), (9000, 1500, 1450, 1430),
        (1480, 1500, 1430, 1410),
    ]

    @Test("Each family's device has the MTU that its headers leave, and pods the smaller one (#1781)", arguments: mtus)
    func mtu(_ configured: Int?, _ underlay: Int, _ v4: Int, _ v6: Int) {
        var vxlan = VXLANConfig()
        vxlan.mtu = configured
        #expect(vxlan.deviceMTU(.v4, underlay: underlay) == v4)
        #expect(vxlan.deviceMTU(.v6, underlay: underlay) == v6)
        #expect(Samples.config(.vxlan(vxlan)).podMTU(underlay: underlay) == v4)
        #expect(Samples.config(.vxlan(vxlan), isDual: true).podMTU(underlay: underlay) == v6)
        #expect(Samples.config(.hostGateway).podMTU(underlay: underlay) == underlay)
    }

    @Test func `Of two leases with one VTEP MAC the later wins, and the earlier comes back when it is gone`() throws {
        var old = Samples.lease(7)
        old.revision = 5
        var new = Samples.lease(8)
        new.revision = 9
        new.attributes.backendData = old.attributes.backendData
        var state = Samples.state([old, new])
        let key = EntryKey.fdb(device: Samples.vtep, Samples.mac(7))
        #expect(state.entries[key] == .fdb(destination: Samples.underlay(8)))
        #expect(state.plans[old.subnet]?.problems.isEmpty == false)
        let touched = state.update([new.subnet: nil])
        #expect(touched.contains(key))
        #expect(state.entries[key] == .fdb(destination: Samples.underlay(7)))
    }

    @Test func `Of two subnets with one first address the later lease wins: they would share a neighbour entry`() throws
    {
        var old = Samples.lease(7)
        old.revision = 5
        var new = Samples.lease(8)
        new.revision = 9
        new.subnet = try #require(SubnetKey("10.5.7.0-25"))
        var state = Samples.state([old, new])
        let key = try EntryKey.neighbour(device: Samples.vtep, #require(IPAddress("10.5.7.0")))
        #expect(state.entries[key] == .neighbour(Samples.mac(8)))
        #expect(state.plans[old.subnet]?.problems.first?.contains("later lease 10.5.7.0-25") == true)
        let touched = state.update([new.subnet: nil])
        #expect(touched.contains(key))
        #expect(state.entries[key] == .neighbour(Samples.mac(7)))
    }

    @Test func `A changed MAC gives up the old forwarding entry`() {
        var state = Samples.state([Samples.lease(7)])
        var lease = Samples.lease(7)
        lease.attributes.backendData = VTEPData(vni: 1, mac: Samples.mac(99)).json
        let touched = state.update([lease.subnet: lease])
        #expect(touched.contains(.fdb(device: Samples.vtep, Samples.mac(7))))
        #expect(state.entries[.fdb(device: Samples.vtep, Samples.mac(7))] == nil)
        #expect(state.entries[.fdb(device: Samples.vtep, Samples.mac(99))] != nil)
    }

    @Test func `A change of only the IPv6 half is a change`() throws {
        // flannel drops an update in which not both families differ.
        var lease = Samples.dualLease(7)
        var state = Samples.state([lease], isDual: true)
        #expect(state.entries.count == 6)
        lease.attributes.backendV6Data = VTEPData(vni: 1, mac: Samples.mac(99)).json
        _ = state.update([lease.subnet: lease])
        #expect(state.entries[.fdb(device: Samples.vtepV6, Samples.mac(99))] != nil)
        #expect(state.entries[.fdb(device: Samples.vtep, Samples.mac(7))] != nil)
        #expect(state.entries.count == 6)
    }

    @Test func `Following changes one by one ends where planning all at once does`() {
        var random = SeededGenerator()
        for _ in 0..<60 {
            var state = Samples.state([], isDual: true)
            var leases: [SubnetKey: Lease] = [:]
            for revision in 1...40 {
                // Few subnets, MACs and addresses, so that claims meet.
                var lease = Samples.dualLease(Int.random(in: 2...9, using: &random))
                lease.revision = Int64(revision)
                lease.attributes.publicIPv4 = Samples.underlay(Int.random(in: 2...6, using: &random)).v4
                lease.attributes.backendData =
                    VTEPData(
                        vni: 1, mac: Samples.mac(Int.random(in: 1...6, using: &random))
                    ).json
                let isRemoval = Int.random(in: 0...3, using: &random) == 0
                leases[lease.subnet] = isRemoval ? nil : lease
                _ = state.update([lease.subnet: isRemoval ? nil : lease])
                var whole = Samples.state([], isDual: true)
                whole.replan(whole.planner, leases: leases.values)
                #expect(state.entries == whole.entries, "seed \(random.seed) revision \(revision)")
                #expect(state.plans == whole.plans, "seed \(random.seed) revision \(revision)")
                if state.entries != whole.entries { return }
            }
        }
    }
}
