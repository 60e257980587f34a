import Glibc
import HTTP
import JSON
import Lab
import Linux
import NetTypes
import Netlink
import Overlay
import Store
import TestSupport

/// A node with the real daemon, and etcd beside it in the same namespace. Everything ends with the value.
final class LiveNode {
    let node: Node
    let directory: TemporaryDirectory
    private var daemon: Int32?
    private var etcd: [UInt16: Int32] = [:]
    /// The flags that choose the underlay.
    var selection = ["--iface=eth0"]
    /// How the tests talk to etcd.
    var client = EtcdConfiguration(endpoints: ["http://127.0.0.1:2379"])

    /// Our own subnet is one after 10.5.200.0, out of the way of the samples.
    static func config(_ backend: String, network: String = "10.5.0.0/16", first: String = "10.5.200.0") -> String {
        #"{"Network":"\#(network)","SubnetMin":"\#(first)","Backend":{\#(backend)}}"#
    }
    static let vxlan = config(#""Type":"vxlan""#)
    static let prefix = "/coreos.com/network"
    static let healthPort: UInt16 = 8081

    init() throws {
        node = try Node()
        directory = try TemporaryDirectory()
    }

    /// With an etcd that holds the configuration, and the daemon ready.
    convenience init(config: String, leases: [Lease] = [], _ flags: String...) throws {
        try self.init()
        try startEtcd()
        try put("config", config)
        for lease in leases { try put(lease) }
        try startDaemon(flags)
        try waitUntilReady()
    }

    var place: Place { Place(network: node.namespace.path) }
    var stateDirectory: String { directory.file("state") }
    var subnetFile: String { directory.file("run/subnet.env") }
    var log: String { (try? Files.readText(directory.file("daemon.log"))) ?? "" }

    /// Like `TestSupport.eventually`, and a failure shows the end of the daemon's log.
    func eventually(_ what: String, within limit: Duration = .seconds(20), _ condition: () throws -> Bool) throws {
        do {
            try TestSupport.eventually(what, within: limit, condition)
        } catch let error as DeadlineExceeded {
            let tail = log.split(separator: "\n").suffix(15).joined(separator: "\n")
            throw DeadlineExceeded(description: "\(error)\n\(tail)")
        }
    }

    // MARK: Tools

    @discardableResult
    func nft(_ words: String) throws -> String { try tool("nft", words) }
    @discardableResult
    func ip(_ words: String) throws -> String { try tool("ip", words) }
    @discardableResult
    func bridge(_ words: String) throws -> String { try tool("bridge", words) }

    @discardableResult
    func etcdctl(_ words: String) throws -> String { try tool("etcdctl", words, ["ETCDCTL_API": "3"]) }

    private func tool(_ name: String, _ words: String, _ environment: [String: String] = [:]) throws -> String {
        let path = Program.path(of: name) ?? name
        let output = try run(path, words.split(separator: " ").map(String.init), environment)
        if output.status != 0 { throw DeadlineExceeded(description: "\(name) \(words): \(output.standardError)") }
        return output.standardOutput
    }

    func ruleset() throws -> String { try nft("list ruleset") }

    /// Our table as nft prints it; empty when it is not there.
    func rules() throws -> String {
        guard try nft("list tables").contains("table inet poplin-overlay\n") else { return "" }
        return (try? nft("list table inet poplin-overlay")) ?? ""
    }

    // MARK: etcd

    func startEtcd(_ arguments: [String] = [], port: UInt16 = 2379, scheme: String = "http") throws {
        let (client, peer) = ("\(scheme)://127.0.0.1:\(port)", "http://127.0.0.1:\(port + 1)")
        let path = Program.path(of: "etcd") ?? "/usr/bin/etcd"
        let command = Command(
            path,
            [
                "--name", "one", "--data-dir", directory.file("etcd\(port)"), "--unsafe-no-fsync", "--logger", "zap",
                "--log-level", "error", "--listen-client-urls", client, "--advertise-client-urls", client,
                "--listen-peer-urls", peer, "--initial-advertise-peer-urls", peer, "--initial-cluster", "one=\(peer)",
                "--heartbeat-interval", "10", "--election-timeout", "100",
            ] + arguments)
        etcd[port] = try command.start(in: place, log: directory.file("etcd.log"))
        var probe = Probe(from: node.namespace.path, to: .v4(IPv4Address(127, 0, 0, 1)))
        probe.port = port
        try eventually("etcd listens") { probe.connects(port: port) }
    }

    /// Ends it as a power cut does.
    func killEtcd(port: UInt16 = 2379) throws {
        guard let pid = etcd[port] else { return }
        ProcessTable.end(pid, in: try node.namespace.namespace.identity, with: SIGKILL)
        etcd[port] = nil
    }

    /// It keeps its connections and answers nothing.
    func hangEtcd() throws { for pid in etcd.values { try check("stop", "etcd") { kill(pid, SIGSTOP) } } }
    func wakeEtcd() throws { for pid in etcd.values { try check("resume", "etcd") { kill(pid, SIGCONT) } } }

    func wipeEtcd(port: UInt16 = 2379) throws { try Files.removeTree(directory.file("etcd\(port)")) }

    /// Runs the calls from inside of the namespace, again until etcd has elected itself.
    func withStore<Result>(_ body: (EtcdClient) throws -> Result) throws -> Result {
        try node.namespace.run { () throws -> Result in
            let client = try EtcdClient(client)
            var result: Result?
            try eventually("etcd answers") {
                do {
                    result = try body(client)
                } catch let error as StoreError where error.kind == .unavailable {
                    return false
                }
                return true
            }
            guard let result else { throw DeadlineExceeded(description: "etcd does not answer") }
            return result
        }
    }

    func put(_ key: String, _ value: String) throws {
        _ = try withStore { try $0.put("\(Self.prefix)/\(key)", Array(value.utf8)) }
    }

    func put(_ lease: Lease) throws { try put("subnets/\(lease.subnet)", lease.attributes.json) }

    func delete(_ key: String) throws { _ = try withStore { try $0.delete(.key("\(Self.prefix)/\(key)")) } }

    func value(_ key: String) throws -> String? { try withStore { try $0.get("\(Self.prefix)/\(key)")?.text } }

    func leaseKeys() throws -> [String] {
        let prefix = "\(Self.prefix)/subnets/"
        return try withStore { try $0.range(.prefix(prefix)).keyValues.map { String($0.key.dropFirst(prefix.count)) } }
    }

    // MARK: The daemon

    private var flags: [String] {
        [
            "--etcd-endpoints=\(client.endpoints.joined(separator: ","))", "--ip-masq",
            "--state-dir=\(stateDirectory)", "--subnet-file=\(subnetFile)", "--healthz-ip=127.0.0.1",
            "--healthz-port=\(Self.healthPort)", "--log-level=debug",
        ] + selection
    }

    private func command(_ words: [String], _ environment: [String: String] = [:]) throws -> Command {
        Command(try Programs().poplin, words, environment: environment)
    }

    func startDaemon(_ more: [String] = [], environment: [String: String] = [:]) throws {
        daemon = try command(["overlay"] + flags + more, environment).start(
            in: place, log: directory.file("daemon.log"))
    }

    /// Sends the signal, and gives the exit status as `Command` does.
    @discardableResult
    func stopDaemon(_ signal: Int32 = SIGTERM) throws -> Int32 {
        guard let pid = daemon else { return 0 }
        _ = kill(pid, signal)
        return try waitForDaemonsEnd()
    }

    func waitForDaemonsEnd() throws -> Int32 {
        guard let pid = daemon else { return 0 }
        var status: Int32 = 0
        try eventually("the daemon ends") { waitpid(pid, &status, WNOHANG) == pid }
        daemon = nil
        return status & 0x7F == 0 ? status >> 8 & 0xFF : 128 + status & 0x7F
    }

    /// The daemon stops running, and so reading, until `resumeDaemon`.
    func pauseDaemon() throws { if let daemon { try check("stop", "the daemon") { kill(daemon, SIGSTOP) } } }
    func resumeDaemon() throws { if let daemon { try check("resume", "the daemon") { kill(daemon, SIGCONT) } } }

    func hasDaemonEnded() -> Bool { daemon.map { kill($0, 0) != 0 } ?? true }

    /// Runs another subcommand to its end, such as `check overlay`.
    func poplin(_ words: [String], _ more: [String] = []) throws -> Command.Output {
        try command(words + flags + more).run(in: place)
    }

    /// Runs a program in the node's namespace.
    func run(_ path: String, _ words: [String], _ environment: [String: String] = [:], input: String = "") throws
        -> Command.Output
    {
        try Command(path, words, environment: environment).run(in: place, input: input)
    }

    /// The body of the answer, and whether it was a good one.
    func ask(_ path: String) -> (isGood: Bool, body: String)? {
        var probe = Probe(from: node.namespace.path, to: .v4(IPv4Address(127, 0, 0, 1)))
        probe.port = Self.healthPort
        probe.patience = .seconds(10)
        guard let answer = try? probe.get(path), let end = answer.range(ofBlankLine: ()) else { return nil }
        return (answer.hasPrefix("HTTP/1.1 200"), String(answer[end...]))
    }

    var isReady: Bool { ask("/readyz")?.isGood ?? false }

    func status() throws -> JSONValue { try JSONValue.parse((ask("/status")?.body ?? "null").utf8) }

    /// What /status says is wrong with the peer; nil when it does not know the peer.
    func problems(of subnet: String) throws -> String? {
        let peer = try status()["peers"]?.array?.first { $0["subnet"]?.string == subnet }
        return peer.map { ($0["problems"]?.array ?? []).compactMap(\.string).joined(separator: "; ") }
    }

    func waitUntilReady() throws {
        try eventually("the daemon is ready") {
            if hasDaemonEnded() { throw DeadlineExceeded(description: "the daemon ended:\n\(log)") }
            return isReady
        }
    }

    /// The subnets that the kernel has a route of the overlay to.
    func routed() throws -> Set<CIDR> { Set(try node.podRoutes().filter { $0.value.gateway != nil }.keys) }

    func waitForRoutes(to nodes: [Int], _ what: String = "the routes are there") throws {
        let wanted = Set(nodes.flatMap { Samples.subnet($0).subnets })
        try eventually("\(what) to nodes \(nodes)") { try routed() == wanted }
    }
}

extension String {
    /// Where the body of an HTTP message begins.
    fileprivate func range(ofBlankLine: Void) -> String.Index? {
        let bytes = Array("\r\n\r\n".utf8)
        var index = utf8.startIndex
        while index < utf8.endIndex {
            if utf8[index...].starts(with: bytes) { return utf8.index(index, offsetBy: 4) }
            index = utf8.index(after: index)
        }
        return nil
    }
}
