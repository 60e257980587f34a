internal import Glibc
internal import HTTP
package import Linux
package import NFTables
package import NetTypes

/// The socket that sends the one packet: a SYN, or an empty datagram.
package struct LiveProbe: ~Copyable {
    /// What the client hears.
    package enum Answer: Hashable, Sendable {
        case connected
        case answered
        /// Somebody has said that nobody serves this.
        case refused
        case failed(Errno)
    }

    private let socket: FileDescriptor
    private let isStream: Bool
    private let target: ListenAddress
    /// The packet's addresses and ports.
    package let flow: ConntrackEntry.Direction
    package private(set) var answer: Answer?

    /// Opens the socket with the source as its own address, in the namespace if one is given; nothing is sent yet.
    package init(
        from source: IPAddress, to destination: Destination, _ transport: L4Protocol, in namespace: String?
    ) throws {
        let socket: FileDescriptor
        if let namespace {
            socket = try NetworkNamespace(path: namespace).run { try Self.open(source, transport) }
        } else {
            socket = try Self.open(source, transport)
        }
        let port = try ListenAddress.port(of: socket)
        self.socket = socket
        isStream = transport != .udp
        target = ListenAddress(destination.address, port: destination.port)
        flow = .init(
            source: source, destination: destination.address, sourcePort: port, destinationPort: destination.port)
    }

    private static func open(_ source: IPAddress, _ transport: L4Protocol) throws(SystemError) -> FileDescriptor {
        let type = transport == .udp ? SOCK_DGRAM : SOCK_STREAM
        let number = CInt(type.rawValue) | CInt(SOCK_CLOEXEC.rawValue) | CInt(SOCK_NONBLOCK.rawValue)
        let family = source.family == .v4 ? AF_INET : AF_INET6
        let socket = FileDescriptor(
            owning: try check("open", "a socket for \(transport)") {
                Glibc.socket(family, number, CInt(transport.rawValue))
            })
        let own = ListenAddress(source, port: 0)
        try check("send from", "\(source)") { own.withSocketAddress { bind(socket.rawValue, $0, $1) } }
        if isConnected(transport) {
            // What is left at the end is cut: nobody waits for the rest of a conversation that never began.
            var linger = linger(l_onoff: 1, l_linger: 0)
            setsockopt(socket.rawValue, SOL_SOCKET, SO_LINGER, &linger, socklen_t(MemoryLayout<linger>.size))
        }
        return socket
    }

    private static func isConnected(_ transport: L4Protocol) -> Bool { transport != .udp }

    package var descriptor: CInt { socket.rawValue }

    package mutating func send() {
        let outcome = target.withSocketAddress { connect(socket.rawValue, $0, $1) }
        if outcome != 0, Errno.last != .inProgress { return fail(.last) }
        if !isStream, Glibc.send(socket.rawValue, nil, 0, CInt(MSG_NOSIGNAL)) != 0 { fail(.last) }
    }

    /// Looks whether there is an answer by now.
    package mutating func look() {
        if answer != nil { return }
        var error: CInt = 0
        var length = socklen_t(MemoryLayout<CInt>.size)
        getsockopt(socket.rawValue, SOL_SOCKET, SO_ERROR, &error, &length)
        if error != 0 { return fail(Errno(error)) }
        var entry = pollfd(fd: socket.rawValue, events: Int16(isStream ? POLLOUT : POLLIN), revents: 0)
        guard poll(&entry, 1, 0) > 0 else { return }
        if entry.revents & Int16(POLLERR | POLLHUP) == 0 { answer = isStream ? .connected : .answered }
    }

    private mutating func fail(_ cause: Errno) {
        answer = cause == Errno(ECONNREFUSED) ? .refused : .failed(cause)
    }
}
