internal import Glibc

/// The two ends of a pipe (pipe2 with O_CLOEXEC); each is closed when it is taken away.
struct Pipe: ~Copyable {
    var reader: FileDescriptor?
    var writer: FileDescriptor?

    init() throws(SystemError) {
        var ends: [CInt] = [-1, -1]
        try check("make", "a pipe") { pipe(&ends) }
        reader = FileDescriptor(owning: ends[0])
        writer = FileDescriptor(owning: ends[1])
        // A child that is started in between gets no descriptors but its own (ChildProcess).
        for end in ends { try check("set close-on-exec of", "a pipe") { fcntl(end, F_SETFD, FD_CLOEXEC) } }
    }
}

/// Feeds a child's stdin and drains its stdout and stderr at once, so that none of the three can block the others.
struct Conversation: ~Copyable {
    var input: FileDescriptor?
    var output: FileDescriptor?
    var errors: FileDescriptor?
    var unsent: [UInt8]
    var sent = 0
    var received: [UInt8] = []
    var complaints: [UInt8] = []

    let limit: Int

    init(
        input: consuming FileDescriptor?, output: consuming FileDescriptor?, errors: consuming FileDescriptor?,
        unsent: [UInt8], limit: Int
    ) {
        self.input = input
        self.output = output
        self.errors = errors
        self.unsent = unsent
        self.limit = limit
    }

    /// Runs until the child has closed both outputs. ETIMEDOUT after the deadline, EFBIG when it says too much.
    mutating func run(until deadline: MonotonicTime) throws(Errno) {
        _ = fcntl(rawValue(of: input), F_SETFL, O_NONBLOCK)
        if unsent.isEmpty { input = nil }
        while output != nil || errors != nil {
            var entries = [
                pollfd(fd: rawValue(of: input), events: Int16(POLLOUT), revents: 0),
                pollfd(fd: rawValue(of: output), events: Int16(POLLIN), revents: 0),
                pollfd(fd: rawValue(of: errors), events: Int16(POLLIN), revents: 0),
            ]
            let remaining = (deadline - .now).roundedUpMilliseconds
            if remaining == 0 { throw .timedOut }
            if poll(&entries, 3, CInt(clamping: remaining)) < 0, Errno.last != .interrupted { throw .last }
            if entries[0].revents != 0 { send() }
            if entries[1].revents != 0, !Self.receive(output, into: &received) { output = nil }
            if entries[2].revents != 0, !Self.receive(errors, into: &complaints) { errors = nil }
            if received.count + complaints.count > limit { throw Errno(EFBIG) }
        }
    }

    /// Sends what the pipe takes. A child that does not want its input (EPIPE) is no error.
    private mutating func send() {
        guard let descriptor = input?.rawValue else { return }
        let count = unsent[sent...].withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
        if count > 0 { sent += count }
        if sent == unsent.count || (count < 0 && Errno.last != .again && Errno.last != .interrupted) { input = nil }
    }

    /// False at the end of the stream.
    private static func receive(_ source: borrowing FileDescriptor?, into bytes: inout [UInt8]) -> Bool {
        var chunk = [UInt8](repeating: 0, count: 16384)
        let count = read(rawValue(of: source), &chunk, chunk.count)
        if count > 0 { bytes.append(contentsOf: chunk[..<count]) }
        return count > 0 || (count < 0 && (Errno.last == .again || Errno.last == .interrupted))
    }
}

/// The descriptor's number; -1 for one that is closed, which poll(2) passes over.
func rawValue(of descriptor: borrowing FileDescriptor?) -> CInt {
    switch descriptor {
    case .some(let open): open.rawValue
    case nil: -1
    }
}
