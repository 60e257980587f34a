internal import Glibc
internal import Linux

/// A child process with its input given and its output collected, within a deadline.
enum Subprocess {
    struct Outcome {
        /// The exit status; 128 and the number of the signal that ended it.
        var status: Int
        var output: [UInt8]
        var errors: [UInt8]

        var ending: String { status > 128 ? "signal \(status - 128)" : "exit status \(status)" }
    }

    /// Starts the program, writes `input` to its stdin, and reads both outputs until it closes them. After the
    /// deadline it is killed and the error is `.timedOut`. No shell, no search: `path` is the file.
    static func run(
        _ path: String, environment: [String], input: [UInt8], timeoutMilliseconds: Int
    ) throws(SystemError) -> Outcome {
        var inputPipe = try Pipe()
        var outputPipe = try Pipe()
        var errorPipe = try Pipe()
        let child = try start(
            path, environment, [raw(inputPipe.reader), raw(outputPipe.writer), raw(errorPipe.writer)])
        inputPipe.reader = nil
        outputPipe.writer = nil
        errorPipe.writer = nil

        var conversation = Conversation(
            input: inputPipe.writer.take(), output: outputPipe.reader.take(), errors: errorPipe.reader.take(),
            unsent: input)
        do throws(Errno) {
            try conversation.run(timeoutMilliseconds)
        } catch {
            _ = kill(child, SIGKILL)
            _ = try? ChildProcess.wait(for: child)
            throw SystemError("run", path, error)
        }
        return Outcome(
            status: Int(try ChildProcess.wait(for: child)), output: conversation.received,
            errors: conversation.complaints)
    }

    private static func raw(_ descriptor: borrowing FileDescriptor?) -> CInt {
        switch descriptor {
        case .some(let open): open.rawValue
        case nil: -1
        }
    }

    private static func start(_ path: String, _ environment: [String], _ descriptors: [CInt]) throws(SystemError)
        -> pid_t
    {
        for _ in 1..<50 {
            do { return try ChildProcess.start([path], environment: environment, descriptors: descriptors) } catch
                where error.errno == .textBusy
            {
                // The plugin is being replaced at this moment (libcni tries again too).
                usleep(100_000)
            }
        }
        return try ChildProcess.start([path], environment: environment, descriptors: descriptors)
    }
}
