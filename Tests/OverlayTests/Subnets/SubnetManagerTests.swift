import NetTypes
import Overlay
import Store
import Testing

/// Leases in a store that other nodes write to as well.
@Suite struct SubnetManagerTests {
    let contents = InMemoryStore.Contents()
    let prefix = "/coreos.com/network"
    let config = Samples.config()

    func identity(_ node: Int, previous: SubnetKey? = nil) -> LeaseIdentity {
        LeaseIdentity(attributes: Samples.lease(node).attributes, previous: previous)
    }

    func manager(_ store: InMemoryStore? = nil) -> KeyValueSubnetManager {
        KeyValueSubnetManager(store: store ?? InMemoryStore(contents), prefix: prefix + "/")
    }

    func key(_ subnet: SubnetKey) -> String { "\(prefix)/subnets/\(subnet)" }

    func put(_ lease: Lease, leaseID: Int64? = 7) {
        contents.put(key(lease.subnet), lease.attributes.json, lease: leaseID.map { LeaseID(rawValue: $0) })
    }

    @Test func `A new node writes one key in flannel's layout, with a day's lease`() throws {
        let own = try manager().acquire(identity(3), config)
        let found = try #require(contents.get(key(own.lease.subnet)))
        #expect(found.text == Samples.lease(3).attributes.json)
        #expect(found.lease != nil)
        #expect(own.remaining == .seconds(86400))
        #expect(config.v4?.admits(try #require(own.lease.subnet.v4)) == true)
    }

    @Test func `Nodes never get the same subnet`() throws {
        var subnets: Set<SubnetKey> = []
        for node in 2..<150 {
            #expect(subnets.insert(try manager().acquire(identity(node), config).lease.subnet).inserted)
        }
    }

    @Test func `A collision is another try, not the end (flannel dies of it)`() throws {
        let store = InMemoryStore(contents)
        // All but one subnet are taken, and that one is taken while we take it.
        var narrow = config
        narrow.v4?.last = try #require(IPAddress("10.5.2.0"))
        let first = Samples.lease(1)
        store.beforeCommit = {
            put(first); put(Samples.lease(2)); contents.delete(key(first.subnet))
        }
        let own = try manager(store).acquire(identity(3), narrow)
        #expect(own.lease.subnet != Samples.lease(2).subnet)
        #expect(contents.get(key(Samples.lease(2).subnet))?.text == Samples.lease(2).attributes.json)
    }

    @Test func `Of two nodes that take one IPv6 subnet at once, the younger tries again`() throws {
        let dual = Samples.config(isDual: true)
        let store = InMemoryStore(contents)
        var narrow = dual
        // One IPv6 subnet is free when we look, and two when we look again.
        let pool = try #require(narrow.v6)
        narrow.v6?.last = pool.first
        let contested = CIDR(pool.first, try #require(pool.subnetLength))
        var other = Samples.lease(2)
        other.subnet = try #require(SubnetKey(v4: Samples.subnet(200).v4, v6: contested))
        store.beforeCommit = { put(other) }
        // The younger gives its lease up and, with no other subnet left, says so; its key is gone.
        #expect(throws: SubnetError.networkFull) { try manager(store).acquire(identity(3), narrow) }
        #expect(try store.range(.prefix("\(prefix)/subnets/"), at: nil, limit: nil).keyValues.count == 1)
        // In the whole network it gets another.
        contents.delete(key(other.subnet))
        store.beforeCommit = { put(other) }
        let own = try manager(store).acquire(identity(3), dual)
        #expect(own.lease.subnet.v6 != contested)
    }

    @Test func `A full network says so`() throws {
        var narrow = config
        narrow.v4?.last = try #require(IPAddress("10.5.2.0"))
        put(Samples.lease(1))
        put(Samples.lease(2))
        #expect(throws: SubnetError.networkFull) { try manager().acquire(identity(3), narrow) }
    }

    @Test func `A restart finds its lease by address and writes nothing`() throws {
        let first = try manager().acquire(identity(3), config)
        let writes = contents.writes
        let second = try manager().acquire(identity(3), config)
        #expect(second.lease == first.lease)
        #expect(contents.writes == writes)
    }

    @Test func `A changed MAC is written over the same lease`() throws {
        let first = try manager().acquire(identity(3), config)
        var changed = identity(3)
        changed.attributes.backendData = VTEPData(vni: 1, mac: Samples.mac(77)).json
        let second = try manager().acquire(changed, config)
        #expect(second.lease.subnet == first.lease.subnet)
        #expect(contents.get(key(first.lease.subnet))?.text == changed.attributes.json)
    }

    @Test func `A node whose address changed keeps its subnet, known by its VTEP (#408)`() throws {
        let first = try manager().acquire(identity(3), config)
        var moved = identity(3, previous: first.lease.subnet)
        moved.attributes.publicIPv4 = IPv4Address("192.168.0.99")
        #expect(try manager().acquire(moved, config).lease.subnet == first.lease.subnet)
    }

    @Test func `The subnet of subnet.env is taken again while nobody has it`() throws {
        #expect(
            try manager().acquire(identity(3, previous: Samples.subnet(42)), config).lease.subnet == Samples.subnet(42))
        contents.delete(key(Samples.subnet(42)))
        put(Lease(subnet: Samples.subnet(42), attributes: Samples.lease(9).attributes))
        #expect(
            try manager().acquire(identity(3, previous: Samples.subnet(42)), config).lease.subnet != Samples.subnet(42))
    }

    @Test func `A lease that no longer fits the network is given back`() throws {
        put(Lease(subnet: try #require(SubnetKey("10.5.0.0-25")), attributes: Samples.lease(3).attributes))
        let own = try manager().acquire(identity(3), config)
        #expect(own.lease.subnet.v4?.prefixLength == 24)
        #expect(contents.get("\(prefix)/subnets/10.5.0.0-25") == nil)
    }

    @Test func `A reservation stays one (#1329)`() throws {
        put(Lease(subnet: Samples.subnet(9), attributes: Samples.lease(3).attributes), leaseID: nil)
        let own = try manager().acquire(identity(3), config)
        #expect(own.lease.subnet == Samples.subnet(9))
        #expect(own.remaining == nil)
        var changed = own.lease.attributes
        changed.backendData = VTEPData(vni: 1, mac: Samples.mac(77)).json
        let renewed = try manager().renew(own, attributes: changed)
        #expect(contents.get(key(Samples.subnet(9)))?.lease == nil)
        #expect(renewed.remaining == nil)
    }

    @Test func `A renewal writes the same value under a new lease`() throws {
        let own = try manager().acquire(identity(3), config)
        let renewed = try manager().renew(own, attributes: own.lease.attributes)
        #expect(renewed.lease.leaseID != own.lease.leaseID)
        #expect(contents.get(key(own.lease.subnet))?.text == own.lease.attributes.json)
    }

    @Test func `A lease that was deleted is made again at the same subnet (#904)`() throws {
        let own = try manager().acquire(identity(3), config)
        contents.delete(key(own.lease.subnet))
        let again = try manager().renew(own, attributes: own.lease.attributes)
        #expect(again.lease.subnet == own.lease.subnet)
        #expect(again.wasRecreated)
        #expect(contents.get(key(own.lease.subnet)) != nil)
    }

    @Test func `A lease that another node has taken is never overwritten (#1289)`() throws {
        let own = try manager().acquire(identity(3), config)
        put(Lease(subnet: own.lease.subnet, attributes: Samples.lease(9).attributes))
        #expect(throws: SubnetError.lost(own.lease.subnet, to: "192.168.0.9")) {
            try manager().renew(own, attributes: own.lease.attributes)
        }
        #expect(contents.get(key(own.lease.subnet))?.text == Samples.lease(9).attributes.json)
    }

    @Test func `Another node with our address in our lease is overwritten, and told (#98)`() throws {
        let own = try manager().acquire(identity(3), config)
        #expect(own.overwrote == nil)
        var clone = Samples.lease(3)
        clone.attributes.backendData = VTEPData(vni: 1, mac: Samples.mac(99)).json
        contents.put(key(own.lease.subnet), clone.attributes.json)
        let renewed = try manager().renew(own, attributes: own.lease.attributes)
        #expect(renewed.overwrote == clone.attributes)
        #expect(contents.get(key(own.lease.subnet))?.text == own.lease.attributes.json)
        #expect(try manager().renew(renewed, attributes: own.lease.attributes).overwrote == nil)
    }

    @Test func `A value that cannot be read occupies its subnet and is named`() throws {
        var narrow = config
        narrow.v4?.last = try #require(IPAddress("10.5.2.0"))
        contents.put(key(Samples.subnet(1)), "{}}")
        #expect(try manager().acquire(identity(3), narrow).lease.subnet == Samples.subnet(2))
        var named: [String] = []
        try manager().watch { news in
            if case .unreadable(let names) = news { named = names }
            return .proceed
        }
        #expect(named.count == 1)
        #expect(named.first?.contains("10.5.1.0-24") == true)
    }

    @Test func `A key that claims the whole network keeps nobody out`() throws {
        contents.put(key(try #require(SubnetKey("10.5.0.0-16"))), Samples.lease(9).attributes.json)
        #expect(config.v4?.admits(try #require(try manager().acquire(identity(3), config).lease.subnet.v4)) == true)
    }

    @Test func `The configuration's absence and faults are told apart`() {
        #expect(throws: SubnetError.configMissing(key: "/coreos.com/network/config")) { try manager().networkConfig() }
        contents.put("/coreos.com/network/config", "{}")
        let error = #expect(throws: SubnetError.self) { try manager().networkConfig() }
        if case .configInvalid? = error {} else { Issue.record("\(String(describing: error))") }
    }

    @Test func `Free subnets are found from the beginning, around what is taken`() throws {
        let pool = try #require(config.v4)
        let taken = try ["10.5.1.0/24", "10.5.2.128/25", "10.5.4.0/22"].map { try #require(CIDR($0)) }
        #expect(
            pool.freeSubnets(taken: taken, limit: 3).map(\.description) == [
                "10.5.3.0/24", "10.5.8.0/24", "10.5.9.0/24",
            ])
        #expect(pool.freeSubnets(taken: [pool.network], limit: 3).isEmpty)
        #expect(pool.freeSubnets(taken: [], limit: 1000).count == 255)
    }
}
