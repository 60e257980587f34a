import Linux
import Overlay
import Testing

@Suite struct LeaseTableTests {
    @Test func `A snapshot after a gap shows what came, went and changed in it (#125)`() {
        var table = LeaseTable()
        _ = table.apply(.snapshot([Samples.lease(2), Samples.lease(3), Samples.lease(4)]))
        var changed = Samples.lease(3)
        changed.attributes.backendData = VTEPData(vni: 1, mac: Samples.mac(99)).json
        let result = table.apply(.snapshot([changed, Samples.lease(4), Samples.lease(5)]))
        #expect(result == [Samples.subnet(2), Samples.subnet(3), Samples.subnet(5)])
    }

    @Test func `A renewal is no news`() {
        var table = LeaseTable()
        _ = table.apply(.snapshot([Samples.lease(2)]))
        var renewed = Samples.lease(2)
        renewed.revision = 99
        renewed.leaseID = 99
        #expect(table.apply(.put(renewed)).isEmpty)
        #expect(table.leases[renewed.subnet]?.revision == 99)
    }

    @Test func `The removal of a lease that nobody knows is nothing`() {
        var table = LeaseTable()
        #expect(table.apply(.removed(Samples.subnet(2))).isEmpty)
    }

    @Test func `A cache is no snapshot`() {
        var table = LeaseTable()
        table.seed([Samples.lease(2)])
        #expect(!table.hasSnapshot)
        #expect(table.leases.count == 1)
    }

    @Test func `What the store lost stays until it is back or its time is over`() {
        var table = LeaseTable()
        _ = table.apply(.snapshot([Samples.lease(2), Samples.lease(3)]))
        table.remember([Samples.lease(2), Samples.lease(3)], for: .seconds(60))
        #expect(table.apply(.snapshot([])).isEmpty)
        #expect(table.leases.count == 2)
        // Node 2 comes back, and then really leaves.
        _ = table.apply(.put(Samples.lease(2)))
        #expect(table.apply(.snapshot([])) == [Samples.subnet(2)])
        #expect(table.forgetExpired(now: MonotonicTime.now + .seconds(59)).isEmpty)
        #expect(table.forgetExpired(now: MonotonicTime.now + .seconds(61)) == [Samples.subnet(3)])
        #expect(table.leases.isEmpty)
    }
}
