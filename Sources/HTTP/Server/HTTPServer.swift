package import Daemon
internal import Glibc
package import Linux

/// A small HTTP/1.1 server for health, metrics and status, on an `EventLoop`.
///
/// GET and HEAD only. It is bounded in everything that a stranger can cause: connections, the size of a head, and how
/// long each may take. When all connections are taken, a new one displaces the one that has kept us waiting longest.
package final class HTTPServer {
    package struct Limits: Hashable, Sendable {
        package var connections = 64
        package var headBytes = 8192
        /// From the first byte of a request, or the connection's beginning, to the end of its head.
        package var headTime = Duration.seconds(5)
        /// Between a response and the next request.
        package var idleTime = Duration.seconds(60)
        /// For taking a response.
        package var responseTime = Duration.seconds(10)

        package init() {}
    }

    package typealias Handler = (HTTPServerRequest) -> HTTPServerResponse

    /// The port it listens on.
    package let port: UInt16
    let limits: Limits
    let loop: EventLoop
    private let handlers: [String: Handler]
    private let listener: FileDescriptor
    private var connections: [CInt: HTTPServerConnection] = [:]
    private var sweep: LoopTimer?
    private var pause: LoopTimer?

    /// Listens at once. The handlers, by path, run on the loop and must not block.
    package init(
        _ loop: EventLoop, listen address: ListenAddress, limits: Limits = Limits(), handlers: [String: Handler]
    ) throws(SystemError) {
        self.loop = loop
        self.limits = limits
        self.handlers = handlers
        listener = try address.listen()
        port = try ListenAddress.port(of: listener)
        try watchListener()
    }

    /// Closes everything; call it on the loop's thread before letting the server go.
    package func stop() {
        loop.unwatch(listener.rawValue)
        for connection in connections.values { loop.unwatch(connection.fd) }
        connections = [:]
        for timer in [sweep, pause].compactMap(\.self) { loop.cancel(timer) }
        (sweep, pause) = (nil, nil)
    }

    func respond(to request: HTTPServerRequest) -> HTTPServerResponse {
        guard let handler = handlers[request.path] else {
            let known = handlers.keys.sorted().joined(separator: "\n")
            return .text("nothing is at this path; there is:\n\(known)\n", status: 404)
        }
        return handler(request)
    }

    func close(_ connection: HTTPServerConnection) {
        loop.unwatch(connection.fd)
        connections[connection.fd] = nil
    }

    private func watchListener() throws(SystemError) {
        try loop.watch(listener.rawValue) { [weak self] _ in self?.accept() }
    }

    private func accept() {
        // A bounded number a turn, so that a flood of connections does not keep the rest of the daemon waiting.
        for _ in 0..<16 {
            let accepted: FileDescriptor?
            do {
                accepted = try FileDescriptor.accept(from: listener)
            } catch {
                return pauseListening()
            }
            guard let accepted else { return }
            if connections.count >= limits.connections { displaceOne() }
            let connection = HTTPServerConnection(accepted, self)
            connections[connection.fd] = connection
            if sweep == nil { sweep = loop.every(.milliseconds(500)) { [weak self] in self?.closeExpired() } }
            do {
                try connection.start()
            } catch {
                close(connection)
            }
        }
    }

    /// Descriptors have run out: the listener would report the waiting connection over and over.
    private func pauseListening() {
        loop.unwatch(listener.rawValue)
        pause = loop.after(.milliseconds(200)) { [weak self] in try? self?.watchListener() }
    }

    private func displaceOne() {
        let waiting = connections.values.filter(\.isWaiting)
        if let oldest = (waiting.isEmpty ? Array(connections.values) : waiting).min(by: { $0.since < $1.since }) {
            close(oldest)
        }
    }

    private func closeExpired() {
        let now = MonotonicTime.now
        for connection in connections.values where connection.deadline <= now { connection.expire() }
        if connections.isEmpty, let sweep {
            loop.cancel(sweep)
            self.sweep = nil
        }
    }
}
