import Foundation
import Glibc
import Linux
import TestSupport

/// The real `poplin server` in a directory of its own, on a port of the loopback that nobody else has.
/// Tests that share one do not stop or start it.
final class LiveServer: @unchecked Sendable {
    let directory: String
    private(set) var process = Process()
    /// Removed with the server.
    private let ownDirectory: TemporaryDirectory
    private(set) var port = 0
    private let extra: [String]
    /// What starts the program, given it and its arguments; empty for nothing between.
    private let wrapper: [String]

    /// Returns when the server is ready. With a directory, on the state that is there.
    init(_ extra: [String] = [], directory: String? = nil, wrapper: [String] = []) throws {
        let own = try TemporaryDirectory()
        self.directory = directory ?? own.file("data")
        ownDirectory = own
        self.extra = extra
        self.wrapper = wrapper
        try Files.makeDirectories(self.directory)
        try start()
    }

    deinit { stop() }

    /// Of this build; `POPLIN_PROGRAM` names another one, such as a release for long runs.
    static var program: String {
        if let other = ProcessInfo.processInfo.environment["POPLIN_PROGRAM"] { return other }
        return (try? Files.programDirectory()).map { "\($0)/poplin" } ?? "poplin"
    }

    /// On a full disk it is never ready, but serves.
    func start(isReady: Bool = true) throws {
        // Not in the server's directory, whose disk may be full.
        let log = ownDirectory.file("log")
        try launch(log)
        try eventually("the server listens", within: .seconds(60)) {
            // A client that asks a port which nobody listens on can be given that very port for its own end.
            if !self.process.isRunning { try self.launch(log) }
            guard let text = try? Files.readText(log), text.contains("state is loaded") else { return false }
            guard let line = text.split(separator: "\n").first(where: { $0.contains("\"listening\"") }),
                let range = line.range(of: "\"port\":")
            else { return false }
            self.port = Int(line[range.upperBound...].prefix { $0.isNumber }) ?? 0
            return self.port > 0
        }
        try eventually("the server is ready", within: .seconds(60)) {
            isReady ? self.curl("/readyz") == "ok" : self.curl("/version").contains("gitVersion")
        }
    }

    /// Ends it before it is ready, wherever it has got to.
    func startInVain(for time: Duration) throws {
        try launch(ownDirectory.file("log"))
        usleep(UInt32(time.components.attoseconds / 1_000_000_000_000))
        kill()
    }

    private func launch(_ log: String) throws {
        process = Process()
        process.executableURL = URL(fileURLWithPath: wrapper.isEmpty ? Self.program : "/usr/bin/env")
        process.arguments =
            (wrapper.isEmpty ? [] : wrapper + [Self.program])
            + ["server", "--data-dir", directory, "--listen", "127.0.0.1:\(port)", "--log-format", "json"] + extra
        try Files.store(log, [])
        process.standardError = FileHandle(forWritingAtPath: log)
        process.standardOutput = FileHandle.nullDevice
        try process.start()
    }

    /// Ends it as a service manager does; returns its exit code.
    @discardableResult
    func stop() -> Int32 {
        guard process.isRunning else { return 0 }
        process.terminate()
        process.waitUntilExit()
        return process.terminationStatus
    }

    /// Ends it without a chance to tidy up.
    func kill() {
        Glibc.kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
    }

    var kubeconfig: String { "\(directory)/pki/admin.kubeconfig" }
    var url: String { "https://127.0.0.1:\(port)" }

    struct Output {
        var code: Int32
        var out: String
        var err: String
    }

    /// Runs a program with the administrator's kubeconfig.
    func run(_ program: String, _ arguments: [String], input: String? = nil) throws -> Output {
        let child = Process()
        child.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        child.arguments = [program] + arguments
        var environment = ProcessInfo.processInfo.environment
        environment["KUBECONFIG"] = kubeconfig
        environment["HOME"] = directory
        child.environment = environment
        let (out, err, into) = (Pipe.unshared, Pipe.unshared, Pipe.unshared)
        child.standardOutput = out
        child.standardError = err
        child.standardInput = into
        try child.start()
        if let input { into.fileHandleForWriting.write(Data(input.utf8)) }
        try into.fileHandleForWriting.close()
        let text = String(decoding: out.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        let errors = String(decoding: err.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        child.waitUntilExit()
        return Output(code: child.terminationStatus, out: text, err: errors)
    }

    /// kubectl's output; what it says to standard error when it fails.
    func kubectl(_ arguments: String..., input: String? = nil) throws -> String {
        let output = try run("kubectl", arguments, input: input)
        return output.code == 0 ? output.out : "exit \(output.code): \(output.err)"
    }

    /// The body of an answer to the administrator.
    func curl(_ path: String, _ arguments: String...) -> String {
        let pki = "\(directory)/pki"
        let words =
            ["-s", "--cacert", "\(pki)/ca.crt", "--cert", "\(pki)/admin.crt", "--key", "\(pki)/admin.key"] + arguments
            + ["\(url)\(path)"]
        return (try? run("curl", words).out) ?? ""
    }
}
