internal import Glibc
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
    var memory: Double {
        let fields = ((try? Files.readText("/proc/\(process)/statm")) ?? "").split(separator: " ")
        return Double(fields.dropFirst().first.flatMap { Int($0) } ?? 0) * Double(getpagesize()) / Double(1 << 20)
    }
}
