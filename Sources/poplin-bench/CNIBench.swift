internal import Glibc
internal import JSON
internal import Linux
internal import Synchronization

/// What a container runtime waits for: ADD and DEL of pods, by Poplin's plugin and by Debian's reference plugins in the
/// same run, same configuration, whole processes timed from outside.
struct CNIBench {
    let plugins: String
    let reference = "/usr/lib/cni"

    /// With a part's name only that part.
    func run(_ part: String?) throws {
        print("## CNI\n\n\(describeMachine())\n")
        if part == nil || part == "one" { try sequential(pods: 50) }
        if part == nil || part == "parallel" { try parallel(pods: 200, workers: 16) }
        if part == nil || part == "growth" { try growth() }
    }

    /// ADD of all pods, then DEL of all pods, one after another.
    private func sequential(pods count: Int) throws {
        var table = Table(
            "\(count) pods, median of one call", "verb", "poplin ms", "p99", "reference ms", "p99", "ratio")
        for scenario in CNIScenario.all {
            let ours = try measure(scenario.list, plugins, count)
            let theirs = try measure(scenario.reference, reference, count)
            for (verb, a, b) in [("ADD", ours.add, theirs.add), ("DEL", ours.delete, theirs.delete)] {
                table.add(
                    scenario.name, verb, rounded(a.median), rounded(a.percentile(0.99)), rounded(b.median),
                    rounded(b.percentile(0.99)), "\(rounded(b.median / a.median))×")
            }
        }
        table.print()
    }

    private func measure(_ list: JSONValue, _ directory: String, _ count: Int) throws -> (add: Sample, delete: Sample) {
        try awaitTeardown()
        let node = try BenchNode(list: list, plugins: directory)
        let pods = try (0..<count).map { try BenchPod($0) }
        var (add, delete) = (Sample(), Sample())
        for pod in pods { add.add(try node.pluginTime { _ = try node.add(pod) }) }
        for pod in pods { delete.add(try node.pluginTime { try node.delete(pod) }) }
        return (add, delete)
    }

    /// Many runtimes' threads at once: what is the rate, does one fail, does an address come twice?
    private func parallel(pods count: Int, workers: Int) throws {
        var table = Table("\(count) pods, \(workers) at once", "ADD/s", "DEL/s", "failures", "duplicate addresses")
        for scenario in CNIScenario.all {
            try awaitTeardown()
            let node = try BenchNode(list: scenario.list, plugins: plugins)
            let pods = try (0..<count).map { try BenchPod($0) }
            let addresses = Mutex<[String]>([])
            let added = try concurrently(workers, pods) { pod in
                let result = try node.add(pod)
                let found = result["ips"]?.array?.compactMap { $0["address"]?.string } ?? []
                addresses.withLock { $0 += found }
            }
            let deleted = try concurrently(workers, pods) { try node.delete($0) }
            let all = addresses.withLock { $0 }
            table.add(
                scenario.name, rounded(added.rate), rounded(deleted.rate), "\(added.failures + deleted.failures)",
                "\(all.count - Set(all).count)")
        }
        table.print()
    }

    private func concurrently(
        _ workers: Int, _ pods: [BenchPod], _ body: @escaping @Sendable (BenchPod) throws -> Void
    ) throws -> (rate: Double, failures: Int) {
        let next = Atomic<Int>(0)
        let failures = Mutex<[String]>([])
        let clock = ContinuousClock()
        let start = clock.now
        try withThreads(workers) {
            while true {
                let index = next.add(1, ordering: .relaxed).oldValue
                guard index < pods.count else { return }
                do { try body(pods[index]) } catch { failures.withLock { $0.append("\(error)") } }
            }
        }
        let elapsed = (clock.now - start) / .seconds(1)
        for failure in failures.withLock({ $0 }).prefix(3) { print("failure: \(failure)") }
        return (Double(pods.count) / elapsed, failures.withLock { $0.count })
    }

    /// Does a call cost more when many pods and reservations are there already?
    private func growth() throws {
        var table = Table("poplin, what is there already", "ADD ms", "of it the kernel's links", "DEL ms")
        let node = try BenchNode(list: CNIScenario.full, plugins: plugins)
        var living: [BenchPod] = []
        for size in [10, 100, 1_000] {
            while living.count < size {
                living.append(try BenchPod(living.count))
                _ = try living.last.map { try node.add($0) }
            }
            try probe(node, "\(size) pods", &table)
        }
        for pod in living { try node.delete(pod) }
        living = []
        try reserve(20_000)
        try probe(node, "20,000 reservations", &table)
        table.print()
    }

    private func probe(_ node: BenchNode, _ label: String, _ table: inout Table) throws {
        try awaitTeardown()
        // A bridge takes 1,023 ports, and each pod of these takes two.
        let pods = try (0..<10).map { try BenchPod(30_000 + $0) }
        let cost = LinkCost(node)
        var (kernel, add, delete) = (Sample(), Sample(), Sample())
        // In turn, so that both find the processor's caches as a new process finds them, and each when the announcement of
        // the one before is over, which goes on after the plugin.
        for pod in pods {
            usleep(50_000)
            try cost.measure(pod, &kernel)
            add.add(try node.pluginTime { _ = try node.add(pod) })
        }
        for pod in pods { try cost.remove(pod) }
        try awaitTeardown()
        for pod in pods { delete.add(try node.pluginTime { try node.delete(pod) }) }
        table.add(label, rounded(add.median), rounded(kernel.median), rounded(delete.median))
    }

    /// Reservations as the reference host-local leaves them, from 10.87.100.0 upwards.
    private func reserve(_ count: Int) throws {
        for number in 0..<count {
            let address = 100 << 8 + number
            let path = "/var/lib/cni/networks/bench/10.87.\(address >> 8).\(address & 255)"
            try Files.replace(path, "other\(number)\r\neth0".utf8)
        }
    }
}
