import NFTables
import NetTypes
import ServiceProxy
import Testing

@Suite struct MaglevTableTests {
    private func slots(_ count: Int, _ weights: [(String, Int)] = [], without gone: Int? = nil) -> [Destination] {
        var service = ServiceObject()
        service.clusterIPs = [address("10.96.0.1")]
        service.ports = [.init(80)]
        service.scheduling = .sourceHash
        service.weights = weights.compactMap { text, share in CIDR(text).map { Weight($0, share) } }
        var slice = EndpointSliceObject()
        slice.service = "web"
        slice.ports = [.init(8080)]
        slice.endpoints = (0..<count).filter { $0 != gone }.map { .init(address("10.30.\($0 / 200).\($0 % 200 + 1)")) }
        let name = ServicePortName("default", "web")
        var planner = Planner(NodeView("here"))
        planner.set(
            PortKey(name, .v4), ServicePort(service, service.ports[0], .v4), Endpoint.merged([slice], for: name, .v4))
        let elements = planner.start().elements[ProxySet.endpoints.set(.v4)].map(Array.init)
        let pairs = (elements ?? []).compactMap { element -> (UInt32, Destination)? in
            guard case .mark(let slot)? = element.key.last, case .data(let value)? = element.value,
                case .ipv4(let address) = value[0], case .port(let port) = value[1]
            else { return nil }
            return (slot, Destination(.v4(address), port))
        }
        return pairs.sorted { $0.0 < $1.0 }.map(\.1)
    }

    private func shares(_ slots: [Destination]) -> [Destination: Int] {
        slots.reduce(into: [:]) { $0[$1, default: 0] += 1 }
    }

    @Test("every endpoint has as many slots as every other, but for one", arguments: [2, 3, 10, 50, 200])
    func isEven(_ count: Int) {
        let shares = shares(slots(count))
        #expect(shares.count == count)
        #expect((shares.values.max() ?? 0) - (shares.values.min() ?? 0) <= 1, "\(shares)")
    }

    @Test("one that goes moves hardly any slot but its own", arguments: [3, 10, 50])
    func isStable(_ count: Int) {
        let before = slots(count)
        let after = slots(count, without: 1)
        #expect(before.count == after.count)
        let lost = address("10.30.0.2")
        let moved = zip(before, after).filter { $0 != $1 && $0.address != lost }.count
        // The paper's own table moves 1 to 3 in a hundred.
        #expect(moved * 100 <= before.count * 12, "\(moved) of \(before.count)")
    }

    @Test("shares are as the weights say")
    func weights() {
        let shares = shares(slots(3, [("10.30.0.1/32", 3), ("10.30.0.0/24", 1), ("10.30.0.3/32", 0)]))
        let total = shares.values.reduce(0, +)
        #expect(shares[Destination(address("10.30.0.3"), 8080)] == nil)
        let first = shares[Destination(address("10.30.0.1"), 8080)] ?? 0
        #expect(abs(first * 4 - total * 3) <= 4, "\(first) of \(total)")
        #expect(self.shares(slots(2, [("10.30.0.0/24", 0)])).count == 2, "when all have 0 all serve")
    }
}
