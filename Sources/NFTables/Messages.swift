internal import CNftables

/// The netlink messages of one datagram.
struct Messages: Sequence, IteratorProtocol {
    private var rest: Slice<UnsafeRawBufferPointer>

    init(_ datagram: UnsafeRawBufferPointer) { rest = datagram[...] }

    mutating func next() -> UnsafePointer<nlmsghdr>? {
        let bytes = UnsafeRawBufferPointer(rebasing: rest)
        guard bytes.count >= MemoryLayout<nlmsghdr>.size, let start = bytes.baseAddress else { return nil }
        let message = start.assumingMemoryBound(to: nlmsghdr.self)
        let length = Int(message.pointee.nlmsg_len)
        guard length >= MemoryLayout<nlmsghdr>.size, length <= bytes.count else { return nil }
        rest = rest.dropFirst((length + 3) & ~3)
        return message
    }
}

/// The attributes of a message after netfilter's header, or those inside another attribute.
struct Attributes: Sequence, IteratorProtocol {
    private var upcoming: UnsafeRawPointer
    private let end: UnsafeRawPointer

    init(of message: UnsafePointer<nlmsghdr>) {
        let start = UnsafeRawPointer(message)
        upcoming = start + MemoryLayout<nlmsghdr>.size + MemoryLayout<nfgenmsg>.size
        end = start + Int(message.pointee.nlmsg_len)
    }

    init(in attribute: UnsafePointer<nlattr>) {
        let start = UnsafeRawPointer(attribute)
        upcoming = start + MemoryLayout<nlattr>.size
        end = start + Int(attribute.pointee.nla_len)
    }

    mutating func next() -> UnsafePointer<nlattr>? {
        let attribute = upcoming.assumingMemoryBound(to: nlattr.self)
        guard end > upcoming, mnl_attr_ok(attribute, CInt(end - upcoming)) else { return nil }
        upcoming = UnsafeRawPointer(mnl_attr_next(attribute))
        return attribute
    }

    /// The first one of the type.
    subscript(type: UInt32) -> UnsafePointer<nlattr>? {
        first { UInt32(mnl_attr_get_type($0)) == type }
    }
}
