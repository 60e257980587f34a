internal import Glibc
internal import KubeClient
internal import Lab
internal import Linux
internal import NFTables
internal import NetTypes
internal import ServiceProxy

/// From Services and slices that have been read to the kernel's commit, beside `nft -f` of the layout with a chain and a map
/// for each Service.
struct ProxyBench {
    func run() throws {
        print("## Service proxy\n\n\(describeMachine())\n")
        var table = Table(
            "Services × endpoints", "cold start ms", "nft -f, chains ms", "ratio", "a change, median ms", "p99",
            "its processor time ms", "restart ms", "changes at restart")
        for (services, endpoints, hasReference) in [
            (1_000, 3, true), (5_000, 3, true), (10_000, 3, true), (45_000, 1, false), (5_000, 50, false),
        ] {
            try measure(services, endpoints, hasReference, &table)
        }
        table.print()
    }

    private func measure(_ services: Int, _ endpoints: Int, _ hasReference: Bool, _ table: inout Table) throws {
        let cluster = BenchCluster(services: services, endpoints: endpoints)
        let reference = hasReference ? try loadChains(cluster) : nil
        var removal = Transaction()
        removal.destroy(ProxySet.table)
        var socket = try NFTSocket()
        var conntrack = try Conntrack()
        try socket.commit(removal)

        var index = ServiceIndex()
        var planner = Planner(cluster.node)
        var cold = Sample()
        try cold.time {
            cluster.fill(&index)
            index.plan(with: &planner)
            try socket.commit(planner.start().transaction)
        }

        var change = Sample()
        let spent = clock()
        let rounds = 500
        for round in 0..<rounds {
            try change.time {
                index.set(slice: cluster.key(round % services), cluster.slice(round % services, moved: round + 1))
                index.plan(with: &planner)
                try socket.commit(planner.takeChanges(), &conntrack)
            }
        }
        let processor = Double(clock() - spent) / Double(CLOCKS_PER_SEC) * 1000 / Double(rounds)

        var restart = Sample()
        let writes = try restart.time { () -> Int in
            let installed = try InstalledTable(&socket)
            var index = ServiceIndex()
            var planner = Planner(cluster.node, remembering: installed.slots)
            cluster.fill(&index)
            for round in max(0, rounds - services)..<rounds {
                index.set(slice: cluster.key(round % services), cluster.slice(round % services, moved: round + 1))
            }
            index.plan(with: &planner)
            return installed.changes(to: planner.start()).changes.count
        }
        try socket.commit(removal)
        table.add(
            "\(services) × \(endpoints)", rounded(cold.median), reference.map(rounded) ?? "",
            reference.map { "\(rounded($0 / cold.median))×" } ?? "", rounded(change.median),
            rounded(change.percentile(0.99)), rounded(processor), rounded(restart.median), "\(writes)")
    }

    /// What everybody else loads: for each Service a chain with an anonymous map.
    private func loadChains(_ cluster: BenchCluster) throws -> Double {
        let path = "/run/chains.nft"
        try Files.replace(path, cluster.chains.utf8)
        var sample = Sample()
        try sample.time {
            let output = try Command("/usr/sbin/nft", ["-f", path]).run()
            if output.status != 0 { throw BenchFailure(reason: "nft: \(output.standardError)") }
        }
        _ = try Command("/usr/sbin/nft", ["delete", "table", "ip", "chains"]).run()
        return sample.median
    }
}
