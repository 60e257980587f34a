internal import Glibc
package import Linux

/// The namespaces that a process is started in; nil stands for those of this process.
package struct Place: Hashable, Sendable {
    /// Path of a network namespace.
    package var network: String?
    /// Path of a mount namespace.
    package var mounts: String?

    package init(network: String? = nil, mounts: String? = nil) {
        self.network = network
        self.mounts = mounts
    }

    /// Moves the calling thread, which must be one of its own (or the only one), into the namespaces.
    package func enter() throws(SystemError) {
        let networkFile = try network.map { path throws(SystemError) in try NetworkNamespace(path: path) }
        if let mounts {
            let file = try FileDescriptor.open(mounts, O_RDONLY)
            try CallingThread.unshare(.directories)
            try CallingThread.enter(.mounts, file, path: mounts)
        }
        if let file = networkFile { try file.enter() }
    }
}

/// A program to run, in whatever namespaces.
package struct Command: Sendable {
    /// A full path.
    package var path: String
    package var arguments: [String]
    /// Added to, and over, this process's environment.
    package var environment: [String: String]

    package init(_ path: String, _ arguments: [String] = [], environment: [String: String] = [:]) {
        self.path = path
        self.arguments = arguments
        self.environment = environment
    }

    package struct Output: Sendable {
        /// The exit code, or 128 and the signal's number as a shell says it.
        package var status: Int32
        package var standardOutput: String
        package var standardError: String
        /// From before its start until it had ended.
        package var duration: Duration
    }

    /// Runs the program to its end, with the text as its standard input.
    package func run(in place: Place = Place(), input: String = "") throws -> Output {
        // Files, not pipes: nobody has to read while it runs, and a grandchild that keeps them open delays nothing.
        let standardInput = try Self.memoryFile()
        try standardInput.writeAll(input.utf8)
        lseek(standardInput.rawValue, 0, SEEK_SET)
        let standardOutput = try Self.memoryFile()
        let standardError = try Self.memoryFile()
        let child = try spawn(in: place, [standardInput.rawValue, standardOutput.rawValue, standardError.rawValue])
        let status = try ChildProcess.wait(for: child.pid)
        let duration = ContinuousClock.now - child.start
        return Output(
            status: status, standardOutput: try Self.contents(standardOutput),
            standardError: try Self.contents(standardError), duration: duration)
    }

    /// Starts the program as a daemon: a session of its own, no input, both outputs appended to the log file.
    /// - Returns: its process id; the caller ends it with `ProcessTable.end`.
    package func start(in place: Place = Place(), log: String) throws -> Int32 {
        let null = try FileDescriptor.open("/dev/null", O_RDONLY)
        let output = try FileDescriptor.open(log, O_WRONLY | O_CREAT | O_APPEND, mode: 0o644)
        return try spawn(in: place, [null.rawValue, output.rawValue, output.rawValue]).pid
    }

    private func spawn(in place: Place, _ descriptors: [Int32]) throws -> (pid: Int32, start: ContinuousClock.Instant) {
        let variables = mergedEnvironment()
        return try Thread.run("spawn") {
            try place.enter()
            let start = ContinuousClock.now
            let words = [path] + arguments
            let pid = try ChildProcess.start(
                words, environment: variables, descriptors: descriptors, leadsSession: true)
            return (pid, start)
        }
    }

    private func mergedEnvironment() -> [String] {
        let others = Environment.lines.filter { environment[String($0.prefix { $0 != "=" })] == nil }
        return others + environment.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
    }

    private static func memoryFile() throws(SystemError) -> FileDescriptor {
        try FileDescriptor.inMemory("poplin-io")
    }

    private static func contents(_ file: borrowing FileDescriptor) throws(SystemError) -> String {
        lseek(file.rawValue, 0, SEEK_SET)
        return String(decoding: try file.readAll(), as: UTF8.self)
    }
}
