internal import Glibc
internal import Linux
internal import NetTypes

/// A socket that lives in another network namespace than the thread that uses it.
final class ProbeSocket: Sendable {
    private let file: FileDescriptor
    private let family: IPFamily

    /// Opens the socket inside the namespace, where it stays; reads and writes wait no longer than the patience.
    init(
        in namespace: String, _ family: IPFamily, _ type: __socket_type, protocol number: Int32 = 0, patience: Duration
    )
        throws
    {
        self.family = family
        file = try NetworkNamespace(path: namespace).run { () throws -> FileDescriptor in
            FileDescriptor(
                owning: try check("open", "a socket") {
                    socket(family.socketFamily, Int32(type.rawValue | SOCK_CLOEXEC.rawValue), number)
                })
        }
        let parts = patience.components
        var limit = timeval(tv_sec: Int(parts.seconds), tv_usec: Int(parts.attoseconds / 1_000_000_000_000))
        for option in [SO_RCVTIMEO, SO_SNDTIMEO] {
            setsockopt(file.rawValue, SOL_SOCKET, option, &limit, socklen_t(MemoryLayout<timeval>.size))
        }
    }

    func connect(to address: IPAddress, port: UInt16) throws(SystemError) {
        do {
            try check("connect to", "\(address)") {
                SocketAddress.with(address, port: port) { Glibc.connect(file.rawValue, $0, $1) }
            }
        } catch  where error.errno == Errno(EINPROGRESS) {
            // That is how a connect says that SO_SNDTIMEO is over.
            throw SystemError("connect to", "\(address)", .timedOut)
        }
    }

    func bind(port: UInt16) throws(SystemError) {
        let any = IPAddress(family: family, value: 0)
        try check("bind to", "port \(port)") {
            SocketAddress.with(any, port: port) { Glibc.bind(file.rawValue, $0, $1) }
        }
    }

    func send(_ bytes: [UInt8]) throws(SystemError) {
        try check("send", "\(bytes.count) bytes") { Glibc.send(file.rawValue, bytes, bytes.count, Int32(MSG_NOSIGNAL)) }
    }

    /// One datagram, or what a stream has; `errno` is `.again` when the patience is over.
    func receive() throws(SystemError) -> [UInt8] {
        var buffer = [UInt8](repeating: 0, count: 65536)
        let count = try check("receive", "an answer") { recv(file.rawValue, &buffer, buffer.count, 0) }
        return Array(buffer[..<count])
    }

    /// A stream to its end.
    func receiveAll() throws(SystemError) -> [UInt8] { try file.readAll() }

    /// The address that the kernel chose for this end when it was connected.
    var ownAddress: IPAddress? {
        let (_, address, _) = SocketAddress.read { getsockname(file.rawValue, $0, $1) }
        return address
    }

    /// How many packets of a stream have been sent again, because nobody has confirmed them.
    var repetitions: Int {
        var information = tcp_info()
        var length = socklen_t(MemoryLayout<tcp_info>.size)
        getsockopt(file.rawValue, Int32(IPPROTO_TCP), TCP_INFO, &information, &length)
        return Int(information.tcpi_total_retrans)
    }

    /// IP_PMTUDISC_DO: sets DF, never fragments, reports what the path refuses.
    func forbidFragments() {
        switch family {
        case .v4:
            file.set(Int32(IPPROTO_IP), IP_MTU_DISCOVER, IP_PMTUDISC_DO)
        case .v6:
            file.set(Int32(IPPROTO_IPV6), IPV6_MTU_DISCOVER, IPV6_PMTUDISC_DO)
            file.set(Int32(IPPROTO_IPV6), IPV6_DONTFRAG, 1)
        }
    }

    /// Room for this many octets that have come and are not read yet. Past the limit of net.core.rmem_max, because a busy
    /// machine's pause is no loss on the way.
    func setReceiveBuffer(_ octets: Int32) { file.set(SOL_SOCKET, SO_RCVBUFFORCE, octets) }

    /// The MTU of the path to the connected peer, as the kernel knows it now.
    var pathMTU: Int {
        var value: Int32 = 0
        var length = socklen_t(MemoryLayout<Int32>.size)
        switch family {
        case .v4: getsockopt(file.rawValue, Int32(IPPROTO_IP), IP_MTU, &value, &length)
        case .v6: getsockopt(file.rawValue, Int32(IPPROTO_IPV6), IPV6_MTU, &value, &length)
        }
        return Int(value)
    }
}

extension FileDescriptor {
    /// Sets an integer option of a socket; the options used here cannot fail on a socket that is open.
    func set(_ level: Int32, _ option: Int32, _ value: Int32) {
        var value = value
        _ = setsockopt(rawValue, level, option, &value, socklen_t(MemoryLayout<Int32>.size))
    }
}
