internal import Glibc
internal import Lab
internal import Linux
internal import NetTypes
internal import Netlink
internal import Overlay
internal import Store

/// The overlay daemon on one node of a cluster of 1,000: a real etcd, the real daemon, and the kernel's own events to say
/// when an entry stands. The whole process must be in the sandbox.
final class OverlayBench {
    private let program: String
    private let here: NamespaceIdentity
    private let store: EtcdClient
    private let events: KernelEvents
    private let peers = 1_000
    private let clock = ContinuousClock()

    init(program: String) throws {
        self.program = program
        here = try NetworkNamespace.current().identity
        try makeUnderlay()
        events = try KernelEvents()
        let url = "http://127.0.0.1:2379"
        _ = try Command(
            "/usr/bin/etcd",
            [
                "--data-dir=/run/etcd", "--unsafe-no-fsync", "--log-level=error", "--listen-client-urls=\(url)",
                "--advertise-client-urls=\(url)", "--listen-peer-urls=http://127.0.0.1:2380",
            ]
        ).start(log: "/run/etcd.log")
        store = try EtcdClient(EtcdConfiguration(endpoints: [url]))
    }

    deinit { ProcessTable.killAll(in: [here]) }

    func run() throws {
        print("## Overlay, \(peers) peers, vxlan\n\n\(describeMachine())\n")
        try fillStore()
        var table = Table("what", "poplin", "beside it")
        let start = clock.now
        var daemon = try startDaemon()
        try events.await(routes: peers)
        let started = milliseconds(clock.now - start)
        let (total, put) = try changes(200)
        let busyMemory = try residentMemory(daemon)
        // The daemon writes its cache two seconds after changes, and then gives back what it does not need.
        usleep(3_000_000)
        let memory = try residentMemory(daemon)
        ProcessTable.end(daemon, in: here)
        _ = try events.countUntilQuiet(.seconds(2))
        daemon = try startDaemon()
        let restarted = try events.countUntilQuiet(.seconds(2))
        ProcessTable.end(daemon, in: here)
        let batches = try iproute2()

        table.add(
            "process start to the last of \(3 * peers) entries", "\(rounded(started)) ms",
            "iproute2's batches of the same entries, list at hand: \(rounded(batches)) ms")
        table.add(
            "a lease put into etcd to its route", "\(rounded(total.median)) ms, p99 \(rounded(total.percentile(0.99)))",
            "the put alone, as the writer sees it: \(rounded(put.median)) ms")
        table.add("resident memory with \(peers + 200) peers", memory, "while they change: \(busyMemory)")
        table.add("kernel changes at a restart with nothing new", "\(restarted)", "")
        table.print()
    }

    private func startDaemon() throws -> Int32 {
        try Command(program, ["overlay", "--etcd-endpoints=http://127.0.0.1:2379", "--iface=under0", "--ip-masq"])
            .start(log: "/run/poplin.log")
    }

    private func fillStore() throws {
        let config = #"{"Network":"10.128.0.0/10","SubnetLen":24,"Backend":{"Type":"vxlan"}}"#
        try untilStoreAnswers { try store.put("/coreos.com/network/config", Array(config.utf8)) }
        let lease = try store.grantLease(seconds: 86_400).id
        for number in 0..<peers { try store.put(BenchPeer(number).key, BenchPeer(number).lease, lease: lease) }
    }

    /// etcd takes a moment to start.
    private func untilStoreAnswers(_ body: () throws -> Revision) throws {
        let deadline = clock.now + .seconds(10)
        while true {
            let outcome = Result { try body() }
            if clock.now > deadline { _ = try outcome.get() }
            if case .success = outcome { return }
            usleep(20_000)
        }
    }

    /// New peers, one at a time, each after the one before stands.
    private func changes(_ count: Int) throws -> (total: Sample, put: Sample) {
        var (total, put) = (Sample(), Sample())
        for number in peers..<peers + count {
            let start = clock.now
            _ = try put.time { try store.put(BenchPeer(number).key, BenchPeer(number).lease) }
            try events.await(routes: 1)
            total.add(clock.now - start)
        }
        return (total, put)
    }

    private func residentMemory(_ process: Int32) throws -> String {
        let status = try Files.readText("/proc/\(process)/status").split(separator: "\n")
        func figure(_ key: String) -> Double {
            let line = status.first { $0.hasPrefix(key) } ?? ""
            return
                (line.split(whereSeparator: { $0 == " " || $0 == "\t" }).dropFirst().first.flatMap { Double($0) } ?? 0)
                / 1024
        }
        return "\(rounded(figure("VmRSS:"))) MiB (\(rounded(figure("RssAnon:"))) its own, the rest files)"
    }

    /// What `ip -batch` and `bridge -batch` take for the same entries on a device of their own.
    private func iproute2() throws -> Double {
        let all = (0..<peers).map { BenchPeer($0) }
        let neighbours = all.map { "neigh replace \($0.vtep) lladdr \($0.mac) dev bench9 nud permanent" }
        let entries = all.map { "fdb replace \($0.mac) dev bench9 dst \($0.underlay) self permanent" }
        let routes = all.map { "route replace \($0.subnet) via \($0.vtep) dev bench9 onlink metric 9" }
        try Files.replace("/run/neighbours", neighbours.joined(separator: "\n").utf8)
        try Files.replace("/run/entries", entries.joined(separator: "\n").utf8)
        try Files.replace("/run/routes", routes.joined(separator: "\n").utf8)
        for words in ["link add bench9 type vxlan id 9 dstport 8479 dev under0 nolearning", "link set bench9 up"] {
            _ = try Command("/sbin/ip", words.split(separator: " ").map(String.init)).run()
        }
        let start = clock.now
        for (tool, file) in [("ip", "neighbours"), ("bridge", "entries"), ("ip", "routes")] {
            let output = try Command("/sbin/\(tool)", ["-batch", "/run/\(file)"]).run()
            if output.status != 0 { throw SystemError("run", "\(tool) -batch: \(output.standardError)", .invalid) }
        }
        return milliseconds(clock.now - start)
    }
}

/// A peer of the cluster: numbers become subnets, addresses and leases.
private struct BenchPeer {
    let number: Int

    init(_ number: Int) { self.number = number }

    var subnet: String { "10.\(129 + number >> 8).\(number & 255).0/24" }
    var vtep: String { "10.\(129 + number >> 8).\(number & 255).0" }
    var mac: MACAddress { MACAddress(rawValue: 0x0200_0000_0000 + UInt64(number)) }
    var underlay: IPv4Address { IPv4Address(172, 31, UInt8(10 + number >> 8), UInt8(number & 255)) }
    var key: String { "/coreos.com/network/subnets/\(vtep)-24" }

    var lease: [UInt8] {
        Array(
            #"{"PublicIP":"\#(underlay)","PublicIPv6":null,"BackendType":"vxlan","BackendData":{"VNI":1,"VtepMAC":"\#(mac)"}}"#
                .utf8)
    }
}
