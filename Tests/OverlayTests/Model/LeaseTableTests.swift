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

    @Test func `What the store says is later than what was kept from before its loss`() {
        var table = LeaseTable()
        _ = table.apply(.snapshot([Samples.lease(2)]))
        table.remember([Samples.lease(2)], for: .seconds(60))
        // A wiped store counts from one again.
        #expect(table.leases[Samples.subnet(2)]?.revision == 0)
        var fresh = Samples.lease(2)
        fresh.revision = 1
        #expect(table.apply(.put(fresh)).isEmpty)
        #expect(table.leases[Samples.subnet(2)]?.revision == 1)
        #expect(table.forgetExpired(now: MonotonicTime.now + .seconds(61)).isEmpty)
    }

    @Test func `What is kept over a restart is there with the first list`() {
        var table = LeaseTable()
        table.remember([Samples.lease(3)], for: .seconds(60))
        #expect(!table.hasSnapshot)
        #expect(table.apply(.snapshot([Samples.lease(2)])) == [Samples.subnet(2)])
        #expect(Set(table.leases.keys) == [Samples.subnet(2), Samples.subnet(3)])
        // A node that says it leaves is gone, kept or not.
        #expect(table.apply(.removed(Samples.subnet(3))) == [Samples.subnet(3)])
    }
}
