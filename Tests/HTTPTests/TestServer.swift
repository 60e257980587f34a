import Daemon
import Glibc
import HTTP
import Linux
import NetTypes
import Synchronization
import TestSupport

/// An `HTTPServer` on a free port of the loopback, on a loop and thread of its own.
final class TestServer: Sendable {
    let port: UInt16
    private let calls: Mailbox<@Sendable (HTTPServer) -> Void>
    private let ended = Flag()

    static func limits(_ limits: HTTPServer.Limits = .pages, _ change: (inout HTTPServer.Limits) -> Void = { _ in })
        -> HTTPServer.Limits
    {
        var limits = limits
        change(&limits)
        return limits
    }

    /// A daemon's pages.
    convenience init(_ address: String = "127.0.0.1:0", limits: HTTPServer.Limits = .pages) throws {
        try self.init { loop in
            guard let address = ListenAddress(address) else { throw SystemError("listen on", address, .invalid) }
            return try HTTPServer(
                loop, listen: address, limits: limits,
                pages: [
                    "/healthz": { _ in .text("ok\n") },
                    "/large": { _ in .text(String(repeating: "x", count: 4 << 20)) },
                    "/echo": { request in .json(request.query ?? "") },
                ])
        }
    }

    init(_ make: @escaping @Sendable (EventLoop) throws -> HTTPServer) throws {
        let started = Mutex<Result<(UInt16, Mailbox<@Sendable (HTTPServer) -> Void>), any Error>?>(nil)
        let ended = ended
        _ = try Thread("http-server") {
            defer { ended.set() }
            do {
                let loop = try EventLoop()
                let server = try make(loop)
                let calls = try loop.mailbox { (call: @Sendable (HTTPServer) -> Void) in
                    call(server)
                    if server.isStopped { loop.stop() }
                }
                started.withLock { $0 = .success((server.port, calls)) }
                try loop.run()
                server.stop()
            } catch {
                started.withLock { $0 = $0 ?? .failure(error) }
            }
        }
        try eventually("the server listens") { started.withLock { $0 != nil } }
        guard let result = started.withLock({ $0 }) else { throw SystemError("start", "the server", .timedOut) }
        (port, calls) = try result.get()
    }

    /// Runs the body on the server's loop, some time later.
    func onLoop(_ body: @escaping @Sendable (HTTPServer) -> Void) { calls.post(body) }

    /// What the body says on the server's loop.
    func ask<Value: Sendable>(_ body: @escaping @Sendable (HTTPServer) -> Value) throws -> Value {
        let answer = Mutex<Value?>(nil)
        calls.post { server in answer.withLock { $0 = body(server) } }
        try eventually("the loop answers") { answer.withLock { $0 != nil } }
        guard let value = answer.withLock({ $0 }) else { throw SystemError("ask", "the server", .timedOut) }
        return value
    }

    deinit { calls.post { $0.stop() } }

    var url: String { "http://127.0.0.1:\(port)" }

    func connect() throws -> RawConnection { try RawConnection(port) }
}

/// Set once, from any thread.
final class Flag: Sendable {
    private let value = Atomic(false)
    func set() { value.store(true, ordering: .releasing) }
    var isSet: Bool { value.load(ordering: .acquiring) }
}

/// A client's end that sends whatever bytes a test likes.
final class RawConnection {
    let socket: FileDescriptor

    init(_ port: UInt16) throws {
        let socket = FileDescriptor(
            owning: try check("make", "a socket") {
                Glibc.socket(AF_INET, CInt(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
            })
        let raw = socket.rawValue
        try check("connect to", "port \(port)") { Loopback.withAddress(port) { Glibc.connect(raw, $0, $1) } }
        var patience = timeval(tv_sec: 20, tv_usec: 0)
        setsockopt(raw, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
        self.socket = socket
    }

    /// False when the server has closed.
    @discardableResult
    func send(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        return Glibc.send(socket.rawValue, bytes, bytes.count, CInt(MSG_NOSIGNAL)) == bytes.count
    }

    /// Everything up to the server's close; a reset ends it too.
    func readToEnd() -> String {
        var text: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 65536)
        while true {
            let count = recv(socket.rawValue, &chunk, chunk.count, 0)
            if count <= 0 { return String(decoding: text, as: UTF8.self) }
            text += chunk[..<count]
        }
    }

    /// Until this text has come.
    func read(until end: String) -> String {
        var text: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 1)
        while !String(decoding: text, as: UTF8.self).hasSuffix(end) {
            guard recv(socket.rawValue, &chunk, 1, 0) == 1 else { break }
            text += chunk
        }
        return String(decoding: text, as: UTF8.self)
    }
}
