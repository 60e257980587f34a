import NetTypes
import Testing

@testable import ControlPlane

@Suite struct AllocationRangeTests {
    @Test(
        "the bands of an address range",
        arguments: [
            ("10.96.0.0/24", "10.96.0.1", "10.96.0.254", 16),
            ("10.96.0.0/20", "10.96.0.1", "10.96.15.254", 256),
            ("10.96.0.0/16", "10.96.0.1", "10.96.255.254", 256),
            ("10.96.0.0/28", "10.96.0.1", "10.96.0.14", 0),
            ("fd00::/112", "fd00::1", "fd00::ffff", 256),
            ("fd00::/64", "fd00::1", "fd00::ffff:ffff:ffff:ffff", 256),
            ("fd00::/120", "fd00::1", "fd00::ff", 16),
        ])
    func bands(cidr: String, first: String, last: String, lower: Int) throws {
        let range = try #require(CIDR(cidr).flatMap { AddressRange($0) })
        #expect(range.first.description == first)
        #expect(IPAddress(family: range.cidr.family, value: range.usable.upperBound).description == last)
        #expect(range.lowerBand == UInt128(lower))
    }

    @Test("addresses are drawn from the upper band first, then the lower, each once, until the range is full")
    func drawAddresses() throws {
        let range = try #require(CIDR("10.96.0.0/24").flatMap { AddressRange($0) })
        var taken: Set<IPAddress> = []
        var generator = SystemRandomNumberGenerator()
        var order: [UInt128] = []
        while let address = range.draw(using: &generator, isTaken: taken.contains) {
            #expect(taken.insert(address).inserted)
            order.append(address.value - range.cidr.first.value)
        }
        #expect(order.count == 254)
        #expect(order.prefix(238).allSatisfy { $0 > 16 })
        #expect(order.suffix(16).allSatisfy { (1...16).contains($0) })
    }

    @Test("node ports: the lower 86 of 2768 come last")
    func drawPorts() {
        let range = NodePortRange.standard
        #expect(range.lowerBand == 86)
        #expect(NodePortRange(30000...30009).lowerBand == 0)
        var taken: Set<Int> = []
        var generator = SystemRandomNumberGenerator()
        var order: [Int] = []
        while let port = range.draw(using: &generator, isTaken: taken.contains) {
            taken.insert(port)
            order.append(port)
        }
        #expect(order.count == 2768)
        #expect(order.prefix(2768 - 86).allSatisfy { $0 >= 30086 })
    }
}

@Suite struct NodePortPlanTests {
    private func lb(_ ports: [ServiceNetworking.Port], policy: String = "Cluster", check: Int = 0) -> ServiceNetworking
    {
        ServiceNetworking(
            type: .loadBalancer, ports: ports, healthCheckNodePort: check, externalTrafficPolicy: policy)
    }

    @Test("ports of one number share a node port; the health check gets its own")
    func create() {
        let service = lb(
            [.init(name: "dns", transport: "UDP", port: 53), .init(name: "dns-tcp", port: 53, nodePort: 30053)],
            policy: "Local")
        let plan = NodePortPlan(service, old: nil)
        #expect(
            plan.claims == [
                .init(target: .ports([0, 1]), requested: 30053), .init(target: .healthCheck, requested: nil),
            ])
    }

    @Test("a load balancer without node ports still gets those that it asks for")
    func withoutAllocation() {
        var service = lb([.init(name: "a", port: 80), .init(name: "b", port: 81, nodePort: 30081)])
        service.allocateLoadBalancerNodePorts = false
        #expect(NodePortPlan(service, old: nil).claims == [.init(target: .ports([1]), requested: 30081)])
    }

    @Test("an update claims what is new and releases what is gone")
    func update() {
        let old = lb(
            [.init(name: "a", port: 80, nodePort: 30080), .init(name: "b", port: 81, nodePort: 30081)],
            policy: "Local", check: 30100)
        let new = lb([.init(name: "a", port: 80, nodePort: 30080), .init(name: "c", port: 82)])
        let plan = NodePortPlan(new, old: old)
        #expect(plan.claims == [.init(target: .ports([1]), requested: nil)])
        #expect(plan.releases == [30081, 30100])

        let gone = NodePortPlan(ServiceNetworking(ports: [.init(name: "a", port: 80)]), old: old)
        #expect(gone.claims.isEmpty)
        #expect(gone.releases == [30080, 30081, 30100])
    }
}
