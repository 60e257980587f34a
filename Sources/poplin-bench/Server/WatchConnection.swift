internal import Crypto
internal import Daemon
internal import Glibc
internal import Linux

/// Watches on one HTTP/2 connection, and when their events arrive. As little of a client as does: libcurl's own work on a
/// stream is several times the server's, and would be what is measured.
final class WatchConnection {
    private enum FrameType: UInt8 { case data, headers, priority, reset, settings, push, ping, goAway, windowUpdate }

    private let socket: FileDescriptor
    private let session: TLSSession
    private let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 64 << 10, alignment: 16)
    /// The beginning of a frame's header, when it came in parts.
    private var header: [UInt8] = []
    private var type: UInt8 = 0
    /// What is still to come of the present frame.
    private var left = 0
    private var streams = 0
    private let tally: WatchTally

    /// Connects and sets up TLS, waiting.
    init(_ context: TLSClientContext, port: Int, _ tally: WatchTally) throws {
        socket = try FileDescriptor.loopbackConnection(port: port)
        self.tally = tally
        session = try context.session(on: socket.rawValue, address: "127.0.0.1")
        guard case .done = session.handshake() else { throw BenchFailure(reason: "TLS was not set up") }
        // SETTINGS: streams may send a gibibyte each; and so may all of them (WINDOW_UPDATE).
        send(Array("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".utf8))
        send(Self.frame(.settings, [0, 4, 0x40, 0, 0, 0]))
        send(Self.frame(.windowUpdate, [0x3F, 0, 0, 0]))
    }

    deinit { buffer.deallocate() }

    /// Sends so many requests for the path, and from then on looks after what arrives.
    func watch(_ path: String, _ count: Int, _ loop: EventLoop) throws {
        let flags = fcntl(socket.rawValue, F_GETFL)
        // What is sent is sent as a whole.
        try check("configure", "a socket") { fcntl(socket.rawValue, F_SETFL, flags & ~O_NONBLOCK) }
        for index in streams..<streams + count {
            // HPACK: GET and https by their indices, authority and path as they are (RFC 7541, section 6).
            let fields = [0x82, 0x87, 0x01, 9] + Array("localhost".utf8) + [0x04, UInt8(path.utf8.count)] + path.utf8
            // END_STREAM and END_HEADERS.
            send(Self.frame(.headers, fields, flags: 5, stream: UInt32(2 * index + 1)))
        }
        try check("configure", "a socket") { fcntl(socket.rawValue, F_SETFL, flags | O_NONBLOCK) }
        if streams == 0 { try loop.watch(socket.rawValue) { [unowned self] _ in receive() } }
        streams += count
    }

    func close(_ loop: EventLoop) { loop.unwatch(socket.rawValue) }

    private func receive() {
        while case .bytes(let count) = session.receive(into: buffer) {
            take(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
        }
        tally.onProgress()
    }

    private func take(_ bytes: UnsafeRawBufferPointer) {
        var at = 0
        while at < bytes.count {
            if left == 0 {
                header.append(bytes[at])
                at += 1
                if header.count == 9 { begin() }
                continue
            }
            let portion = bytes[at..<min(at + left, bytes.count)]
            if type == FrameType.data.rawValue {
                for byte in portion where byte == UInt8(ascii: "\n") { tally.events += 1 }
            } else if type == FrameType.ping.rawValue {
                send(Self.frame(.ping, Array(portion), flags: 1))
            }
            left -= portion.count
            at += portion.count
        }
    }

    private func begin() {
        left = Int(header[0]) << 16 | Int(header[1]) << 8 | Int(header[2])
        type = header[3]
        if type == FrameType.headers.rawValue { tally.opened += 1 }
        if type == FrameType.settings.rawValue, header[4] & 1 == 0 { send(Self.frame(.settings, [], flags: 1)) }
        header.removeAll(keepingCapacity: true)
    }

    private static func frame(_ type: FrameType, _ payload: [UInt8], flags: UInt8 = 0, stream: UInt32 = 0) -> [UInt8] {
        let count = UInt32(payload.count)
        let numbers = [count >> 16, count >> 8, count].map { UInt8(truncatingIfNeeded: $0) }
        let id = [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: stream >> $0) }
        return numbers + [type.rawValue, flags] + id + payload
    }

    /// What is sent is little, and the server reads.
    private func send(_ bytes: [UInt8]) {
        bytes.withUnsafeBytes { _ = session.send($0) }
    }
}

extension FileDescriptor {
    /// A connection to a server on this machine.
    static func loopbackConnection(port: Int) throws -> FileDescriptor {
        let socket = FileDescriptor(
            owning: try check("make", "a socket") {
                Glibc.socket(AF_INET, CInt(SOCK_STREAM.rawValue) | CInt(SOCK_CLOEXEC.rawValue), 0)
            })
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = UInt16(port).bigEndian
        address.sin_addr.s_addr = UInt32(INADDR_LOOPBACK).bigEndian
        let descriptor = socket.rawValue
        try check("connect to", "the server") {
            withUnsafePointer(to: &address) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
                }
            }
        }
        return socket
    }
}

/// What has arrived on all connections.
final class WatchTally {
    /// Answers that have begun.
    var opened = 0
    /// Each is a line.
    var events = 0
    /// Called when more has arrived.
    var onProgress: () -> Void = {}
}
