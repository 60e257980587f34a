internal import CNetlink
internal import Glibc
internal import Linux

/// The system calls of a netlink socket.
struct NetlinkPort: ~Copyable {
    let descriptor: FileDescriptor

    /// Opens a socket in the calling thread's network namespace. `groups` is the mask of the first 32 multicast groups to
    /// join.
    ///
    /// The socket never blocks: the kernel answers inside of send(2), and makes the next part of a dump inside of the
    /// receipt of the one before. An empty queue (`errno` `.again`) means that nothing more will come.
    init(groups: UInt32 = 0) throws(NetlinkError) {
        descriptor = try Self.wrap { () throws(SystemError) in
            let type = CInt(SOCK_RAW.rawValue) | CInt(SOCK_CLOEXEC.rawValue) | O_NONBLOCK
            let descriptor = FileDescriptor(
                owning: try check("open", "a netlink socket") { socket(AF_NETLINK, type, NETLINK_ROUTE) })
            var address = sockaddr_nl()
            address.nl_family = sa_family_t(AF_NETLINK)
            address.nl_groups = groups
            try check("bind", "a netlink socket") {
                withUnsafeBytes(of: &address) {
                    bind(
                        descriptor.rawValue, $0.baseAddress?.assumingMemoryBound(to: sockaddr.self), socklen_t($0.count)
                    )
                }
            }
            return descriptor
        }
    }

    /// Opens a socket in another network namespace; the calling thread comes back at once.
    static func open(in namespace: borrowing NetworkNamespace, groups: UInt32 = 0) throws(NetlinkError) -> NetlinkPort {
        do {
            return try namespace.run { () throws -> NetlinkPort in try NetlinkPort(groups: groups) }
        } catch let error as NetlinkError {
            throw error
        } catch {
            throw NetlinkError("open a netlink socket in", namespace.path, (error as? SystemError)?.errno ?? .invalid)
        }
    }

    private static func wrap<Result: ~Copyable>(_ body: () throws(SystemError) -> Result) throws(NetlinkError) -> Result
    {
        do { return try body() } catch { throw NetlinkError(error.operation, error.object, error.errno) }
    }

    /// Switches a netlink socket option on; false where the kernel does not have it.
    @discardableResult
    func enable(_ option: some BinaryInteger) -> Bool { set(CInt(SOL_NETLINK), CInt(option), 1) }

    @discardableResult
    func set(_ level: CInt, _ option: CInt, _ value: CInt) -> Bool {
        withUnsafeBytes(of: value) {
            setsockopt(descriptor.rawValue, level, option, $0.baseAddress, socklen_t($0.count)) == 0
        }
    }

    func get(_ level: CInt, _ option: CInt) -> Int {
        var value: CInt = 0
        var length = socklen_t(MemoryLayout<CInt>.size)
        return getsockopt(descriptor.rawValue, level, option, &value, &length) == 0 ? Int(value) : 0
    }

    /// The number of the link by that name (SIOCGIFINDEX).
    func index(of link: String) throws(NetlinkError) -> InterfaceIndex {
        try Self.wrap { () throws(SystemError) in try descriptor.index(ofLink: link) }
    }

    /// Sends the messages as one datagram; the kernel has dealt with all of them when this returns.
    func send(_ bytes: [UInt8]) throws(NetlinkError) {
        _ = try Self.wrap { () throws(SystemError) in
            try check("send to", "the kernel's routing socket") {
                bytes.withUnsafeBytes { Glibc.send(descriptor.rawValue, $0.baseAddress, $0.count, 0) }
            }
        }
    }

    /// Receives one datagram of the kernel's; those of other senders are dropped. Returns its true length, which is
    /// more than the buffer holds when it was cut off. `errno` `.noBuffers` says that the kernel dropped messages.
    func receive(into buffer: borrowing ReceiveBuffer) throws(NetlinkError) -> Int {
        let memory = buffer.memory
        while true {
            var sender = sockaddr_nl()
            var senderLength = socklen_t(MemoryLayout<sockaddr_nl>.size)
            let length = try Self.wrap { () throws(SystemError) in
                try check("receive from", "the kernel's routing socket") {
                    withUnsafeMutableBytes(of: &sender) {
                        recvfrom(
                            descriptor.rawValue, memory.baseAddress, memory.count, CInt(MSG_TRUNC),
                            $0.baseAddress?.assumingMemoryBound(to: sockaddr.self), &senderLength)
                    }
                }
            }
            if sender.nl_pid == 0 { return length }
        }
    }
}

/// Memory for one datagram. The kernel makes those of a dump as large as the largest buffer it has seen, up to 32 KiB.
struct ReceiveBuffer: ~Copyable {
    private(set) var memory: UnsafeMutableRawBufferPointer

    init(capacity: Int = 32768) {
        memory = UnsafeMutableRawBufferPointer.allocate(byteCount: capacity, alignment: 16)
    }

    deinit { memory.deallocate() }

    mutating func grow(toHold length: Int) {
        memory.deallocate()
        memory = UnsafeMutableRawBufferPointer.allocate(byteCount: max(length, 2 * memory.count), alignment: 16)
    }

    /// Calls the body with each message of a datagram of this length.
    func forEachMessage<Failure>(length: Int, _ body: (nlmsghdr, RawSpan) throws(Failure) -> Void) throws(Failure) {
        let datagram = RawSpan(_unsafeBytes: UnsafeRawBufferPointer(rebasing: memory[..<min(length, memory.count)]))
        try datagram.forEachMessage(body)
    }
}
