internal import Glibc

/// One message to a datagram socket of the unix family (unix(7)).
package enum UnixDatagram {
    /// Sends without waiting. A path that begins with `@` names an abstract socket.
    package static func send(_ message: some Collection<UInt8>, to path: String) throws(SystemError) {
        guard let address = UnixAddress(path) else { throw SystemError("send to", path, .invalid) }
        let socket = FileDescriptor(
            owning: try check("make a socket for", path) {
                Glibc.socket(AF_UNIX, CInt(SOCK_DGRAM.rawValue) | CInt(SOCK_CLOEXEC.rawValue), 0)
            })
        let bytes = Array(message)
        try check("send to", path) {
            address.withSocketAddress { pointer, length in
                sendto(socket.rawValue, bytes, bytes.count, CInt(MSG_NOSIGNAL) | CInt(MSG_DONTWAIT), pointer, length)
            }
        }
    }
}
