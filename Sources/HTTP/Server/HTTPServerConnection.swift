internal import Daemon
internal import Glibc
internal import Linux

/// One client of the server. It reads a request, then writes its response, and does not read on before that is done, so
/// that what it holds is bounded by one head and one response.
final class HTTPServerConnection {
    private enum State {
        case reading
        case writing(isLast: Bool)
        /// The last response is out: what the client still sends is thrown away until it closes, because a close with
        /// bytes unread would reset the connection and could take the response with it.
        case draining
    }

    private let socket: FileDescriptor
    private unowned let server: HTTPServer
    private var parser: HTTPRequestParser
    private var output: [UInt8] = []
    private var written = 0
    private var state = State.reading
    /// When it began to be in this state.
    private(set) var since = MonotonicTime.now
    private(set) var deadline: MonotonicTime

    init(_ socket: consuming FileDescriptor, _ server: HTTPServer) {
        self.socket = socket
        self.server = server
        parser = HTTPRequestParser(headLimit: server.limits.headBytes)
        deadline = .now + server.limits.headTime
    }

    var fd: CInt { socket.rawValue }

    /// For the client to send something.
    var isWaiting: Bool { if case .writing = state { false } else { true } }

    func start() throws(SystemError) {
        try server.loop.watch(fd) { [weak self] readiness in self?.ready(readiness) }
    }

    /// The deadline has passed.
    func expire() {
        if case .reading = state, !parser.isEmpty {
            answer(.text("the request took too long\n", status: 408), isHead: false, isLast: true)
        } else {
            server.close(self)
        }
    }

    private func ready(_ readiness: Readiness) {
        switch state {
        case .reading: read()
        case .writing: write()
        case .draining: drain()
        }
    }

    private func read() {
        var chunk = [UInt8](repeating: 0, count: 4096)
        guard let count = receive(&chunk) else { return }
        guard count > 0 else { return server.close(self) }
        if parser.isEmpty { enter(.reading, within: server.limits.headTime) }
        parser.receive(chunk[..<count])
        parse()
    }

    private func parse() {
        switch parser.next() {
        case .incomplete: break
        case .request(let request):
            let response = server.respond(to: request)
            answer(response, isHead: request.method == .head, isLast: !request.isPersistent)
        case .refused(let status, let reason): answer(.text(reason + "\n", status: status), isHead: false, isLast: true)
        }
    }

    private func answer(_ response: HTTPServerResponse, isHead: Bool, isLast: Bool) {
        output = response.encoded(isHead: isHead, isPersistent: !isLast)
        written = 0
        enter(.writing(isLast: isLast), within: server.limits.responseTime)
        write()
    }

    private func write() {
        while written < output.count {
            let count = output.withUnsafeBytes { bytes in
                send(fd, bytes.baseAddress.map { $0 + written }, bytes.count - written, CInt(MSG_NOSIGNAL))
            }
            if count < 0 {
                switch Errno.last {
                case .interrupted: continue
                case .again: return watch(for: .writable)
                default: return server.close(self)
                }
            }
            written += count
        }
        output = []
        guard case .writing(let isLast) = state else { return }
        if isLast {
            shutdown(fd, CInt(SHUT_WR))
            enter(.draining, within: .seconds(1))
            watch(for: .readable)
        } else {
            enter(.reading, within: parser.isEmpty ? server.limits.idleTime : server.limits.headTime)
            watch(for: .readable)
            // The next request may be here already. It is answered in a turn of its own: a client that pipelines must
            // neither starve the others nor deepen the stack.
            if !parser.isEmpty { server.loop.after(.zero) { [weak self] in self?.resume() } }
        }
    }

    private func resume() {
        if case .reading = state { parse() }
    }

    private func drain() {
        var chunk = [UInt8](repeating: 0, count: 4096)
        if let count = receive(&chunk), count == 0 { server.close(self) }
    }

    /// nil when there is nothing to do: no bytes yet, or the connection broke and is closed.
    private func receive(_ chunk: inout [UInt8]) -> Int? {
        let count = recv(fd, &chunk, chunk.count, 0)
        if count >= 0 { return count }
        let cause = Errno.last
        if cause != .again && cause != .interrupted { server.close(self) }
        return nil
    }

    private func enter(_ state: State, within time: Duration) {
        self.state = state
        since = .now
        deadline = since + time
    }

    private func watch(for interest: Readiness) {
        do {
            try server.loop.change(fd, to: interest)
        } catch {
            server.close(self)
        }
    }
}
