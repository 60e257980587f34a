internal import Glibc
internal import Linux

/// The HTTP server by itself: requests a second and their cost, and what a waiting client costs in memory. The client is
/// h2load, of Debian's nghttp2-client.
struct HTTPBench {
    private let directory = "/tmp/poplin-bench-http-\(getpid())"

    func run() throws {
        try Files.makeDirectories(directory, mode: 0o700)
        defer { try? Files.removeTree(directory) }
        print("## HTTP server over TLS, \(describeMachine())\n")
        var requests = Table("requests", "connections × streams", "requests/s", "own CPU µs a request")
        for (name, arguments, connections, streams) in [
            ("GET, HTTP/2", [], 4, 8), ("GET, HTTP/2", [], 1, 1), ("GET, HTTP/1.1", ["--h1"], 16, 1),
            ("POST 1 KiB, HTTP/2", ["-d", try body()], 8, 4),
        ] as [(String, [String], Int, Int)] {
            let server = try BenchHTTPServer(directory)
            let count = connections * streams > 1 ? 100_000 : 20_000
            let before = try server.cpuTime()
            let rate = try load(
                server, arguments + ["-c", "\(connections)", "-m", "\(streams)", "-n", "\(count)"], "/")
            let spent = try server.cpuTime() - before
            requests.add(name, "\(connections) × \(streams)", rate, rounded(spent / Double(count) * 1e6))
        }
        requests.print()

        var memory = Table("1000 idle watches", "resident MiB", "KiB each", "after they have gone")
        for (name, arguments, connections) in [
            ("HTTP/2, one connection", [], 1), ("HTTP/2, ten connections", [], 10),
            ("HTTP/2, a connection each", [], 1000), ("HTTP/1.1", ["--h1"], 1000),
        ] as [(String, [String], Int)] {
            let server = try BenchHTTPServer(directory)
            _ = try load(server, ["-c", "1", "-n", "10"], "/")
            let before = try server.residentMebibytes()
            let streams = 1000 / connections
            let client = try start(
                server, arguments + ["-c", "\(connections)", "-m", "\(streams)", "-n", "1000"], "/watch")
            // All handshakes at once take longest; the server gives memory back when it is quiet again.
            sleep(8)
            let during = try server.residentMebibytes()
            kill(client, SIGKILL)
            _ = try ChildProcess.wait(for: client)
            sleep(3)
            memory.add(
                name, rounded(during), rounded((during - before) * 1024 / 1000),
                rounded(try server.residentMebibytes()))
        }
        memory.print()
    }

    private func body() throws -> String {
        try Files.store("\(directory)/body", [UInt8](repeating: 0x78, count: 1024))
        return "\(directory)/body"
    }

    private func start(_ server: BenchHTTPServer, _ arguments: [String], _ path: String) throws -> pid_t {
        let output = try FileDescriptor.open("\(directory)/output", O_WRONLY | O_CREAT | O_TRUNC)
        return try ChildProcess.start(
            ["/usr/bin/h2load"] + arguments + ["https://127.0.0.1:\(server.port)\(path)"],
            environment: Environment.lines,
            descriptors: [output.rawValue, output.rawValue, output.rawValue])
    }

    /// Requests a second, as h2load counts them.
    private func load(_ server: BenchHTTPServer, _ arguments: [String], _ path: String) throws -> String {
        _ = try ChildProcess.wait(for: start(server, arguments, path))
        // finished in 1.23s, 81300.81 req/s, 2.40MB/s
        let text = try Files.readText("\(directory)/output")
        let line = text.split(separator: "\n").first { $0.hasPrefix("finished in") }
        guard let words = line?.split(separator: " "), words.count > 3, let rate = Double(words[3]) else {
            throw SystemError("read", "h2load's output", .badMessage)
        }
        return rounded(rate)
    }
}
