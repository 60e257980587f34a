internal import Daemon
internal import Glibc
internal import Linux

/// Runs an exec plugin, one run at a time: its output is collected and its end awaited by a thread that may wait.
final class ExecRunner {
    private let plugin: ExecPlugin
    private let loop: EventLoop
    private var mailbox: Mailbox<End>?
    private var run: Run?
    private var lastNumber = 0

    private struct Run {
        var number: Int
        var timer: LoopTimer
        var done: (Result<ExecCredential, CredentialFailure>) -> Void
    }

    private struct End: Sendable {
        var number: Int
        var status: CInt
        /// Nil: it was more than anybody wants.
        var output: [UInt8]?
    }

    init(_ plugin: ExecPlugin, _ loop: EventLoop) {
        self.plugin = plugin
        self.loop = loop
    }

    deinit {
        if let run { loop.cancel(run.timer) }
    }

    /// Starts the plugin; the handler is called once, later. A plugin that asks somebody who is away must not stop a
    /// daemon for ever: after `timeout` it is killed.
    func start(
        _ cluster: ClusterAccess, timeout: Duration = .seconds(60),
        _ done: @escaping (Result<ExecCredential, CredentialFailure>) -> Void
    ) {
        do {
            let child = try spawn(cluster)
            let timer = loop.after(timeout) { [unowned self] in
                // With it go what it has started: it leads a session of its own.
                kill(-child, SIGKILL)
                finish(.failure(failure("has said nothing for \(timeout)")))
            }
            run = Run(number: lastNumber, timer: timer, done: done)
        } catch {
            let reason = "\(error)" + (plugin.installHint.isEmpty ? "" : "\n\(plugin.installHint)")
            loop.after(.zero) { done(.failure(CredentialFailure(reason: reason))) }
        }
    }

    private func spawn(_ cluster: ClusterAccess) throws -> pid_t {
        let path = try Self.path(of: plugin.command)
        let mailbox = try self.mailbox ?? loop.mailbox { [weak self] (end: End) in self?.take(end) }
        self.mailbox = mailbox
        var ends: [CInt] = [-1, -1]
        try check("make", "a pipe") { pipe(&ends) }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        let reading = FileDescriptor(owning: ends[0])
        let writing = FileDescriptor(owning: ends[1])
        let null = try FileDescriptor.open("/dev/null", O_RDWR)
        let ours = (plugin.environment + ["KUBERNETES_EXEC_INFO="]).map { $0.prefix { $0 != "=" } }
        let environment =
            Environment.lines.filter { line in !ours.contains(line.prefix { $0 != "=" }) } + plugin.environment
            + ["KUBERNETES_EXEC_INFO=\(ExecCredential.question(plugin, cluster))"]
        let child = try ChildProcess.start(
            [path] + plugin.arguments, environment: environment,
            // Its standard error is ours: what it complains about is for the operator.
            descriptors: [null.rawValue, writing.rawValue, STDERR_FILENO], leadsSession: true)
        _ = consume writing
        lastNumber += 1
        let number = lastNumber
        let raw = reading.release()
        do throws(SystemError) {
            _ = try Thread("exec-plugin") {
                let output = try? FileDescriptor(owning: raw).readAll(limit: 1 << 20)
                if output == nil { kill(-child, SIGKILL) }
                let status = (try? ChildProcess.wait(for: child)) ?? 127
                mailbox.post(End(number: number, status: status, output: output))
            }
        } catch {
            close(raw)
            kill(-child, SIGKILL)
            throw error
        }
        return child
    }

    private func take(_ end: End) {
        guard end.number == run?.number else { return }
        guard let output = end.output else { return finish(.failure(failure("has printed more than a megabyte"))) }
        guard end.status == 0 else { return finish(.failure(failure("has ended with status \(end.status)"))) }
        do throws(CredentialFailure) {
            finish(.success(try ExecCredential(output, plugin.version)))
        } catch {
            finish(.failure(error))
        }
    }

    private func finish(_ result: Result<ExecCredential, CredentialFailure>) {
        guard let run else { return }
        self.run = nil
        loop.cancel(run.timer)
        run.done(result)
    }

    private func failure(_ what: String) -> CredentialFailure {
        CredentialFailure(reason: "the exec plugin \(plugin.command) \(what)")
    }

    /// As a shell finds it; without a slash by PATH.
    private static func path(of command: String) throws(SystemError) -> String {
        if command.contains("/") {
            if Files.isExecutable(command) { return command }
            throw SystemError("run the exec plugin", command, .noEntry)
        }
        for directory in (Environment.all["PATH"] ?? "/usr/local/bin:/usr/bin:/bin").split(separator: ":") {
            let path = "\(directory)/\(command)"
            if Files.isExecutable(path) { return path }
        }
        throw SystemError("find in PATH the exec plugin", command, .noEntry)
    }
}
