package import Crypto
internal import Glibc
internal import Linux
package import NetTypes

/// Who is at a connection's other end, as far as the connection says.
package struct HTTPPeer: Hashable, Sendable {
    /// Nil only when the connection broke before it was asked.
    package let address: IPAddress?
    package let port: UInt16
    /// The address as text: on whose account requests go until it is known who asks.
    package let client: String
    package var isEncrypted = false
    /// What the client has shown of itself in TLS.
    package var certificate = PeerCertificate.none

    init(address: IPAddress? = nil, port: UInt16 = 0) {
        self.address = address
        self.port = port
        client = address.map { "\($0)" } ?? ""
    }

    /// The other end of a connected socket.
    init(of socket: CInt) {
        let name = try? SocketName(of: socket, getpeername)
        self.init(address: name?.address, port: name?.port ?? 0)
    }
}

/// The address of one end of a socket.
struct SocketName {
    var address: IPAddress?
    var port: UInt16

    init(
        of socket: CInt, _ ask: (CInt, UnsafeMutablePointer<sockaddr>, UnsafeMutablePointer<socklen_t>) -> CInt
    ) throws(SystemError) {
        var storage = sockaddr_storage()
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        try check("read the address of", "a socket") {
            withUnsafeMutablePointer(to: &storage) {
                $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { ask(socket, $0, &length) }
            }
        }
        let family = CInt(storage.ss_family)
        (address, port) = withUnsafeBytes(of: &storage) { bytes in
            // sin_port and sin6_port are at the same place; sin6_addr follows the flow label.
            let port = UInt16(bigEndian: bytes.load(fromByteOffset: 2, as: UInt16.self))
            let octets = family == AF_INET6 ? bytes[8..<24] : bytes[4..<8]
            // An IPv4 client of a socket for both families is shown as ::ffff:a.b.c.d.
            let isMapped =
                octets.count == 16 && octets.prefix(12).elementsEqual([UInt8](repeating: 0, count: 10) + [255, 255])
            return (IPAddress(octets: isMapped ? octets.suffix(4) : octets), port)
        }
    }
}
