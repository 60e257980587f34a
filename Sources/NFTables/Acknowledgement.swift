internal import CNftables
internal import Linux

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
