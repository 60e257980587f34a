package import Glibc
package import Linux
package import NetTypes

/// Where a server listens: `127.0.0.1:9500`, `[::1]:9500`, `:9500` for every address of both families.
package struct ListenAddress: Hashable, Sendable, CustomStringConvertible {
    package var address: IPAddress
    package var port: UInt16

    package init(_ address: IPAddress, port: UInt16) {
        self.address = address
        self.port = port
    }

    package init?(_ text: String) {
        guard let colon = text.lastIndex(of: ":"), let port = UInt16(text[text.index(after: colon)...]) else {
            return nil
        }
        let host = text[..<colon]
        let isBracketed = host.hasPrefix("[") && host.hasSuffix("]") && host.utf8.count > 2
        let name = host.isEmpty ? "::" : isBracketed ? host.dropFirst().dropLast() : host
        guard let address = IPAddress(name), host.isEmpty || isBracketed == (address.family == .v6) else { return nil }
        self.init(address, port: port)
    }

    package var description: String { address.family == .v6 ? "[\(address)]:\(port)" : "\(address):\(port)" }

    /// A non-blocking socket that listens there, in the calling thread's network namespace. The unspecified IPv6
    /// address takes IPv4 connections too.
    package func listen(backlog: CInt = 128) throws(SystemError) -> FileDescriptor {
        let type = CInt(SOCK_STREAM.rawValue) | CInt(SOCK_NONBLOCK.rawValue) | CInt(SOCK_CLOEXEC.rawValue)
        let family = address.family == .v6 ? AF_INET6 : AF_INET
        let socket = FileDescriptor(
            owning: try check("make a socket for", description) { Glibc.socket(family, type, 0) })
        var on: CInt = 1
        var off: CInt = 0
        let size = socklen_t(MemoryLayout<CInt>.size)
        // A daemon that restarts must get its port although old connections linger.
        setsockopt(socket.rawValue, SOL_SOCKET, SO_REUSEADDR, &on, size)
        if address.family == .v6 { setsockopt(socket.rawValue, CInt(IPPROTO_IPV6), IPV6_V6ONLY, &off, size) }
        try check("bind to", description) {
            withSocketAddress { bind(socket.rawValue, $0, $1) }
        }
        try check("listen on", description) { Glibc.listen(socket.rawValue, backlog) }
        return socket
    }

    /// A non-blocking socket on its way to this address: when it is writable it is connected, or has failed.
    package func connect() throws(SystemError) -> FileDescriptor {
        let type = CInt(SOCK_STREAM.rawValue) | CInt(SOCK_NONBLOCK.rawValue) | CInt(SOCK_CLOEXEC.rawValue)
        let family = address.family == .v6 ? AF_INET6 : AF_INET
        let socket = FileDescriptor(
            owning: try check("make a socket for", description) { Glibc.socket(family, type, 0) })
        var on: CInt = 1
        setsockopt(socket.rawValue, CInt(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(MemoryLayout<CInt>.size))
        let result = withSocketAddress { Glibc.connect(socket.rawValue, $0, $1) }
        if result != 0, Errno.last != .inProgress {
            throw SystemError("connect to", description, Errno.last)
        }
        return socket
    }

    /// As the socket calls want it.
    package func withSocketAddress<Result>(_ body: (UnsafePointer<sockaddr>, socklen_t) -> Result) -> Result {
        switch address {
        case .v4(let v4):
            var value = sockaddr_in()
            value.sin_family = sa_family_t(AF_INET)
            value.sin_port = port.bigEndian
            value.sin_addr.s_addr = v4.rawValue.bigEndian
            return withUnsafeBytes(of: &value) { Self.rebound($0, body) }
        case .v6(let v6):
            var value = sockaddr_in6()
            value.sin6_family = sa_family_t(AF_INET6)
            value.sin6_port = port.bigEndian
            withUnsafeMutableBytes(of: &value.sin6_addr) { $0.copyBytes(from: v6.octets) }
            return withUnsafeBytes(of: &value) { Self.rebound($0, body) }
        }
    }

    private static func rebound<Result>(
        _ bytes: UnsafeRawBufferPointer, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Result
    ) -> Result {
        bytes.withMemoryRebound(to: sockaddr.self) { buffer in
            guard let base = buffer.baseAddress else { preconditionFailure("a socket address has bytes") }
            return body(base, socklen_t(bytes.count))
        }
    }

    /// The port that a socket got; another than asked for when that was 0.
    package static func port(of socket: borrowing FileDescriptor) throws(SystemError) -> UInt16 {
        try SocketName(of: socket.rawValue, getsockname).port
    }
}
