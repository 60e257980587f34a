internal import Daemon
internal import Glibc
internal import HTTP
internal import JSON
internal import KubeClient
internal import Linux

/// A `poplin server` of its own for measuring: in a directory under /tmp, on a port of the loopback.
final class BenchServer {
    let directory: String
    private let program: String
    let port: Int
    private(set) var process: pid_t = 0

    init(program: String, directory: String, port: Int) throws {
        self.program = program
        self.directory = directory
        self.port = port
        try Files.makeDirectories(directory, mode: 0o700)
    }

    var kubeconfig: String { "\(directory)/pki/admin.kubeconfig" }

    /// Starts it; it is ready when somebody who asks is told so.
    func start() throws {
        let log = try FileDescriptor.open("\(directory)/log", O_WRONLY | O_CREAT | O_APPEND, mode: 0o600)
        let none = try FileDescriptor.open("/dev/null", O_RDWR)
        process = try ChildProcess.start(
            [
                program, "server", "--data-dir", directory, "--listen", "127.0.0.1:\(port)", "--audit-log-path", "-",
                // What is measured brings its own.
                "--controllers=-endpoints,-endpointslice",
            ], environment: Environment.lines, descriptors: [none.rawValue, none.rawValue, log.rawValue])
    }

    func stop() throws {
        guard process > 0 else { return }
        kill(process, SIGTERM)
        _ = try ChildProcess.wait(for: process)
        process = 0
    }

    deinit { try? stop() }

    /// Asks until it is ready.
    func waitUntilReady() throws {
        let deadline = MonotonicTime.now + .seconds(30)
        while MonotonicTime.now < deadline {
            if Files.exists(kubeconfig), let client = try? blockingClient(),
                let answer = try? client.send(APIRequest("GET", "/readyz")), answer.status == 200
            {
                return
            }
            usleep(1000)
        }
        throw BenchFailure(reason: "the server is not ready; see \(directory)/log")
    }

    /// Somebody else than the administrator, who may do the same.
    func secondAccess() throws -> ClusterAccess {
        let client = try blockingClient()
        let accounts = ResourcePath("serviceaccounts", namespace: "default")
        // It may be there already.
        _ = try? client.send(.create(accounts, ["metadata": ["name": "second"]]))
        _ = try? client.send(
            .create(
                ResourcePath(group: "rbac.authorization.k8s.io", "clusterrolebindings"),
                [
                    "metadata": ["name": "second"],
                    "roleRef": [
                        "apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": "cluster-admin",
                    ],
                    "subjects": [["kind": "ServiceAccount", "namespace": "default", "name": "second"]],
                ]))
        var request = APIRequest.create(accounts, ["spec": [:]])
        request.path = accounts.path("second", subresource: "token")
        let token = (try? JSONValue.parse(client.send(request).body))?["status"]?["token"] ?? .null
        let kubeconfig: JSONValue = [
            "apiVersion": "v1", "kind": "Config", "current-context": "c",
            "clusters": [
                [
                    "name": "c",
                    "cluster": [
                        "server": .string("https://127.0.0.1:\(port)"),
                        "certificate-authority": .string("\(directory)/pki/ca.crt"),
                    ],
                ]
            ],
            "users": [["name": "second", "user": ["token": token]]],
            "contexts": [["name": "c", "context": ["cluster": "c", "user": "second"]]],
        ]
        let file = "\(directory)/second.kubeconfig"
        try Files.store(file, kubeconfig.serialized().utf8)
        return try Kubeconfig(file: file).access()
    }

    func blockingClient() throws -> BlockingAPIClient {
        var options = APIClient.Options()
        (options.requestsPerSecond, options.burst) = (1e9, 1 << 30)
        return try BlockingAPIClient(Kubeconfig(file: kubeconfig).access(), options: options)
    }

    /// Seconds on a processor, of all its threads.
    var processorTime: Double {
        let threads = (try? Files.list("/proc/\(process)/task")) ?? []
        return threads.reduce(0) { total, thread in
            // proc_pid_schedstat: nanoseconds on a processor come first.
            let text = (try? Files.readText("/proc/\(process)/task/\(thread)/schedstat")) ?? ""
            return total + (text.split(separator: " ").first.flatMap { Double($0) } ?? 0) / 1e9
        }
    }

    /// Resident memory, MiB.
    var memory: Double { Self.memory(of: process) }

    static func memory(of process: pid_t) -> Double {
        let fields = ((try? Files.readText("/proc/\(process)/statm")) ?? "").split(separator: " ")
        return Double(fields.dropFirst().first.flatMap { Int($0) } ?? 0) * Double(getpagesize()) / Double(1 << 20)
    }
}

extension APIClient {
    /// Sends so many requests, up to 64 at once, and runs the loop until all are answered. A refusal is thrown.
    func sendAll(_ count: Int, on loop: EventLoop, _ request: @escaping (Int) -> APIRequest) throws {
        var (sent, left) = (0, count)
        var failure: APIFailure?
        func next() {
            guard sent < count else { return }
            sent += 1
            send(request(sent - 1)) { result in
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
}
