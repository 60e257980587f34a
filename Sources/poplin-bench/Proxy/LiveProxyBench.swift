internal import Daemon
internal import Glibc
internal import HTTP
internal import JSON
internal import KubeClient
internal import Lab
internal import Linux
internal import NFTables
internal import NetTypes
internal import ServiceProxy

/// The daemon itself beside a server with 10,000 Services × 3 endpoints: its start, its memory, and what a change takes from
/// the request that makes it to the kernel's commit.
final class LiveProxyBench {
    private static let services = 10_000
    private static let metrics = "127.0.0.1:10249"

    private let program: String
    private let directory = "/run/poplin-bench-proxy"
    private let loop: EventLoop
    private var monitor: NFTMonitor
    private var proxy: pid_t = 0
    private var onCommit: () -> Void = {}

    init(program: String) throws {
        self.program = program
        loop = try EventLoop()
        monitor = try NFTMonitor(receiveSpace: 256 << 20)
    }

    deinit { if proxy > 0 { kill(proxy, SIGKILL) } }

    func run() throws {
        print("## The daemon, 10,000 Services × 3\n\n\(describeMachine())\n")
        let server = try BenchServer(program: program, directory: directory, port: 6443)
        try server.start()
        try server.waitUntilReady()
        var options = APIClient.Options()
        (options.requestsPerSecond, options.burst) = (1e9, 1 << 30)
        let client = try APIClient(Kubeconfig(file: server.kubeconfig).access(), loop, options: options)
        try fill(client)
        try loop.watch(monitor.descriptor) { [unowned self] _ in
            do {
                for event in try monitor.receive() {
                    switch event {
                    case .committed: onCommit()
                    case .overrun: print("events were lost")
                    case .changed: continue
                    }
                }
            } catch { print("\(error)") }
        }
        var table = Table("what", "measured", "")
        let start = try startProxy()
        table.add("process start to ready, nothing there yet", rounded(start), "ms")
        table.add("resident memory", "\(rounded(memory("VmRSS"))), at most \(rounded(memory("VmHWM")))", "MiB")
        try measureChanges(client, &table)
        try measureChurn(client, &table)
        table.add("resident memory after it", "\(rounded(memory("VmRSS"))), at most \(rounded(memory("VmHWM")))", "MiB")
        try stopProxy()
        let generation = try Self.generation()
        table.add("restart, nothing changed: process start to ready", rounded(try startProxy()), "ms")
        table.add("its changes of the kernel", "\(try Self.generation() &- generation)", "")
        table.add("resident memory", "\(rounded(memory("VmRSS"))), at most \(rounded(memory("VmHWM")))", "MiB")
        try stopProxy()
        try server.stop()
        table.print()
    }

    private static func generation() throws -> UInt32 {
        var socket = try NFTSocket()
        return try socket.generation()
    }

    // MARK: The daemon

    /// Milliseconds until its rules are there.
    private func startProxy() throws -> Double {
        let log = try FileDescriptor.open("\(directory)/proxy.log", O_WRONLY | O_CREAT | O_APPEND, mode: 0o600)
        let none = try FileDescriptor.open("/dev/null", O_RDWR)
        var sample = Sample()
        let before = starts
        try sample.time {
            proxy = try ChildProcess.start(
                [
                    program, "proxy", "--kubeconfig=\(directory)/pki/admin.kubeconfig", "--hostname-override=node-0",
                    "--proxy-mode=nftables", "--cluster-cidr=10.128.0.0/12", "--metrics-bind-address=\(Self.metrics)",
                    "--healthz-bind-address=127.0.0.1:10256",
                ], environment: Environment.lines, descriptors: [none.rawValue, none.rawValue, log.rawValue])
            let deadline = MonotonicTime.now + .seconds(60)
            while starts == before {
                if MonotonicTime.now > deadline { throw BenchFailure(reason: "the proxy is not ready") }
                usleep(2000)
            }
        }
        // What the kernel tells of the start is not about a change; and by then what only the start needed is given back.
        loop.after(.seconds(4)) { [loop] in loop.stop() }
        try loop.run()
        return sample.median
    }

    /// How often it has said that its rules are there.
    private var starts: Int {
        ((try? Files.readText("\(directory)/proxy.log")) ?? "").split(separator: "\n").count {
            $0.contains("event=ready")
        }
    }

    private func stopProxy() throws {
        kill(proxy, SIGTERM)
        _ = try ChildProcess.wait(for: proxy)
        proxy = 0
    }

    private func get(_ url: String) throws -> HTTPClientResponse? {
        try? HTTPClient().send(HTTPClientRequest("GET", url), timeout: .seconds(5))
    }

    /// MiB, of `/proc/PID/status`.
    private func memory(_ field: String) -> Double {
        let status = (try? Files.readText("/proc/\(proxy)/status")) ?? ""
        let line = status.split(separator: "\n").first { $0.hasPrefix(field) } ?? ""
        return Double(line.split(whereSeparator: { $0 == " " || $0 == "\t" }).dropFirst().first ?? "0").map {
            $0 / 1024
        }
            ?? 0
    }

    /// Seconds on a processor.
    private var processorTime: Double {
        let threads = (try? Files.list("/proc/\(proxy)/task")) ?? []
        return threads.reduce(0) { total, thread in
            let text = (try? Files.readText("/proc/\(proxy)/task/\(thread)/schedstat")) ?? ""
            return total + (text.split(separator: " ").first.flatMap { Double($0) } ?? 0) / 1e9
        }
    }

    // MARK: Changes

    /// One at a time, each when the one before is in the kernel and a while has passed.
    private func measureChanges(_ client: APIClient, _ table: inout Table) throws {
        var (answered, committed) = (Sample(), Sample())
        let spent = processorTime
        var failure: (any Error)?
        for round in 0..<300 {
            let begin = MonotonicTime.now
            var left = 2
            func arrive() {
                left -= 1
                if left == 0 { loop.stop() }
            }
            onCommit = {
                committed.add(MonotonicTime.now - begin)
                self.onCommit = {}
                arrive()
            }
            client.send(update(round * 33 % Self.services, moved: round + 1)) { [loop] result in
                if case .failure(let error) = result {
                    failure = error
                    return loop.stop()
                }
                answered.add(MonotonicTime.now - begin)
                arrive()
            }
            try loop.run()
            if let failure { throw failure }
            loop.after(.milliseconds(3)) { [loop] in loop.stop() }
            try loop.run()
        }
        onCommit = {}
        let cost = (processorTime - spent) / 300 * 1000
        func text(_ sample: Sample) -> String { "\(rounded(sample.median)), p99 \(rounded(sample.percentile(0.99)))" }
        table.add("a slice is sent to the server, to the commit in the kernel", text(committed), "ms")
        table.add("the same, to the server's answer, beside it", text(answered), "ms")
        table.add("the proxy's processor time for a change", rounded(cost), "ms")
    }

    /// A thousand a second for a minute.
    private func measureChurn(_ client: APIClient, _ table: inout Table) throws {
        let before = try buckets()
        let spent = processorTime
        var (sent, done, commits) = (0, 0, 0)
        onCommit = { commits += 1 }
        let begin = MonotonicTime.now
        let timer = loop.every(.milliseconds(5)) { [unowned self] in
            let due = min(60_000, Int((MonotonicTime.now - begin).seconds * 1000))
            while sent < due {
                sent += 1
                client.send(update(sent * 7 % Self.services, moved: sent)) { _ in
                    done += 1
                    if done == 60_000 { self.loop.stop() }
                }
            }
        }
        try loop.run()
        loop.cancel(timer)
        let seconds = (MonotonicTime.now - begin).seconds
        let busy = (processorTime - spent) / seconds
        onCommit = {}
        let after = try buckets()
        let counts = zip(before, after).map { ($1.bound, $1.count - $0.count) }
        let total = counts.last?.1 ?? 0
        let p99 = counts.first { $0.1 >= total * 0.99 }?.0 ?? "?"
        table.add(
            "\(rounded(Double(done) / seconds)) changes a second for a minute: 99 of 100 in the kernel within",
            "\(p99) s", "of being heard of")
        table.add("transactions of that minute", "\(commits)", "")
        table.add("the proxy's share of a processor", rounded(busy * 100), "%")
    }

    /// Cumulative counts of the time from a change's being heard of to its commit.
    private func buckets() throws -> [(bound: String, count: Double)] {
        let text = try get("http://\(Self.metrics)/metrics").map { String(decoding: $0.body, as: UTF8.self) } ?? ""
        return text.split(separator: "\n").compactMap { line in
            guard line.hasPrefix("poplin_proxy_programming_seconds_bucket") else { return nil }
            let parts = line.split(separator: "\"")
            guard parts.count == 3, let count = Double(parts[2].drop { $0 == "}" || $0 == " " }) else { return nil }
            return (String(parts[1]), count)
        }
    }

    // MARK: Objects

    private static let slices = ResourcePath(group: "discovery.k8s.io", "endpointslices", namespace: "default")

    private func fill(_ client: APIClient) throws {
        try client.sendAll(2 * Self.services, on: loop) { [self] index in
            let number = index / 2
            return index.isMultiple(of: 2)
                ? .create(ResourcePath("services", namespace: "default"), service(number))
                : .create(Self.slices, slice(number, moved: 0))
        }
    }

    private func service(_ number: Int) -> JSONValue {
        [
            "apiVersion": "v1", "kind": "Service", "metadata": ["name": .string("service-\(number)")],
            "spec": ["ports": [["name": "http", "port": 80, "targetPort": 8080]]],
        ]
    }

    /// With `moved` its last endpoint is another one.
    private func slice(_ number: Int, moved: Int) -> JSONValue {
        let endpoints = (0..<3).map { place -> JSONValue in
            let last = place == 2 && moved > 0 ? moved % 3 + 251 : number % 250 + 1
            return [
                "addresses": [.string("10.\(128 + place).\(number / 250).\(last)")],
                "conditions": ["ready": true], "nodeName": .string("node-\(place + 1)"),
            ]
        }
        return [
            "apiVersion": "discovery.k8s.io/v1", "kind": "EndpointSlice", "addressType": "IPv4",
            "metadata": [
                "name": .string("service-\(number)-abcde"),
                "labels": ["kubernetes.io/service-name": .string("service-\(number)")],
            ],
            "endpoints": .array(endpoints), "ports": [["name": "http", "port": 8080, "protocol": "TCP"]],
        ]
    }

    private func update(_ number: Int, moved: Int) -> APIRequest {
        .update(Self.slices, "service-\(number)-abcde", slice(number, moved: moved))
    }
}
