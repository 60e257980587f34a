internal import Glibc
package import Linux
internal import NetTypes

/// A server on one port that tells every client the address it saw: HTTP on TCP (and SCTP, where the kernel has it), and
/// datagrams on UDP.
///
/// An answer is `ADDRESS BYTES SERVER\n`, where BYTES counts what came (the body of a POST, a datagram) and SERVER is the
/// server's own address, whichever the client has asked for; filled with dots to the same length as the question, so that
/// a large one has an equally large answer.
package struct EchoServer: ~Copyable {
    package static let port: UInt16 = 8080
    /// Datagrams in one go, so that connections have their turn however many come.
    private static let burst = 16

    private let listener: FileDescriptor
    private let associations: FileDescriptor?
    private let datagrams: FileDescriptor
    private var clients: [Int32: [UInt8]] = [:]

    /// Listens on both families, in the calling thread's network namespace.
    package init() throws(SystemError) {
        let streams = try Self.bound(.tcp)
        let packets = try Self.bound(.udp)
        try Self.listen(streams)
        // A host with several addresses answers from the one that was asked.
        packets.set(Int32(IPPROTO_IPV6), IPV6_RECVPKTINFO, 1)
        if Transport.available.contains(.sctp) {
            let own = try Self.bound(.sctp)
            try Self.listen(own)
            associations = consume own
        } else {
            associations = nil
        }
        listener = streams
        datagrams = packets
    }

    deinit { for client in clients.keys { close(client) } }

    private static func bound(_ transport: Transport) throws(SystemError) -> FileDescriptor {
        let descriptor = try transport.socket(AF_INET6)
        descriptor.set(SOL_SOCKET, SO_REUSEADDR, 1)
        descriptor.set(Int32(IPPROTO_IPV6), IPV6_V6ONLY, 0)
        let any = IPAddress.v6(IPv6Address(rawValue: 0))
        try check("bind to", "port \(port)") {
            SocketAddress.with(any, port: port) { bind(descriptor.rawValue, $0, $1) }
        }
        return descriptor
    }

    private static func listen(_ descriptor: borrowing FileDescriptor) throws(SystemError) {
        let number = descriptor.rawValue
        try check("listen on", "port \(port)") { Glibc.listen(number, 128) }
    }

    /// -1, which poll(2) passes over, where the kernel has no SCTP.
    private var associationsNumber: Int32 {
        switch associations {
        case .some(let descriptor): descriptor.rawValue
        case nil: -1
        }
    }

    /// Serves until the process ends.
    package consuming func serve() -> Never {
        while true { serveOnce() }
    }

    /// Waits until somebody wants something, and gives all who do their turn.
    mutating func serveOnce() {
        let others = [listener.rawValue, datagrams.rawValue, associationsNumber]
        var set = (others + clients.keys).map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
        guard poll(&set, nfds_t(set.count), -1) > 0 else { return }
        for entry in set where entry.revents != 0 {
            switch entry.fd {
            case listener.rawValue, associationsNumber: accept(entry.fd)
            case datagrams.rawValue: answerDatagrams()
            default: read(entry.fd)
            }
        }
    }

    private mutating func accept(_ listener: Int32) {
        let client = Glibc.accept(listener, nil, nil)
        guard client >= 0 else { return }
        _ = fcntl(client, F_SETFL, O_NONBLOCK)
        clients[client] = []
    }

    private func answerDatagrams() {
        for _ in 0..<Self.burst {
            guard let datagram = Datagram.receive(datagrams) else { return }
            datagram.answer(datagrams, Self.answer(to: datagram.client, count: datagram.count, by: datagram.server))
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
            let (_, own, _) = SocketAddress.read { getsockname(client, $0, $1) }
            let answer = Self.answer(to: address, count: body, by: own)
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

    private static func answer(to address: IPAddress, count: Int, by own: IPAddress?) -> [UInt8] {
        let text = Array("\(address) \(count) \(own.map { "\($0)" } ?? "-")\n".utf8)
        return text + [UInt8](repeating: UInt8(ascii: "."), count: max(0, count - text.count))
    }
}
