internal import CNftables
internal import Glibc
internal import Linux

/// A netlink socket to the kernel's netfilter subsystems, in the namespace of the thread that opens it.
struct NetfilterSocket: ~Copyable {
    private let raw: OpaquePointer
    private let buffer: UnsafeMutableRawBufferPointer
    private var sendSpace = 0

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

    deinit {
        mnl_socket_close(raw)
        buffer.deallocate()
    }

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

/// The netlink messages of one datagram.
struct Messages: Sequence, IteratorProtocol {
    private var upcoming: UnsafePointer<nlmsghdr>?
    private var remaining: CInt

    init(_ datagram: UnsafeRawBufferPointer) {
        upcoming = datagram.baseAddress?.assumingMemoryBound(to: nlmsghdr.self)
        remaining = CInt(datagram.count)
    }

    mutating func next() -> UnsafePointer<nlmsghdr>? {
        guard let message = upcoming, mnl_nlmsg_ok(message, remaining) else { return nil }
        upcoming = UnsafePointer(mnl_nlmsg_next(message, &remaining))
        return message
    }
}

/// What an NLMSG_ERROR says: an acknowledgement (code 0) or a refusal, with the extended parts if there are any.
struct Acknowledgement {
    var errno: Errno
    var text: String?
    /// Bytes from the start of the refused message to the attribute that the kernel did not like.
    var offset: Int?

    init(_ message: UnsafePointer<nlmsghdr>) {
        let error = UnsafeRawPointer(message).advanced(by: MemoryLayout<nlmsghdr>.size)
        errno = Errno(-error.loadUnaligned(as: Int32.self))
        let flags = CInt(message.pointee.nlmsg_flags)
        guard flags & NLM_F_ACK_TLVS != 0 else { return }
        let request = error.loadUnaligned(fromByteOffset: 4, as: nlmsghdr.self)
        var offset = 4 + (flags & NLM_F_CAPPED != 0 ? MemoryLayout<nlmsghdr>.size : Int(request.nlmsg_len))
        let end = Int(message.pointee.nlmsg_len) - MemoryLayout<nlmsghdr>.size
        while offset + 4 <= end {
            let attribute = error.advanced(by: offset).assumingMemoryBound(to: nlattr.self)
            let length = Int(attribute.pointee.nla_len)
            guard length >= 4, offset + length <= end else { return }
            switch UInt32(mnl_attr_get_type(attribute)) {
            case NLMSGERR_ATTR_MSG.rawValue: text = mnl_attr_get_str(attribute).map { String(cString: $0) }
            case NLMSGERR_ATTR_OFFS.rawValue: self.offset = Int(mnl_attr_get_u32(attribute))
            default: break
            }
            offset += (length + 3) & ~3
        }
    }
}
