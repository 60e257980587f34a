internal import Daemon
internal import Glibc
internal import HTTP
internal import JSON
internal import KubeClient
internal import Linux

/// The API server from outside, as its clients see it: over TLS, with client certificates, every write durable.
struct ServerBench {
    private let program: String
    private let place: String
    private let objects = 10_000
    private let watches = 1000

    /// The servers keep their state below `place`.
    init(program: String, place: String) {
        self.program = program
        self.place = place
    }

    func run() throws {
        var table = Table("what", "measured", "unit")
        // A connection for each of a thousand watches.
        OpenFiles.raiseLimit(to: 4096)
        print("server: \(describeMachine())\n")
        try measureEmpty(&table)
        try measureFull(&table)
        table.print()
    }

    private func withServer(_ body: (BenchServer) throws -> Void) throws {
        let directory = "\(place)/poplin-bench-server.\(getpid())"
        try? Files.removeTree(directory)
        defer { try? Files.removeTree(directory) }
        let server = try BenchServer(program: program, directory: directory, port: 20_000 + Int(getpid() % 20_000))
        try server.start()
        try server.waitUntilReady()
        try body(server)
        try server.stop()
    }

    private func measureEmpty(_ table: inout Table) throws {
        try withServer { server in
            try server.stop()
            table.add("start to ready, empty", rounded(try startTime(server)), "ms")
            usleep(500_000)
            table.add("resident memory, empty", rounded(server.memory), "MiB")
            for (index, inFlight) in [1, 4].enumerated() {
                let creates = try creates(server, inFlight, "bench-\(index)")
                let what = "durable creates, 8 TLS clients, \(inFlight) at once each"
                table.add(what, rounded(creates.rate), "1/s")
                table.add("\(what): the server's processor time of one", rounded(creates.cost * 1e6), "µs")
            }
        }
    }

    private func measureFull(_ table: inout Table) throws {
        try withServer { server in
            try fill(server, 0..<objects / 2)
            try server.stop()
            table.add("start to ready, \(objects) objects", rounded(try startTime(server)), "ms")
            try fill(server, objects / 2..<objects)
            table.add("list of \(objects) Services", rounded(try list(server)), "ms")
            try server.stop()
            table.add("start to ready, \(2 * objects) objects", rounded(try startTime(server)), "ms")
            usleep(500_000)
            table.add("resident memory, \(objects) Services and EndpointSlices", rounded(server.memory), "MiB")
            for connections in [10, watches] { try measureWatches(server, connections, &table) }
        }
    }

    private func measureWatches(_ server: BenchServer, _ connections: Int, _ table: inout Table) throws {
        let loop = try EventLoop()
        let bench = WatchBench(server: server, client: try client(server, loop), loop: loop)
        let result = try bench.run(watches: watches, connections: connections)
        let what = "\(watches) watches on \(connections) connections"
        table.add("resident memory of \(what)", rounded(result.memory), "MiB")
        for (name, sample) in [
            ("request to event", result.delivery), ("request to first event", result.first),
            ("first event to last", result.spread),
        ] {
            table.add("\(what): \(name), median", rounded(sample.median), "ms")
            table.add("\(what): \(name), p99", rounded(sample.percentile(0.99)), "ms")
        }
        table.add("\(what): the server's processor time", rounded(result.cost), "ms")
    }

    // MARK: Measurements

    private func client(_ server: BenchServer, _ loop: EventLoop) throws -> APIClient {
        var options = APIClient.Options()
        options.requestsPerSecond = 1e9
        options.burst = 1 << 30
        return try APIClient(Kubeconfig(file: server.kubeconfig).access(), loop, options: options)
    }

    private func startTime(_ server: BenchServer) throws -> Double {
        var sample = Sample()
        for round in 0..<5 {
            if round > 0 { try server.stop() }
            try sample.time {
                try server.start()
                try server.waitUntilReady()
            }
        }
        return sample.median
    }

    /// Each client has so many requests on their way, and sends the next when one is answered; three seconds.
    private func creates(_ server: BenchServer, _ inFlight: Int, _ name: String) throws -> (rate: Double, cost: Double)
    {
        let loop = try EventLoop()
        var done = 0
        var isOver = false
        let clients = try (0..<8).map { _ in try client(server, loop) }
        // Made once: it is the server that is measured.
        let text = JSONValue.string(String(repeating: "x", count: 500))
        func next(_ index: Int, _ number: Int) {
            let object: JSONValue = [
                "apiVersion": "v1", "kind": "ConfigMap", "metadata": ["name": .string("\(name)-\(index)-\(number)")],
                "data": ["text": text],
            ]
            clients[index].send(.create(ResourcePath("configmaps", namespace: "default"), object)) { result in
                if case .success = result { done += 1 }
                if !isOver { next(index, number + inFlight) }
            }
        }
        for index in clients.indices { for number in 0..<inFlight { next(index, number) } }
        let (start, spent) = (MonotonicTime.now, server.processorTime)
        loop.after(.seconds(3)) {
            isOver = true
            loop.stop()
        }
        try loop.run()
        let cost = (server.processorTime - spent) / Double(max(1, done))
        return (Double(done) / (MonotonicTime.now - start).seconds, cost)
    }

    /// A Service and an EndpointSlice for each number.
    private func fill(_ server: BenchServer, _ numbers: Range<Int>) throws {
        let loop = try EventLoop()
        try client(server, loop).sendAll(2 * numbers.count, on: loop) { number in
            let index = numbers.lowerBound + number / 2
            let isService = number.isMultiple(of: 2)
            let path: ResourcePath = isService ? .services : .endpointSlices
            return .create(
                ResourcePath(group: path.group, version: path.version, path.resource, namespace: "default"),
                isService ? Self.service(index) : Self.slice(index))
        }
    }

    private func list(_ server: BenchServer) throws -> Double {
        var sample = Sample()
        let loop = try EventLoop()
        let client = try client(server, loop)
        for _ in 0..<7 {
            try sample.time {
                client.send(APIRequest("GET", "/api/v1/services")) { _ in loop.stop() }
                try loop.run()
            }
        }
        return sample.median
    }

    // MARK: Objects

    private static func service(_ index: Int) -> JSONValue {
        [
            "apiVersion": "v1", "kind": "Service",
            "metadata": ["name": .string("service-\(index)"), "labels": ["app": .string("app-\(index)")]],
            "spec": [
                "selector": ["app": .string("app-\(index)")],
                "ports": [["name": "http", "port": 80, "targetPort": 8080], ["name": "admin", "port": 9090]],
            ],
        ]
    }

    private static func slice(_ index: Int) -> JSONValue {
        let endpoints = (0..<3).map { number -> JSONValue in
            [
                "addresses": [.string("10.\(128 + number).\(index / 250).\(index % 250 + 1)")],
                "conditions": ["ready": true], "nodeName": .string("node-\(number)"),
                "targetRef": [
                    "kind": "Pod", "namespace": "default", "name": .string("app-\(index)-\(number)"),
                ],
            ]
        }
        return [
            "apiVersion": "discovery.k8s.io/v1", "kind": "EndpointSlice", "addressType": "IPv4",
            "metadata": [
                "name": .string("service-\(index)-abcde"),
                "labels": ["kubernetes.io/service-name": .string("service-\(index)")],
            ],
            "endpoints": .array(endpoints),
            "ports": [["name": "http", "port": 8080, "protocol": "TCP"]],
        ]
    }
}

struct BenchFailure: Error, CustomStringConvertible {
    var reason: String
    var description: String { reason }
}
