import Glibc
import Lab
import Linux
import NetTypes

/// Sockets between namespaces: does a packet come through, and whom does the other side see?
struct PacketProbe {
    struct Listener: ~Copyable {
        let socket: FileDescriptor
        let kind: __socket_type

        init(_ pod: borrowing LabNamespace, port: UInt16, _ kind: __socket_type = SOCK_STREAM, family: IPFamily = .v4)
            throws
        {
            self.kind = kind
            socket = try pod.run {
                let socket = try open(family, kind)
                var one: CInt = 1
                setsockopt(socket.rawValue, SOL_SOCKET, SO_REUSEADDR, &one, 4)
                _ = try withAddress(IPAddress(family: family, value: 0), port) { address, length in
                    try check("bind", "port \(port)") { Glibc.bind(socket.rawValue, address, length) }
                }
                if kind == SOCK_STREAM { try check("listen", "port \(port)") { listen(socket.rawValue, 8) } }
                return socket
            }
        }

        /// The address that a connection, or a datagram, came from; nil when none came in time.
        func peer(within milliseconds: CInt = 3000) throws -> IPAddress? {
            var poll = pollfd(fd: socket.rawValue, events: Int16(POLLIN), revents: 0)
            if Glibc.poll(&poll, 1, milliseconds) <= 0 { return nil }
            var storage = sockaddr_storage()
            var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
            return try withUnsafeMutablePointer(to: &storage) { pointer in
                try pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                    if kind == SOCK_STREAM {
                        _ = FileDescriptor(
                            owning: try check("accept", "a connection") { accept(socket.rawValue, address, &length) })
                    } else {
                        var byte: UInt8 = 0
                        try check("receive", "a datagram") { recvfrom(socket.rawValue, &byte, 1, 0, address, &length) }
                    }
                }
                return pointer.withMemoryRebound(to: UInt8.self, capacity: 28) { bytes in
                    pointer.pointee.ss_family == sa_family_t(AF_INET)
                        ? IPAddress(octets: UnsafeBufferPointer(start: bytes + 4, count: 4))
                        : IPAddress(octets: UnsafeBufferPointer(start: bytes + 8, count: 16))
                }
            }
        }
    }

    /// Whether a TCP connection is made within the time.
    static func connects(
        from place: borrowing LabNamespace, to target: String, port: UInt16, within milliseconds: CInt = 3000
    ) throws -> Bool {
        guard let target = IPAddress(target) else { return false }
        return try place.run {
            let socket = try open(target.family, SOCK_STREAM)
            _ = fcntl(socket.rawValue, F_SETFL, O_NONBLOCK)
            withAddress(target, port) { address, length in _ = connect(socket.rawValue, address, length) }
            var poll = pollfd(fd: socket.rawValue, events: Int16(POLLOUT), revents: 0)
            if Glibc.poll(&poll, 1, milliseconds) <= 0 { return false }
            var failure: CInt = 0
            var length = socklen_t(4)
            getsockopt(socket.rawValue, SOL_SOCKET, SO_ERROR, &failure, &length)
            return failure == 0
        }
    }

    /// A UDP socket that keeps its port, as a client of one flow does.
    static func datagramSocket(in place: borrowing LabNamespace) throws -> FileDescriptor {
        try place.run { try open(.v4, SOCK_DGRAM) }
    }

    static func send(_ socket: borrowing FileDescriptor, to target: String, port: UInt16) {
        guard let target = IPAddress(target) else { return }
        var byte: UInt8 = 1
        withAddress(target, port) { address, length in _ = sendto(socket.rawValue, &byte, 1, 0, address, length) }
    }

    private static func open(_ family: IPFamily, _ kind: __socket_type) throws -> FileDescriptor {
        FileDescriptor(
            owning: try check("open", "a socket") {
                socket(family == .v4 ? AF_INET : AF_INET6, CInt(kind.rawValue) | CInt(SOCK_CLOEXEC.rawValue), 0)
            })
    }

    private static func withAddress<Result, Failure>(
        _ address: IPAddress, _ port: UInt16, _ body: (UnsafePointer<sockaddr>, socklen_t) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        var bytes = [UInt8](repeating: 0, count: 28)
        bytes[0] = UInt8(address.family == .v4 ? AF_INET : AF_INET6)
        (bytes[2], bytes[3]) = (UInt8(port >> 8), UInt8(port & 255))
        let offset = address.family == .v4 ? 4 : 8
        bytes.replaceSubrange(offset..<(offset + address.octets.count), with: address.octets)
        let length = socklen_t(address.family == .v4 ? 16 : 28)
        let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: 28, alignment: 16)
        defer { memory.deallocate() }
        memory.copyBytes(from: bytes)
        guard let start = memory.baseAddress else { preconditionFailure("memory without an address") }
        return try body(UnsafeRawPointer(start).assumingMemoryBound(to: sockaddr.self), length)
    }
}
