internal import CNftables
internal import Glibc
internal import Linux

/// A netlink socket to the kernel's netfilter subsystems, in the namespace of the thread that opens it.
struct NetfilterSocket: ~Copyable {
    private let socket: FileDescriptor
    private let buffer: UnsafeMutableRawBufferPointer
    private var sendSpace = 0
    private var sequence: UInt32 = 0
    /// Ends after `deinit`, as it must.
    private var release: DeferredRelease?

    /// Groups are multicast groups to listen to (NFNLGRP_*); `receiveSpace` is in bytes.
    init(groups: [CInt] = [], receiveSpace: CInt? = nil) throws(NFTError) {
        socket = try Self.open(groups, receiveSpace)
        // The kernel writes at most 32 KiB into one datagram of a dump.
        buffer = .allocate(byteCount: 65536, alignment: 16)
    }

    private static func open(_ groups: [CInt], _ receiveSpace: CInt?) throws(NFTError) -> FileDescriptor {
        let type = CInt(SOCK_RAW.rawValue) | CInt(SOCK_CLOEXEC.rawValue)
        let raw = Glibc.socket(AF_NETLINK, type, NETLINK_NETFILTER)
        if raw < 0 { throw NFTError("open", "a netlink socket of netfilter", .last) }
        let socket = FileDescriptor(owning: raw)
        var address = sockaddr_nl()
        address.nl_family = sa_family_t(AF_NETLINK)
        let outcome = withUnsafeBytes(of: &address) {
            bind(raw, $0.baseAddress?.assumingMemoryBound(to: sockaddr.self), socklen_t($0.count))
        }
        if outcome < 0 { throw NFTError("bind", "a netlink socket of netfilter", .last) }
        // Errors come with the reason and the place, and without the whole request. A kernel that knows neither says
        // less, and all else works.
        _ = set(raw, SOL_NETLINK, NETLINK_EXT_ACK, 1)
        _ = set(raw, SOL_NETLINK, NETLINK_CAP_ACK, 1)
        if let receiveSpace { setSpace(raw, SO_RCVBUFFORCE, SO_RCVBUF, receiveSpace) }
        for group in groups where !set(raw, SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, group) {
            throw NFTError("subscribe to", "netfilter group \(group)", .last)
        }
        return socket
    }

    mutating func releaseLater() { release = DeferredRelease(of: descriptor) }

    deinit { buffer.deallocate() }

    mutating func nextSequence() -> UInt32 {
        sequence &+= 1
        return sequence
    }

    mutating func skipSequence(_ count: Int) { sequence &+= UInt32(count) }

    var descriptor: CInt { socket.rawValue }

    private static func set(_ descriptor: CInt, _ level: CInt, _ option: CInt, _ value: CInt) -> Bool {
        withUnsafeBytes(of: value) {
            setsockopt(descriptor, level, option, $0.baseAddress, socklen_t($0.count)) == 0
        }
    }

    /// The forced option passes the limit of net.core.*mem_max, but needs CAP_NET_ADMIN in the first namespace.
    private static func setSpace(_ descriptor: CInt, _ forced: CInt, _ plain: CInt, _ bytes: CInt) {
        if !set(descriptor, SOL_SOCKET, forced, bytes) { _ = set(descriptor, SOL_SOCKET, plain, bytes) }
    }

    /// Sends the bytes as one datagram, because the kernel takes a batch only whole. It works on it before it returns.
    mutating func send(_ bytes: UnsafeRawBufferPointer) throws(Errno) {
        // A datagram and the kernel's own header of it must fit.
        let needed = bytes.count + 4096
        if needed > 65536 && needed > sendSpace {
            Self.setSpace(descriptor, SO_SNDBUFFORCE, SO_SNDBUF, CInt(clamping: needed))
            sendSpace = needed
        }
        while Glibc.send(descriptor, bytes.baseAddress, bytes.count, 0) < 0 {
            let cause = Errno.last
            if cause != .interrupted { throw cause }
        }
    }

    /// The next datagram; nil when none is there and `wait` is false. `.noBuffers` says that some were lost.
    func receive(wait: Bool) throws(Errno) -> UnsafeRawBufferPointer? {
        while true {
            let count = recv(descriptor, buffer.baseAddress, buffer.count, wait ? 0 : CInt(MSG_DONTWAIT))
            if count >= 0 { return UnsafeRawBufferPointer(rebasing: buffer[..<count]) }
            let cause = Errno.last
            if cause == .again && !wait { return nil }
            if cause != .interrupted { throw cause }
        }
    }
}
