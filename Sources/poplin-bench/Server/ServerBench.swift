internal import Daemon
internal import Glibc
internal import HTTP
internal import JSON
internal import KubeClient
internal import Linux

/// The API server from outside, as its clients see it: over TLS, with client certificates, every write durable.
struct ServerBench {
    private let program: String
    private let objects = 10_000
    private let watches = 1000

    init(program: String) { self.program = program }

    func run() throws {
        let directory = "/tmp/poplin-bench-server.\(getpid())"
        defer { try? Files.removeTree(directory) }
        let server = try BenchServer(program: program, directory: directory, port: 20_000 + Int(getpid() % 20_000))
        var table = Table("what", "measured", "unit")
        print("server: \(describeMachine())\n")

        try server.start()
        try ready(server)
        try server.stop()
        table.add("start to ready, empty", rounded(try startTime(server)), "ms")
        usleep(500_000)
        table.add("resident memory, empty", rounded(server.memory), "MiB")

        table.add("durable creates, 8 TLS clients", rounded(try creates(server)), "1/s")
        try fill(server)
        table.add("list of \(objects) Services", rounded(try list(server)), "ms")
        try server.stop()
        table.add("start to ready, \(2 * objects) objects", rounded(try startTime(server)), "ms")
        usleep(500_000)
        table.add("resident memory, \(objects) Services and EndpointSlices", rounded(server.memory), "MiB")
        let watching = try watch(server)
        table.add("resident memory of \(watches) idle watches", rounded(watching.memory), "MiB")
        table.add("change to \(watches) watches, median", rounded(watching.delivery.median), "ms")
        table.add("change to \(watches) watches, p99", rounded(watching.delivery.percentile(0.99)), "ms")
        try server.stop()
        table.print()
    }

    // MARK: Measurements

    private func client(_ server: BenchServer, _ loop: EventLoop) throws -> APIClient {
        var options = APIClient.Options()
        options.requestsPerSecond = 1e9
        options.burst = 1 << 30
        return try APIClient(Kubeconfig(file: server.kubeconfig).access(), loop, options: options)
    }

    /// Asks until it is ready.
    private func ready(_ server: BenchServer) throws {
        let deadline = MonotonicTime.now + .seconds(30)
        while MonotonicTime.now < deadline {
            if Files.exists(server.kubeconfig) {
                let loop = try EventLoop()
                var isReady = false
                try client(server, loop).send(APIRequest("GET", "/readyz")) { result in
                    if case .success(let answer) = result { isReady = answer.status == 200 }
                    loop.stop()
                }
                try loop.run()
                if isReady { return }
            }
            usleep(1000)
        }
        throw BenchFailure(reason: "the server is not ready; see \(server.directory)/log")
    }

    private func startTime(_ server: BenchServer) throws -> Double {
        var sample = Sample()
        for round in 0..<5 {
            if round > 0 { try server.stop() }
            try sample.time {
                try server.start()
                try ready(server)
            }
        }
        return sample.median
    }

    /// Each client sends its next request when the one before is answered; three seconds.
    private func creates(_ server: BenchServer) throws -> Double {
        let loop = try EventLoop()
        var done = 0
        var isOver = false
        let clients = try (0..<8).map { _ in try client(server, loop) }
        func next(_ index: Int, _ number: Int) {
            let object: JSONValue = [
                "apiVersion": "v1", "kind": "ConfigMap", "metadata": ["name": .string("bench-\(index)-\(number)")],
                "data": ["text": .string(String(repeating: "x", count: 500))],
            ]
            clients[index].send(.create(ResourcePath("configmaps", namespace: "default"), object)) { result in
                if case .success = result { done += 1 }
                if !isOver { next(index, number + 1) }
            }
        }
        for index in clients.indices { next(index, 0) }
        let start = MonotonicTime.now
        loop.after(.seconds(3)) {
            isOver = true
            loop.stop()
        }
        try loop.run()
        return Double(done) / (MonotonicTime.now - start).seconds
    }

    private func fill(_ server: BenchServer) throws {
        let loop = try EventLoop()
        let client = try client(server, loop)
        var left = 2 * objects
        var number = 0
        var failure: APIFailure?
        func next() {
            guard number < 2 * objects else { return }
            let index = number / 2
            let isService = number.isMultiple(of: 2)
            number += 1
            let path: ResourcePath = isService ? .services : .endpointSlices
            client.send(
                .create(
                    ResourcePath(group: path.group, version: path.version, path.resource, namespace: "default"),
                    isService ? Self.service(index) : Self.slice(index))
            ) { result in
                if case .failure(let error) = result { failure = failure ?? error }
                left -= 1
                if left == 0 { loop.stop() }
                next()
            }
        }
        for _ in 0..<64 { next() }
        try loop.run()
        if let failure { throw failure }
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

    private func watch(_ server: BenchServer) throws -> (memory: Double, delivery: Sample) {
        let loop = try EventLoop()
        let client = try client(server, loop)
        let before = server.memory
        var opened = 0
        var received = 0
        var sample = Sample()
        var sent = MonotonicTime.now
        let query: [APIRequest.Parameter] = [
            .init("watch", "true"), .init("resourceVersion", "\(try revision(server))"),
        ]
        var request = APIRequest("GET", "/api/v1/namespaces/default/secrets", query: query)
        request.timeout = .seconds(600)
        var calls: [APICall] = []
        for _ in 0..<watches {
            calls.append(
                client.stream(
                    request,
                    onOpen: {
                        opened += 1
                        if opened == watches { loop.stop() }
                    },
                    onBytes: { _ in
                        received += 1
                        sample.add(MonotonicTime.now - sent)
                        if received == watches { loop.stop() }
                    }, onEnd: { _ in }))
        }
        try loop.run()
        usleep(500_000)
        let memory = server.memory - before
        sample = Sample()
        for round in 0..<30 {
            received = 0
            let secret: JSONValue = [
                "apiVersion": "v1", "kind": "Secret", "metadata": ["name": .string("watched-\(round)")],
                "data": ["x": "eA=="],
            ]
            sent = .now
            client.send(.create(ResourcePath("secrets", namespace: "default"), secret)) { _ in }
            try loop.run()
        }
        for call in calls { call.cancel() }
        return (memory, sample)
    }

    private func revision(_ server: BenchServer) throws -> Int {
        let loop = try EventLoop()
        let client = try client(server, loop)
        var revision = 0
        client.send(APIRequest("GET", "/api/v1/namespaces/default/secrets")) { result in
            if case .success(let answer) = result {
                let list = try? JSONValue.parse(answer.body)
                revision = list?["metadata"]?["resourceVersion"]?.string.flatMap { Int($0) } ?? 0
            }
            loop.stop()
        }
        try loop.run()
        return revision
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
