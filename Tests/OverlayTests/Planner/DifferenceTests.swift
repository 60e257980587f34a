import NetTypes
import Netlink
import Overlay
import TestSupport
import Testing

@Suite struct DifferenceTests {
    let network = Samples.config().v4?.network ?? .init(host: .v4(IPv4Address(rawValue: 0)))

    /// What the kernel holds for node 7, as flannel or we would have put it.
    func programmed(by protocolNumber: RouteProtocol) -> FoundState {
        var found = FoundState()
        let base = Samples.subnet(7).subnets[0]
        found.insert(
            Route(base, via: base.address, dev: Samples.vtep, protocolNumber: protocolNumber, isOnLink: true),
            network: network, vtep: Samples.vtep)
        found.insert(Neighbour(base.address, mac: Samples.mac(7), on: Samples.vtep), network: network)
        found.insert(ForwardingEntry(Samples.mac(7), to: Samples.underlay(7), on: Samples.vtep))
        return found
    }

    @Test func `What is there already is not written`() {
        let state = Samples.state([Samples.lease(7)])
        #expect(state.difference(found: programmed(by: .poplin), collectsGarbage: true).isEmpty)
    }

    @Test func `A new peer is resolvable before it is routed to`() {
        let state = Samples.state([Samples.lease(7)])
        let changes = state.difference(found: FoundState(), collectsGarbage: true).changes
        let kinds = changes.map { change -> String in
            switch change {
            case .put(.neighbour, _): "neighbour"
            case .put(.fdb, _): "fdb"
            case .put(.route, _): "route"
            default: "other"
            }
        }
        #expect(kinds == ["neighbour", "fdb", "route"])
    }

    @Test func `A peer that left is no longer routed to before it is unresolvable`() {
        let changes = Samples.state([]).difference(found: programmed(by: .poplin), collectsGarbage: true).changes
        let kinds = changes.map { change -> String in
            switch change {
            case .remove(.neighbour, _): "neighbour"
            case .remove(.fdb, _): "fdb"
            case .remove(.route, _): "route"
            default: "other"
            }
        }
        #expect(kinds == ["route", "fdb", "neighbour"])
    }

    @Test func `Before the first snapshot nothing is removed (#2554)`() {
        #expect(Samples.state([]).difference(found: programmed(by: .poplin), collectsGarbage: false).isEmpty)
    }

    @Test func `flannel's untagged routes on its device are adopted by one replacement each`() {
        let state = Samples.state([Samples.lease(7)])
        let changes = state.difference(found: programmed(by: .boot), collectsGarbage: true).changes
        #expect(changes.count == 1)
        if case .put(.route, _)? = changes.first {} else { Issue.record("\(changes)") }
    }

    @Test func `flannel's stale entries on its device go with the first snapshot`() {
        let changes = Samples.state([]).difference(found: programmed(by: .boot), collectsGarbage: true).changes
        #expect(changes.count == 3)
    }

    @Test func `An untagged route elsewhere is replaced when a peer needs its place, and left otherwise`() throws {
        var found = FoundState()
        let subnet = Samples.subnet(7).subnets[0]
        found.insert(Route(subnet, via: Samples.underlay(7), dev: 2), network: network, vtep: Samples.vtep)
        #expect(Samples.state([]).difference(found: found, collectsGarbage: true).isEmpty)
        let changes = Samples.state([Samples.lease(7)]).difference(found: found, collectsGarbage: true).changes
        #expect(changes.contains { if case .put(.route(subnet), _) = $0 { true } else { false } })
    }

    @Test func `A foreign route in a peer's place is reported and left`() {
        var found = FoundState()
        let subnet = Samples.subnet(7).subnets[0]
        found.insert(
            Route(subnet, via: Samples.underlay(9), dev: 2, protocolNumber: .static), network: network,
            vtep: Samples.vtep)
        let difference = Samples.state([Samples.lease(7)]).difference(found: found, collectsGarbage: true)
        #expect(difference.conflicts.map(\.key) == [.route(subnet)])
        #expect(!difference.changes.contains { $0.key == .route(subnet) })
        #expect(Samples.state([]).difference(found: found, collectsGarbage: true).isEmpty)
    }

    @Test func `Foreign entries on our device and routes outside of the network are not seen at all`() throws {
        var found = FoundState()
        let outside = try #require(CIDR("10.99.0.0/24"))
        found.insert(Route(outside, via: Samples.underlay(9), dev: 2), network: network, vtep: Samples.vtep)
        found.insert(Route(network, dev: 2, protocolNumber: .static), network: network, vtep: Samples.vtep)
        found.insert(
            Neighbour(try #require(IPAddress("10.99.0.1")), mac: Samples.mac(3), on: Samples.vtep), network: network)
        found.insert(
            Neighbour(try #require(IPAddress("10.5.3.0")), mac: Samples.mac(3), on: Samples.vtep, state: .reachable),
            network: network)
        found.insert(ForwardingEntry(Samples.mac(3), to: Samples.underlay(3), on: Samples.vtep, state: .reachable))
        found.insert(ForwardingEntry(MACAddress(rawValue: 0), to: Samples.underlay(3), on: Samples.vtep))
        #expect(found == FoundState())
    }

    @Test func `A second remote for one MAC is removed`() {
        var found = programmed(by: .poplin)
        found.insert(ForwardingEntry(Samples.mac(7), to: Samples.underlay(8), on: Samples.vtep))
        let changes = Samples.state([Samples.lease(7)]).difference(found: found, collectsGarbage: true).changes
        #expect(
            changes == [
                .remove(.fdb(device: Samples.vtep, Samples.mac(7)), .fdb(destination: Samples.underlay(8)))
            ])
    }

    @Test func `Applying a difference leaves none`() {
        var random = SeededGenerator()
        for _ in 0..<200 {
            let old = Samples.state((2...12).filter { _ in Bool.random(using: &random) }.map(Samples.lease))
            var found = FoundState()
            for (key, entry) in old.entries { found.entries[key] = FoundEntry(entry, .ours) }
            var leases = (2...12).filter { _ in Bool.random(using: &random) }.map(Samples.lease)
            for index in leases.indices where Bool.random(using: &random) {
                leases[index].attributes.backendData = VTEPData(vni: 1, mac: Samples.mac(100 + index)).json
            }
            let new = Samples.state(leases)
            for change in new.difference(found: found, collectsGarbage: true).changes { found.note(change) }
            #expect(new.difference(found: found, collectsGarbage: true).isEmpty, "seed \(random.seed)")
            #expect(found.entries.mapValues(\.entry) == new.entries, "seed \(random.seed)")
        }
    }
}
