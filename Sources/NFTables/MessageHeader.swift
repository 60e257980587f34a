internal import CNftables

/// What a message begins with: netlink's header and netfilter's (struct nlmsghdr, struct nfgenmsg).
struct MessageHeader {
    /// The subsystem (NFNL_SUBSYS_*) in the upper byte, its message in the lower.
    var type: UInt16
    /// AF_* or NFPROTO_*; 0 for all.
    var family: UInt8
    /// NLM_F_*, beside NLM_F_REQUEST.
    var flags: CInt
    var sequence: UInt32
    /// In host order.
    private var resource: UInt16 = 0

    init(_ subsystem: CInt, _ type: UInt32, family: UInt8, flags: CInt, sequence: UInt32) {
        self.type = UInt16(subsystem << 8) | UInt16(type)
        self.family = family
        self.flags = flags
        self.sequence = sequence
    }

    /// The first message of a transaction, which says of which subsystem the others are.
    static func batchBegin(_ sequence: UInt32) -> MessageHeader { batch(NLMSG_MIN_TYPE, sequence) }
    static func batchEnd(_ sequence: UInt32) -> MessageHeader { batch(NLMSG_MIN_TYPE + 1, sequence) }

    private static func batch(_ type: CInt, _ sequence: UInt32) -> MessageHeader {
        var header = MessageHeader(0, UInt32(type), family: 0, flags: 0, sequence: sequence)
        header.resource = UInt16(NFNL_SUBSYS_NFTABLES)
        return header
    }

    /// Begins a message there; attributes are appended to what this gives.
    func write(at start: UnsafeMutableRawPointer) -> Message {
        let size = MemoryLayout<nlmsghdr>.size
        let body = nfgenmsg(nfgen_family: family, version: UInt8(NFNETLINK_V0), res_id: resource.bigEndian)
        start.storeBytes(
            of: nlmsghdr(
                nlmsg_len: UInt32(size + MemoryLayout<nfgenmsg>.size), nlmsg_type: type,
                nlmsg_flags: UInt16(NLM_F_REQUEST | flags), nlmsg_seq: sequence, nlmsg_pid: 0), as: nlmsghdr.self)
        (start + size).storeBytes(of: body, as: nfgenmsg.self)
        return start.assumingMemoryBound(to: nlmsghdr.self)
    }
}
