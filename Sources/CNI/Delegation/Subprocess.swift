internal import Glibc
internal import Linux

/// A child process with its input given and its output collected, within a deadline.
enum Subprocess {
    struct Outcome {
        /// The exit status; 128 + n when signal n ended it.
        var status: Int
        var ending: String
        var output: [UInt8]
        var errors: [UInt8]
    }

    /// Starts the program, writes `input` to its stdin, and reads both outputs until it closes them. After the
    /// deadline it is killed and the error is `.timedOut`. No shell, no search: `path` is the file.
    static func run(
        _ path: String, environment: [String], input: [UInt8], timeoutMilliseconds: Int
    ) throws(SystemError) -> Outcome {
        var inputPipe = try Pipe()
        var outputPipe = try Pipe()
        var errorPipe = try Pipe()
        let child = try spawn(
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
            _ = try? wait(child)
            throw SystemError("run", path, error)
        }
        let status = try wait(child)
        let isExit = status & 0x7F == 0
        let code = isExit ? Int(status >> 8 & 0xFF) : 128 + Int(status & 0x7F)
        return Outcome(
            status: code, ending: isExit ? "exit status \(code)" : "signal \(status & 0x7F)",
            output: conversation.received, errors: conversation.complaints)
    }

    private static func raw(_ descriptor: borrowing FileDescriptor?) -> CInt {
        switch descriptor {
        case .some(let open): open.rawValue
        case nil: -1
        }
    }

    private static func wait(_ child: pid_t) throws(SystemError) -> CInt {
        var status: CInt = 0
        try check("wait for", "process \(child)") { waitpid(child, &status, 0) }
        return status
    }

    /// `descriptors` become the child's 0, 1 and 2.
    private static func spawn(
        _ path: String, _ environment: [String], _ descriptors: [CInt]
    ) throws(SystemError) -> pid_t {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        for (number, descriptor) in descriptors.enumerated() {
            posix_spawn_file_actions_adddup2(&actions, descriptor, CInt(number))
        }
        // This process ignores SIGPIPE; the child must not inherit that.
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var defaults = sigset_t()
        sigemptyset(&defaults)
        sigaddset(&defaults, SIGPIPE)
        posix_spawnattr_setsigdefault(&attributes, &defaults)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGDEF))

        var child: pid_t = 0
        // "Text file busy": the plugin is being replaced at this moment (libcni tries again too).
        for attempt in 1...50 {
            let code = withCStrings([path]) { arguments in
                withCStrings(environment) { posix_spawn(&child, path, &actions, &attributes, arguments, $0) }
            }
            if code == 0 { break }
            guard code == ETXTBSY, attempt < 50 else { throw SystemError("run", path, Errno(code)) }
            usleep(100_000)
        }
        return child
    }

    /// Calls the body with a null-terminated array of C strings.
    private static func withCStrings(
        _ strings: [String], _ body: (UnsafePointer<UnsafeMutablePointer<CChar>?>) -> CInt
    ) -> CInt {
        let copies = strings.map { strdup($0) }
        defer { for copy in copies { free(copy) } }
        return (copies + [nil]).withUnsafeBufferPointer { $0.baseAddress.map(body) ?? EINVAL }
    }
}
