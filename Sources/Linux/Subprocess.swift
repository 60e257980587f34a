internal import Glibc

/// A child process with its input given and its output collected, within a deadline.
package enum Subprocess {
    package struct Outcome: Sendable {
        /// The exit status; 128 and the number of the signal that ended it.
        package var status: Int
        package var output: [UInt8]
        package var errors: [UInt8]

        package var ending: String { status > 128 ? "signal \(status - 128)" : "exit status \(status)" }
    }

    /// Starts the program, writes `input` to its stdin, reads both outputs until it closes them, and waits for its end.
    /// After the deadline it is killed and the error is `.timedOut`. No shell, no search: `path` is the file. A program
    /// that says more than `limit` bytes is killed too (EFBIG).
    package static func run(
        _ path: String, _ arguments: [String] = [], environment: [String], input: [UInt8], timeoutMilliseconds: Int,
        limit: Int = 16 << 20
    ) throws(SystemError) -> Outcome {
        let deadline = MonotonicTime.now + .milliseconds(timeoutMilliseconds)
        var inputPipe = try Pipe()
        var outputPipe = try Pipe()
        var errorPipe = try Pipe()
        let child = try start(
            [path] + arguments, environment,
            [rawValue(of: inputPipe.reader), rawValue(of: outputPipe.writer), rawValue(of: errorPipe.writer)])
        inputPipe.reader = nil
        outputPipe.writer = nil
        errorPipe.writer = nil

        var conversation = Conversation(
            input: inputPipe.writer.take(), output: outputPipe.reader.take(), errors: errorPipe.reader.take(),
            unsent: input, limit: limit)
        do throws(Errno) {
            try conversation.run(until: deadline)
            try awaitEnd(of: child, until: deadline)
        } catch {
            _ = kill(child, SIGKILL)
            _ = try? ChildProcess.wait(for: child)
            throw SystemError("run", path, error)
        }
        return Outcome(
            status: Int(try ChildProcess.wait(for: child)), output: conversation.received,
            errors: conversation.complaints)
    }

    /// Returns when the child has ended; its status is still to be asked for. The end comes a moment after the outputs are
    /// closed, unless a child goes on without them.
    private static func awaitEnd(of child: pid_t, until deadline: MonotonicTime) throws(Errno) {
        var pause: useconds_t = 100
        while true {
            var information = siginfo_t()
            if waitid(P_PID, id_t(child), &information, WEXITED | WNOHANG | WNOWAIT) < 0 {
                if Errno.last != .interrupted { throw .last }
            } else if information.si_signo == SIGCHLD {
                return
            }
            if MonotonicTime.now >= deadline { throw .timedOut }
            usleep(pause)
            pause = min(pause * 2, 10_000)
        }
    }

    private static func start(_ words: [String], _ environment: [String], _ descriptors: [CInt]) throws(SystemError)
        -> pid_t
    {
        for _ in 1..<50 {
            do { return try ChildProcess.start(words, environment: environment, descriptors: descriptors) } catch
                where error.errno == .textBusy
            {
                // The plugin is being replaced at this moment (libcni tries again too).
                usleep(100_000)
            }
        }
        return try ChildProcess.start(words, environment: environment, descriptors: descriptors)
    }
}
