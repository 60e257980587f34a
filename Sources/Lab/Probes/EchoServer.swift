internal import Glibc
package import Linux
internal import NetTypes

/// A server on one port that tells every client the address it saw: HTTP on TCP, and datagrams on UDP.
///
/// An answer is `ADDRESS BYTES\n`, where BYTES counts what came (the body of a POST, a datagram), filled with dots to
/// the same length, so that a large question has an equally large answer.
package struct EchoServer: ~Copyable {
    package static let port: UInt16 = 8080

    private let listener: FileDescriptor
    private let datagrams: FileDescriptor
    private var clients: [Int32: [UInt8]] = [:]

    /// Listens on both families, in the calling thread's network namespace.
    package init() throws(SystemError) {
        let streams = try Self.socket(SOCK_STREAM)
        let packets = try Self.socket(SOCK_DGRAM)
        try check("listen on", "port \(Self.port)") { listen(streams.rawValue, 128) }
        // A host with several addresses answers from the one that was asked.
        packets.set(Int32(IPPROTO_IPV6), IPV6_RECVPKTINFO, 1)
        listener = streams
        datagrams = packets
    }

    deinit { for client in clients.keys { close(client) } }

    private static func socket(_ type: __socket_type) throws(SystemError) -> FileDescriptor {
        let kind = Int32(type.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue)
        let descriptor = FileDescriptor(owning: try check("open", "a socket") { Glibc.socket(AF_INET6, kind, 0) })
        descriptor.set(SOL_SOCKET, SO_REUSEADDR, 1)
        descriptor.set(Int32(IPPROTO_IPV6), IPV6_V6ONLY, 0)
        let any = IPAddress.v6(IPv6Address(rawValue: 0))
        try check("bind to", "port \(port)") {
            SocketAddress.with(any, port: port) { bind(descriptor.rawValue, $0, $1) }
        }
        return descriptor
    }

    /// Serves until the process ends.
    package consuming func serve() -> Never {
        while true {
            var set = [listener.rawValue, datagrams.rawValue].map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
            set += clients.keys.map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
            guard poll(&set, nfds_t(set.count), -1) > 0 else { continue }
            for entry in set where entry.revents != 0 {
                switch entry.fd {
                case listener.rawValue: accept()
                case datagrams.rawValue: answerDatagrams()
                default: read(entry.fd)
                }
            }
        }
    }

    private mutating func accept() {
        let client = Glibc.accept(listener.rawValue, nil, nil)
        guard client >= 0 else { return }
        _ = fcntl(client, F_SETFL, O_NONBLOCK)
        clients[client] = []
    }

    private func answerDatagrams() {
        while let datagram = Datagram.receive(datagrams) {
            datagram.answer(datagrams, Self.answer(to: datagram.client, count: datagram.count))
        }
    }

    private mutating func read(_ client: Int32) {
        var buffer = [UInt8](repeating: 0, count: 16384)
        let count = recv(client, &buffer, buffer.count, 0)
        if count < 0 && Errno.last == .again { return }
        let received = (clients[client] ?? []) + buffer[..<max(0, count)]
        guard count > 0, received.count <= 1 << 20 else { return drop(client) }
        clients[client] = received
        guard let body = Self.completeBody(received) else { return }
        let (_, address, _) = SocketAddress.read { getpeername(client, $0, $1) }
        if let address {
            let answer = Self.answer(to: address, count: body)
            let head =
                "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: \(answer.count)\r\nConnection: close\r\n\r\n"
            let bytes = Array(head.utf8) + answer
            _ = send(client, bytes, bytes.count, Int32(MSG_NOSIGNAL))
        }
        drop(client)
    }

    private mutating func drop(_ client: Int32) {
        clients[client] = nil
        close(client)
    }

    /// The length of the request's body, once all of it is here (RFC 9112); the probes and curl send a Content-Length.
    private static func completeBody(_ request: [UInt8]) -> Int? {
        guard let end = request.firstRange(of: Array("\r\n\r\n".utf8)) else { return nil }
        let head = String(decoding: request[..<end.lowerBound], as: UTF8.self).lowercased()
        var length = 0
        // A carriage return and a line feed are one character to Swift.
        for line in head.split(separator: "\r\n") where line.hasPrefix("content-length:") {
            length = Int(line.dropFirst("content-length:".count).drop { $0 == " " }) ?? 0
        }
        return request.count - end.upperBound >= length ? length : nil
    }

    private static func answer(to address: IPAddress, count: Int) -> [UInt8] {
        let text = Array("\(address) \(count)\n".utf8)
        return text + [UInt8](repeating: UInt8(ascii: "."), count: max(0, count - text.count))
    }
}
