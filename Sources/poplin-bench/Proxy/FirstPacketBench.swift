internal import Lab
internal import NFTables
internal import NetTypes
internal import ServiceProxy

/// What the first packet of a flow costs in the kernel, from a pod through its node: with no rules at all, with nothing but
/// connection tracking, and with so many Services.
struct FirstPacketBench {
    private static let flows = 20_000
    private static let rounds = 7
    private static let tracking = NFTables.Table(.inet, "tracking")

    func run() throws {
        print("## First packet of a flow\n\n\(describeMachine())\n")
        var packets = try FirstPackets()
        let cases: [(String, BenchCluster?)] = [
            ("no rules", nil), ("connection tracking and nothing else", nil),
            ("1 Service × 3", BenchCluster(services: 1, endpoints: 3, transport: .udp)),
            ("1,000 × 3", BenchCluster(services: 1_000, endpoints: 3, transport: .udp)),
            ("10,000 × 3", BenchCluster(services: 10_000, endpoints: 3, transport: .udp)),
            ("1 × 500", BenchCluster(services: 1, endpoints: 500, transport: .udp)),
            ("1 × 500, ClientIP", BenchCluster(services: 1, endpoints: 500, transport: .udp, affinitySeconds: 10_800)),
        ]
        var samples = Array(repeating: Sample(), count: cases.count)
        for _ in 0..<Self.rounds {
            for (place, (_, cluster)) in cases.enumerated() {
                let cost = try measure(cluster, isTracking: place > 0, &packets)
                samples[place].add(.nanoseconds(Int(cost)))
            }
        }
        var table = Table("rules", "µs", "ratio to connection tracking")
        let base = samples[1].median
        for (sample, (name, _)) in zip(samples, cases) {
            table.add(name, rounded(sample.median * 1000), "\(rounded(sample.median / base))×")
        }
        table.print()
    }

    private func measure(
        _ cluster: BenchCluster?, isTracking: Bool, _ packets: inout FirstPackets
    ) throws -> Double {
        var socket = try NFTSocket()
        var transaction = Transaction()
        transaction.destroy(Self.tracking)
        transaction.destroy(ProxySet.table)
        var destinations = (0..<10_000).map { IPAddress.v4(IPv4Address(rawValue: 10 << 24 | 128 << 16 | $0 + 1)) }
        if let cluster {
            var index = ServiceIndex()
            var planner = Planner(cluster.node)
            cluster.fill(&index)
            index.plan(with: &planner)
            transaction.append(planner.start().transaction)
            destinations = (0..<cluster.services).flatMap { cluster.service($0).clusterIPs }
        } else if isTracking {
            let chain = Chain(Self.tracking, "in", .init(.filter, .prerouting, .filter))
            transaction.create(Self.tracking)
            transaction.create(chain)
            transaction.add(Rule(chain, [.ctState(.new), .accept]))
        }
        try socket.commit(transaction)
        _ = try packets.measure(destinations, port: 80, flows: 2_000)
        return try packets.measure(destinations, port: 80, flows: Self.flows)
    }
}
