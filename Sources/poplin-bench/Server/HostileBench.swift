internal import Daemon
internal import Glibc
internal import HTTP
internal import JSON
internal import KubeClient
internal import Linux

/// What one client can do to the others: how long they wait, and what the server holds, while it does its worst.
struct HostileBench {
    private static let time = Duration.seconds(10)
    /// A list of about 100 MB.
    private static let maps = (count: 200, bytes: 500_000)
    private static let watches = (connections: 20, streams: 500)

    private let program: String
    private let place: String

    init(program: String, place: String) {
        self.program = program
        self.place = place
    }

    func run() throws {
        OpenFiles.raiseLimit(to: 4096)
        print("server with a hostile client: \(describeMachine())\n")
        var table = Table("meanwhile", "asked", "median", "p99", "max", "resident memory")
        try with { try measure("nothing", $0, &table) {} }
        for body in HostileBody.all { try with { try measureCreates(body, $0, &table) } }
        for form in HostileList.all { try with { try measureList(form, $0, &table) } }
        for kind in ["secrets", "configmaps"] { try with { try measureWatches(kind, $0, &table) } }
        table.print()
    }

    private func with(_ body: (BenchServer) throws -> Void) throws {
        let directory = "\(place)/poplin-bench-hostile.\(getpid())"
        try? Files.removeTree(directory)
        defer { try? Files.removeTree(directory) }
        let server = try BenchServer(program: program, directory: directory, port: 20_000 + Int(getpid() % 20_000))
        try server.start()
        try server.waitUntilReady()
        try body(server)
        try server.stop()
    }

    // MARK: What the hostile client does

    private func measureCreates(_ body: HostileBody, _ server: BenchServer, _ table: inout Table) throws {
        let client = try server.blockingClient()
        let (path, create) = (body.path, body.create)
        var done = 0
        let size = rounded(Double(create.body?.bytes.count ?? 0) / Double(1 << 20))
        try measure("creates of \(body.name), in \(size) MiB", server, &table) {
            _ = try client.send(create)
            _ = try client.send(.delete(path, "large"))
            done += 1
        }
        print("\(body.name): \(done) creates and deletions")
    }

    private func measureList(_ form: HostileList, _ server: BenchServer, _ table: inout Table) throws {
        let client = try server.blockingClient()
        for number in 0..<Self.maps.count {
            let object: JSONValue = [
                "metadata": ["name": .string("large-\(number)")],
                "data": ["text": .string(String(repeating: "x", count: Self.maps.bytes))],
            ]
            _ = try client.send(.create(ResourcePath("configmaps", namespace: "default"), object))
        }
        // What the creates have left is given back.
        sleep(3)
        let before = server.memory
        let reader = try SlowReader(server, form)
        try measure("a list of 100 MB, \(form.name), read with 1 MB/s", server, &table) { try reader.readOn() }
        print("\(form.name): \(rounded(before)) MiB before the list, \(rounded(Double(reader.count) / 1e6)) MB read")
    }

    private func measureWatches(_ kind: String, _ server: BenchServer, _ table: inout Table) throws {
        let loop = try EventLoop()
        let tally = WatchTally()
        let context = try WatchBench.context(Kubeconfig(file: server.kubeconfig).access())
        let path = "/api/v1/namespaces/default/\(kind)?watch=true"
        var clients: [WatchConnection] = []
        let (connections, streams) = Self.watches
        let what = "\(connections * streams) watches of \(kind)"
        // One request a connection first: more are allowed to whom the server knows.
        for _ in 0..<connections {
            let client = try WatchConnection(context, port: server.port, tally)
            try client.watch(path, 1, loop)
            clients.append(client)
        }
        func turn(until count: Int) throws {
            tally.onProgress = { if tally.opened >= count { loop.stop() } }
            if tally.opened < count { try loop.run() }
        }
        try turn(until: connections)
        var isOpen = false
        try measure("\(what) are opened, on \(connections) connections", server, &table) {
            if isOpen { return try Self.wait(loop, .milliseconds(100)) }
            for client in clients {
                try client.watch(path, streams - 1, loop)
                try Self.wait(loop, .milliseconds(20))
            }
            try turn(until: connections * streams)
            isOpen = true
        }
        tally.onProgress = {}
        print("\(kind): \(tally.opened) watches are open")
        try measure("\(what), open", server, &table) { try Self.wait(loop, .milliseconds(100)) }
        for client in clients { client.close(loop) }
    }

    private static func wait(_ loop: EventLoop, _ time: Duration) throws {
        let timer = loop.after(time) { loop.stop() }
        try loop.run()
        loop.cancel(timer)
    }

    // MARK: The others

    private struct Answers {
        var ready = Sample()
        var create = Sample()
        var memory = 0.0
        /// Answers that said to come again later.
        var refusals = 0
        var failure: String?
    }

    /// The hostile client has this thread, and goes on until the other client's time is over.
    private func measure(_ what: String, _ server: BenchServer, _ table: inout Table, _ harm: () throws -> Void) throws
    {
        let result = Outcome<Answers>()
        let (access, process) = (try server.secondAccess(), server.process)
        let prober = try Thread("prober") {
            var answers = Answers()
            do { try Self.probe(access, process, &answers) } catch { answers.failure = "\(error)" }
            result.set(answers)
        }
        while result.value == nil {
            try harm()
            if what == "nothing" { usleep(100_000) }
        }
        prober.join()
        guard let answers = result.value else { return }
        if let failure = answers.failure { throw BenchFailure(reason: failure) }
        if answers.refusals > 0 { print("\(what): \(answers.refusals) requests of others were refused") }
        for (asked, sample) in [("GET /readyz", answers.ready), ("create a ConfigMap", answers.create)] {
            table.add(
                what, asked, rounded(sample.median), rounded(sample.percentile(0.99)), rounded(sample.percentile(1)),
                rounded(answers.memory))
        }
    }

    private static func refusals(_ client: BlockingAPIClient, _ request: APIRequest) throws -> Int {
        do throws(APIFailure) {
            _ = try client.send(request)
            return 0
        } catch {
            if error.code == 429 { return 1 }
            throw error
        }
    }

    private static func probe(_ access: ClusterAccess, _ process: pid_t, _ answers: inout Answers) throws {
        var options = APIClient.Options()
        (options.requestsPerSecond, options.burst, options.busyRetries) = (1e9, 1 << 30, 0)
        let client = try BlockingAPIClient(access, options: options)
        let end = MonotonicTime.now + time
        var number = 0
        while MonotonicTime.now < end {
            number += 1
            try answers.ready.time { answers.refusals += try refusals(client, APIRequest("GET", "/readyz")) }
            let object: JSONValue = ["metadata": ["generateName": "small-"], "data": ["x": "y"]]
            try answers.create.time {
                answers.refusals += try refusals(
                    client, .create(ResourcePath("configmaps", namespace: "default"), object))
            }
            answers.memory = max(answers.memory, BenchServer.memory(of: process))
            usleep(10_000)
        }
    }
}
