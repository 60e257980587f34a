internal import Glibc
internal import Linux

/// What a Service's port may speak.
package enum Transport: String, Sendable, CaseIterable {
    case tcp, udp, sctp

    /// Those that this kernel has sockets for.
    package static let available = allCases.filter { transport in
        do {
            _ = try transport.socket(AF_INET6)
            return true
        } catch {
            return false
        }
    }

    var socketType: __socket_type { self == .udp ? SOCK_DGRAM : SOCK_STREAM }
    var protocolNumber: Int32 { self == .sctp ? 132 : 0 }

    func socket(_ family: Int32) throws(SystemError) -> FileDescriptor {
        let kind = Int32(socketType.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue)
        return FileDescriptor(
            owning: try check("open", "a socket of \(rawValue)") { Glibc.socket(family, kind, protocolNumber) })
    }
}
