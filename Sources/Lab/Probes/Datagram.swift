internal import Glibc
internal import Linux
internal import NetTypes

/// A datagram that a server received, with what it takes to answer from the address that was asked.
struct Datagram {
    let client: IPAddress
    /// The server's own address that it was sent to; nil when the kernel did not say.
    let server: IPAddress?
    /// Octets of payload.
    let count: Int
    private var peer: sockaddr_storage
    /// An IPV6_PKTINFO control message (ipv6(7)), whatever the family: an IPv4 datagram's address is given mapped.
    private var control: [UInt8]

    /// Takes one from a non-blocking IPv6 socket with IPV6_RECVPKTINFO; nil when none is there.
    static func receive(_ socket: borrowing FileDescriptor) -> Datagram? {
        var payload = [UInt8](repeating: 0, count: 65536)
        var control = [UInt8](repeating: 0, count: 64)
        var storage = sockaddr_storage()
        let descriptor = socket.rawValue
        let count = exchange(&payload, &storage, &control) { message in
            let count = recvmsg(descriptor, &message, 0)
            return (count, Int(message.msg_controllen))
        }
        guard count.0 >= 0 else { return nil }
        let (_, address, _) = SocketAddress.read { pointer, length in
            memcpy(pointer, &storage, Int(length.pointee))
        }
        guard let address else { return nil }
        control.removeLast(control.count - count.1)
        // The header of a control message has 16 octets; the interface's number follows the address. Any will do for
        // the answer.
        var server: IPAddress?
        if control.count >= 36 {
            server = IPAddress(octets: control[16..<32])?.unmapped
            control.replaceSubrange(32..<36, with: [0, 0, 0, 0])
        }
        return Datagram(client: address, server: server, count: count.0, peer: storage, control: control)
    }

    func answer(_ socket: borrowing FileDescriptor, _ bytes: [UInt8]) {
        var (payload, storage, control) = (bytes, peer, control)
        let descriptor = socket.rawValue
        _ = Self.exchange(&payload, &storage, &control) { message in
            (sendmsg(descriptor, &message, 0), 0)
        }
    }

    /// Calls the body with a msghdr on these buffers.
    private static func exchange(
        _ payload: inout [UInt8], _ storage: inout sockaddr_storage, _ control: inout [UInt8],
        _ body: (inout msghdr) -> (Int, Int)
    ) -> (Int, Int) {
        payload.withUnsafeMutableBytes { payload in
            control.withUnsafeMutableBytes { control in
                withUnsafeMutablePointer(to: &storage) { name in
                    var vector = iovec(iov_base: payload.baseAddress, iov_len: payload.count)
                    return withUnsafeMutablePointer(to: &vector) { vector in
                        var message = msghdr()
                        message.msg_name = UnsafeMutableRawPointer(name)
                        message.msg_namelen = socklen_t(MemoryLayout<sockaddr_in6>.size)
                        message.msg_iov = vector
                        message.msg_iovlen = 1
                        message.msg_control = control.baseAddress
                        message.msg_controllen = Int(control.count)
                        return body(&message)
                    }
                }
            }
        }
    }
}
