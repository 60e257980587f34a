internal import CNftables
internal import Glibc
internal import Linux

/// A netlink socket to the kernel's netfilter subsystems, in the namespace of the thread that opens it.
struct NetfilterSocket: ~Copyable {
    private let raw: OpaquePointer
    private let buffer: UnsafeMutableRawBufferPointer
    private var sendSpace = 0
    private var sequence: UInt32 = 0
    /// Ends after `deinit`, as it must.
    private var release: DeferredRelease?

    /// Groups are multicast groups to listen to (NFNLGRP_*); `receiveSpace` is in bytes.
    init(groups: [CInt] = [], receiveSpace: CInt? = nil) throws(NFTError) {
        guard let raw = mnl_socket_open2(NETLINK_NETFILTER, CInt(SOCK_CLOEXEC.rawValue)) else {
            throw NFTError("open", "a netlink socket of netfilter", .last)
        }
        do {
            try Self.configure(raw, groups, receiveSpace)
        } catch {
            mnl_socket_close(raw)
            throw error
        }
        self.raw = raw
        // The kernel writes at most 32 KiB into one datagram of a dump.
        buffer = .allocate(byteCount: 65536, alignment: 16)
    }

    private static func configure(_ raw: OpaquePointer, _ groups: [CInt], _ receiveSpace: CInt?) throws(NFTError) {
        if mnl_socket_bind(raw, 0, pid_t(MNL_SOCKET_AUTOPID)) < 0 {
            throw NFTError("bind", "a netlink socket of netfilter", .last)
        }
        // Errors come with the reason and the place, and without the whole request. A kernel that knows neither says
        // less, and all else works.
        _ = set(raw, NETLINK_EXT_ACK, 1)
        _ = set(raw, NETLINK_CAP_ACK, 1)
        if let receiveSpace { setSpace(raw, SO_RCVBUFFORCE, SO_RCVBUF, receiveSpace) }
        for group in groups where set(raw, NETLINK_ADD_MEMBERSHIP, group) < 0 {
            throw NFTError("subscribe to", "netfilter group \(group)", .last)
        }
    }

    mutating func releaseLater() { release = DeferredRelease(of: descriptor) }

    deinit {
        mnl_socket_close(raw)
        buffer.deallocate()
    }

    mutating func nextSequence() -> UInt32 {
        sequence &+= 1
        return sequence
    }

    mutating func skipSequence(_ count: Int) { sequence &+= UInt32(count) }

    var descriptor: CInt { mnl_socket_get_fd(raw) }

    private static func set(_ raw: OpaquePointer, _ option: CInt, _ value: CInt) -> CInt {
        var value = value
        return mnl_socket_setsockopt(raw, option, &value, socklen_t(MemoryLayout<CInt>.size))
    }

    /// The forced option passes the limit of net.core.*mem_max, but needs CAP_NET_ADMIN in the first namespace.
    private static func setSpace(_ raw: OpaquePointer, _ forced: CInt, _ plain: CInt, _ bytes: CInt) {
        var bytes = bytes
        let size = socklen_t(MemoryLayout<CInt>.size)
        let descriptor = mnl_socket_get_fd(raw)
        if setsockopt(descriptor, SOL_SOCKET, forced, &bytes, size) != 0 {
            _ = setsockopt(descriptor, SOL_SOCKET, plain, &bytes, size)
        }
    }

    /// Sends the bytes as one datagram, because the kernel takes a batch only whole. It works on it before it returns.
    mutating func send(_ bytes: UnsafeRawBufferPointer) throws(Errno) {
        // A datagram and the kernel's own header of it must fit.
        let needed = bytes.count + 4096
        if needed > 65536 && needed > sendSpace {
            Self.setSpace(raw, SO_SNDBUFFORCE, SO_SNDBUF, CInt(clamping: needed))
            sendSpace = needed
        }
        while mnl_socket_sendto(raw, bytes.baseAddress, bytes.count) < 0 {
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
