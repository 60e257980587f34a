internal import Crypto
internal import Daemon
internal import Glibc
internal import HTTP
internal import JSON
internal import KubeClient
internal import Linux

/// How long a change takes to all who watch: from the request that makes it, which includes its way to the disk, to the
/// event in each client's hands.
struct WatchBench {
    struct Result {
        /// What the watches cost the server, MiB.
        var memory: Double
        /// From the request to each event.
        var delivery: Sample
        /// From the request to the first event: everything but the fan-out.
        var first: Sample
        /// From the first event to the last one of a change.
        var spread: Sample
        /// Of the server's processor for one change, milliseconds.
        var cost: Double
    }

    private static let rounds = 100
    private static let pause = Duration.milliseconds(10)

    let server: BenchServer
    let client: APIClient
    let loop: EventLoop

    func run(watches: Int, connections: Int) throws -> Result {
        let access = try Kubeconfig(file: server.kubeconfig).access()
        let context = try Self.context(access)
        let path = "/api/v1/namespaces/default/secrets"
        let query = "?watch=true&resourceVersion=\(try revision(path))"
        let before = server.memory
        let tally = WatchTally()
        let clients = try (0..<connections).map { _ in try WatchConnection(context, port: server.port, tally) }
        defer { for client in clients { client.close(loop) } }
        tally.onProgress = { [loop] in if tally.opened == watches { loop.stop() } }
        for client in clients { try client.watch(path + query, watches / connections, loop) }
        try loop.run()
        tally.onProgress = {}
        // The server gives back what the handshakes have left.
        try wait(.seconds(2))
        var result = Result(
            memory: server.memory - before, delivery: Sample(), first: Sample(), spread: Sample(), cost: 0)
        let spent = server.processorTime
        for round in 0..<Self.rounds {
            try change("\(connections)-\(round)", tally, watches, &result)
            try wait(Self.pause)
        }
        result.cost = (server.processorTime - spent) * 1000 / Double(Self.rounds)
        return result
    }

    private func change(
        _ name: String, _ tally: WatchTally, _ watches: Int, _ result: inout Result
    ) throws {
        let secret: JSONValue = [
            "apiVersion": "v1", "kind": "Secret", "metadata": ["name": .string("watched-\(name)")],
            "data": ["x": "eA=="],
        ]
        let before = tally.events
        defer { tally.onProgress = {} }
        var times: [MonotonicTime] = []
        var isCreated = false
        let sent = MonotonicTime.now
        tally.onProgress = { [loop] in
            times += repeatElement(.now, count: tally.events - before - times.count)
            if times.count == watches, isCreated { loop.stop() }
        }
        client.send(.create(ResourcePath("secrets", namespace: "default"), secret)) { [loop] _ in
            isCreated = true
            if times.count == watches { loop.stop() }
        }
        try loop.run()
        guard let first = times.first, let last = times.last else { return }
        for time in times { result.delivery.add(time - sent) }
        result.first.add(first - sent)
        result.spread.add(last - first)
    }

    private func wait(_ time: Duration) throws {
        loop.after(time) { [loop] in loop.stop() }
        try loop.run()
    }

    private func revision(_ path: String) throws -> Int {
        var revision = 0
        client.send(APIRequest("GET", path)) { [loop] result in
            if case .success(let answer) = result {
                let list = try? JSONValue.parse(answer.body)
                revision = list?["metadata"]?["resourceVersion"]?.string.flatMap { Int($0) } ?? 0
            }
            loop.stop()
        }
        try loop.run()
        return revision
    }

    static func context(_ access: ClusterAccess, asksHTTP2: Bool = true) throws -> TLSClientContext {
        guard case .text(let authority)? = access.route.authority, case .fixed(let credential) = access.credentials,
            case .text(let certificate)? = credential.certificate, case .text(let key)? = credential.key
        else { throw BenchFailure(reason: "the administrator's kubeconfig has no certificate") }
        return try TLSClientContext(
            certificate: Certificate(pem: String(decoding: certificate, as: UTF8.self)),
            key: PrivateKey(pem: String(decoding: key, as: UTF8.self)), authorities: authority, asksHTTP2: asksHTTP2)
    }
}
