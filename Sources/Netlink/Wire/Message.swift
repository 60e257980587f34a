internal import CNetlink
internal import Linux
internal import NetTypes

/// A netlink message under construction, owned through libnl, which does the alignment, the lengths and the nesting.
struct Message: ~Copyable {
    private let raw: OpaquePointer
    private var overflowed = false

    /// `capacity` is the most that the message can hold, in bytes; libnl does not grow one.
    init(_ type: some BinaryInteger, flags: CInt = 0, capacity: Int = 4096) throws(NetlinkError) {
        guard let raw = nlmsg_alloc_size(capacity) else { throw NetlinkError("build", "a message", .noMemory) }
        self.raw = raw
        let header = nlmsg_hdr(raw)
        header?.pointee.nlmsg_type = UInt16(type)
        header?.pointee.nlmsg_flags = UInt16(NLM_F_REQUEST) | UInt16(flags)
    }

    deinit { nlmsg_free(raw) }

    /// Appends the family's fixed header.
    mutating func header<Header: BitwiseCopyable>(_ value: Header) {
        withUnsafeBytes(of: value) {
            let source = UnsafeMutableRawPointer(mutating: $0.baseAddress)
            note(nlmsg_append(raw, source, $0.count, CInt(NLMSG_ALIGNTO)))
        }
    }

    mutating func put(_ type: some BinaryInteger, bytes: some Collection<UInt8>) {
        let array = Array(bytes)
        array.withUnsafeBytes { note(nla_put(raw, CInt(type), CInt($0.count), $0.baseAddress)) }
    }

    mutating func put<Value: BitwiseCopyable>(_ type: some BinaryInteger, value: Value) {
        withUnsafeBytes(of: value) { note(nla_put(raw, CInt(type), CInt($0.count), $0.baseAddress)) }
    }

    /// A number in host order, in the width that its Swift type has.
    mutating func put(_ type: some BinaryInteger, _ number: some FixedWidthInteger & BitwiseCopyable) {
        put(type, value: number)
    }

    mutating func put(_ type: some BinaryInteger, _ flag: Bool) { put(type, value: flag ? UInt8(1) : 0) }

    /// Text with the zero byte that the kernel wants at its end.
    mutating func put(_ type: some BinaryInteger, _ text: String) { note(nla_put_string(raw, CInt(type), text)) }

    mutating func put(_ type: some BinaryInteger, _ address: IPAddress) {
        switch address {
        case .v4(let v4): put(type, value: v4.rawValue.bigEndian)
        case .v6(let v6): put(type, value: v6.rawValue.bigEndian)
        }
    }

    mutating func put(_ type: some BinaryInteger, _ address: MACAddress) {
        withUnsafeBytes(of: (address.rawValue << 16).bigEndian) {
            note(nla_put(raw, CInt(type), 6, $0.baseAddress))
        }
    }

    mutating func flag(_ type: some BinaryInteger) { note(nla_put_flag(raw, CInt(type))) }

    /// An attribute that holds what the body adds; one that stays empty is left out.
    mutating func nest(_ type: some BinaryInteger, _ body: (inout Message) throws(NetlinkError) -> Void)
        throws(NetlinkError)
    {
        guard let start = nla_nest_start(raw, CInt(type)) else { return overflowed = true }
        try body(&self)
        note(nla_nest_end(raw, start))
    }

    /// A record inside of an attribute that begins with its own length in 16 bits (a next hop): the header, then what
    /// the body adds.
    mutating func record<Header: BitwiseCopyable>(
        _ header: Header, _ body: (inout Message) throws(NetlinkError) -> Void
    ) throws(NetlinkError) {
        let size = MemoryLayout<Header>.size
        guard let start = nlmsg_reserve(raw, size, CInt(NLMSG_ALIGNTO)) else { return overflowed = true }
        start.storeBytes(of: header, as: Header.self)
        let offset = length - size
        try body(&self)
        start.storeBytes(of: UInt16(length - offset), as: UInt16.self)
    }

    private var length: Int { Int(nlmsg_hdr(raw)?.pointee.nlmsg_len ?? 0) }

    /// Numbers the message and appends it to the bytes that will be sent.
    func append(to bytes: inout [UInt8], sequence: UInt32, flags: CInt) throws(NetlinkError) {
        guard !overflowed, let header = nlmsg_hdr(raw) else {
            throw NetlinkError("build", "a message", .messageSize)
        }
        header.pointee.nlmsg_seq = sequence
        header.pointee.nlmsg_flags |= UInt16(flags)
        header.pointee.nlmsg_pid = 0
        let length = Int(header.pointee.nlmsg_len)
        bytes.append(contentsOf: UnsafeRawBufferPointer(start: header, count: length))
        // Messages in one datagram begin on four-byte borders.
        bytes.append(contentsOf: repeatElement(0, count: (4 - length % 4) % 4))
    }

    private mutating func note(_ status: CInt) { if status < 0 { overflowed = true } }
}
