import JSON
import NetTypes
import Testing

@testable import ControlPlane

@Suite struct NodeIPAMTests {
    private func makePool(_ range: String, _ mask: Int) -> SubnetPool? {
        CIDR(range).flatMap { SubnetPool($0, mask: mask) }
    }

    @Test(
        "a pool gives each subnet once and knows how many there are",
        arguments: [
            ("10.244.0.0/16", 24, 256), ("10.244.0.0/24", 24, 1), ("fd00:244::/48", 64, 65536), ("10.0.0.0/22", 24, 4),
        ])
    func pools(range: String, mask: Int, count: Int) throws {
        var pool = try #require(makePool(range, mask))
        let network = try #require(CIDR(range))
        var given: Set<CIDR> = []
        while let subnet = pool.take() {
            #expect(network.contains(subnet) && subnet.prefixLength == mask && !subnet.hasHostBits)
            #expect(given.insert(subnet).inserted)
        }
        #expect(given.count == count)
        let one = try #require(given.first)
        pool.release(one)
        #expect(pool.take() == one)
    }

    @Test(
        "ranges that cannot be cut are refused",
        arguments: [
            ("10.244.0.0/16", 15), ("10.0.0.0/8", 25), ("fd00::/40", 64), ("10.244.0.0/16", 33),
        ])
    func refused(range: String, mask: Int) { #expect(makePool(range, mask) == nil) }

    @Test("what overlaps a larger network is occupied; what lies outside occupies nothing")
    func occupied() throws {
        var pool = try #require(makePool("10.244.0.0/22", 24))
        pool.occupy(try #require(CIDR("10.244.0.0/23")))
        pool.occupy(try #require(CIDR("10.245.0.0/24")))
        pool.occupy(try #require(CIDR("fd00::/64")))
        #expect(pool.free == 2)
        pool.release(try #require(CIDR("10.244.1.0/24")))
        #expect(pool.free == 3)
    }

    private func cluster(_ ranges: [String], nodes: [JSONValue]) throws -> ClusterUnderTest {
        let cluster = try ClusterUnderTest(runsControllers: false) { configuration in
            configuration.podRanges = ranges.compactMap { CIDR($0) }
        }
        for node in nodes { try cluster.create(.nodes, node) }
        cluster.server.startControllers()
        return cluster
    }

    private func subnets(_ cluster: ClusterUnderTest, _ node: String) -> [String] {
        cluster.object(.nodes, "", node)?.texts("spec", "podCIDRs") ?? []
    }

    @Test("nodes get a subnet of each range; what is there when the controller starts stays and is occupied")
    func assigned() throws {
        var present = Sample.named("present")
        present.set(["podCIDR": "10.244.0.0/24", "podCIDRs": ["10.244.0.0/24", "fd00:244::/64"]], at: "spec")
        let cluster = try cluster(["10.244.0.0/16", "fd00:244::/48"], nodes: [present, Sample.named("waiting")])
        try cluster.run("subnets") { self.subnets(cluster, "waiting").count == 2 }
        #expect(subnets(cluster, "waiting") == ["10.244.1.0/24", "fd00:244:0:1::/64"])
        #expect(cluster.object(.nodes, "", "waiting")?.text("spec", "podCIDR") == "10.244.1.0/24")
        try cluster.create(.nodes, Sample.named("new"))
        try cluster.run("subnets") { self.subnets(cluster, "new").count == 2 }
        #expect(subnets(cluster, "present") == ["10.244.0.0/24", "fd00:244::/64"])
    }

    @Test("a node that finds none free gets that of one that goes")
    func released() throws {
        let cluster = try cluster(["10.244.0.0/23"], nodes: [])
        for name in ["a", "b", "c"] { try cluster.create(.nodes, Sample.named(name)) }
        try cluster.run("subnets") { ["a", "b", "c"].filter { !self.subnets(cluster, $0).isEmpty }.count == 2 }
        let unserved = try #require(["a", "b", "c"].first { subnets(cluster, $0).isEmpty })
        let served = try #require(["a", "b", "c"].first { !subnets(cluster, $0).isEmpty })
        let freed = subnets(cluster, served)
        try cluster.delete(.nodes, "", served)
        try cluster.run("subnet") { !self.subnets(cluster, unserved).isEmpty }
        #expect(subnets(cluster, unserved) == freed)
    }
}
