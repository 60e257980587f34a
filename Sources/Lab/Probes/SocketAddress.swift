internal import Glibc
internal import Linux
internal import NetTypes

/// An address and port as the socket calls want them.
enum SocketAddress {
    /// Calls the body with a sockaddr_in or sockaddr_in6 (ip(7), ipv6(7)): family, port, then the address; for IPv6
    /// with the flow information before it and the scope after. Laid out here because Glibc and the kernel's headers
    /// each define these types, and one Swift module cannot see both.
    static func with<Result>(
        _ address: IPAddress, port: UInt16, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Result
    ) -> Result {
        let family = UInt16(address.family.socketFamily)
        var octets = withUnsafeBytes(of: family) { Array($0) } + [UInt8(port >> 8), UInt8(port & 255)]
        switch address.family {
        case .v4: octets += address.octets + [UInt8](repeating: 0, count: 8)
        case .v6: octets += [0, 0, 0, 0] + address.octets + [0, 0, 0, 0]
        }
        return octets.withUnsafeBytes { bytes in
            let pointer = bytes.assumingMemoryBound(to: sockaddr.self)
            guard let base = pointer.baseAddress else { preconditionFailure("an address is never empty") }
            return body(base, socklen_t(bytes.count))
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
            return (result, IPAddress(octets: octets[8..<24])?.unmapped, port)
        default: return (result, nil, port)
        }
    }
}

extension IPAddress {
    /// IPv4, for an IPv6 address that only wraps one (RFC 4291, section 2.5.5.2).
    var unmapped: IPAddress {
        family == .v6 && value >> 32 == 0xFFFF ? IPAddress(family: .v4, value: value) : self
    }
}

extension IPFamily {
    var socketFamily: Int32 { self == .v4 ? AF_INET : AF_INET6 }
}
