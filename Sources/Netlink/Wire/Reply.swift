internal import CNetlink
internal import Linux

/// One message of a datagram from the kernel, told apart by what it means for the request.
enum ReplyKind {
    case acknowledged
    case failed(Errno, detail: String)
    case done
    case data
}

extension RawSpan {
    /// Calls the body with header and whole bytes of each message of a datagram; stops at one that is cut short.
    func forEachMessage<Failure>(_ body: (nlmsghdr, RawSpan) throws(Failure) -> Void) throws(Failure) {
        var offset = 0
        while let header: nlmsghdr = value(at: offset) {
            let length = Int(header.nlmsg_len)
            guard length >= 16, length <= byteCount - offset else { return }
            try body(header, extracting(offset..<offset + length))
            offset += (length + 3) & ~3
        }
    }

    /// What this message says. An error has its number, then the request's header, then, when flagged, attributes;
    /// the end of a dump has just number and attributes (linux/netlink.h, struct nlmsgerr).
    func replyKind(_ header: nlmsghdr) -> ReplyKind {
        let isError = Int(header.nlmsg_type) == Int(NLMSG_ERROR)
        guard isError || Int(header.nlmsg_type) == Int(NLMSG_DONE) else { return .data }
        let code: Int32 = value(at: 16) ?? 0
        guard code < 0 else { return isError ? .acknowledged : .done }
        var offset = 20
        if isError {
            let request: nlmsghdr? = value(at: 20)
            let isCapped = header.nlmsg_flags & UInt16(NLM_F_CAPPED) != 0
            offset += isCapped ? 16 : (Int(request?.nlmsg_len ?? 16) + 3) & ~3
        }
        let hasAttributes = header.nlmsg_flags & UInt16(NLM_F_ACK_TLVS) != 0
        return .failed(Errno(-code), detail: hasAttributes ? extendedText(from: offset) : "")
    }

    private func extendedText(from offset: Int) -> String {
        var text = ""
        var missing: UInt32?
        forEachAttribute(from: offset) { type, value in
            switch type {
            case Int(NLMSGERR_ATTR_MSG.rawValue): text = value.text
            case Int(NLMSGERR_ATTR_MISS_TYPE.rawValue): missing = value.u32
            default: break
            }
        }
        if text.isEmpty, let missing { return "attribute \(missing) is missing" }
        return text
    }
}
