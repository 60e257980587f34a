internal import Glibc
internal import Linux
internal import NetTypes

/// An address and port as the socket calls want them.
enum SocketAddress {
    /// Calls the body with a sockaddr_in or sockaddr_in6.
    static func with<Result>(
        _ address: IPAddress, port: UInt16, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Result
    ) -> Result {
        switch address {
        case .v4(let v4):
            var native = sockaddr_in()
            native.sin_family = sa_family_t(AF_INET)
            native.sin_port = port.bigEndian
            native.sin_addr.s_addr = v4.rawValue.bigEndian
            return withUnsafePointer(to: &native) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    body($0, socklen_t(MemoryLayout<sockaddr_in>.size))
                }
            }
        case .v6(let v6):
            var native = sockaddr_in6()
            native.sin6_family = sa_family_t(AF_INET6)
            native.sin6_port = port.bigEndian
            withUnsafeMutableBytes(of: &native.sin6_addr) { $0.copyBytes(from: v6.octets) }
            return withUnsafePointer(to: &native) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    body($0, socklen_t(MemoryLayout<sockaddr_in6>.size))
                }
            }
        }
    }

    /// Calls the body with room for any address, and reads what it left there. An IPv4 client of an IPv6 socket is
    /// given as IPv4.
    static func read<Result>(
        _ body: (UnsafeMutablePointer<sockaddr>, UnsafeMutablePointer<socklen_t>) -> Result
    ) -> (Result, address: IPAddress?, port: UInt16) {
        var storage = sockaddr_storage()
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        let result = withUnsafeMutablePointer(to: &storage) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, &length) }
        }
        let octets = withUnsafeBytes(of: &storage) { Array($0) }
        let port = UInt16(octets[2]) << 8 | UInt16(octets[3])
        switch Int32(storage.ss_family) {
        case AF_INET: return (result, IPAddress(octets: octets[4..<8]), port)
        case AF_INET6:
            let v6 = IPAddress(octets: octets[8..<24])
            if let value = v6?.value, value >> 32 == 0xFFFF { return (result, IPAddress(family: .v4, value: value), port) }
            return (result, v6, port)
        default: return (result, nil, port)
        }
    }
}

extension IPFamily {
    var socketFamily: Int32 { self == .v4 ? AF_INET : AF_INET6 }
}
