internal import CNetlink
internal import NetTypes

/// Reading of what the kernel sent. Each reader checks the length first: a value that is too short reads as absent.
extension RawSpan {
    func value<Value: BitwiseCopyable>(at offset: Int = 0, as type: Value.Type = Value.self) -> Value? {
        guard offset >= 0, byteCount - offset >= MemoryLayout<Value>.size else { return nil }
        return unsafeLoadUnaligned(fromByteOffset: offset, as: type)
    }

    var u8: UInt8? { value() }
    var u16: UInt16? { value() }
    var u32: UInt32? { value() }
    var u64: UInt64? { value() }
    var i32: Int32? { value() }
    var isTrue: Bool { u8.map { $0 != 0 } ?? false }

    /// A 16-bit number in network order: ports, VLAN protocols.
    var networkU16: UInt16? { u16.map(UInt16.init(bigEndian:)) }

    /// Text up to its zero byte.
    var text: String { withUnsafeBytes { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) } }

    var ipAddress: IPAddress? {
        switch byteCount {
        case 4: u32.map { .v4(IPv4Address(rawValue: UInt32(bigEndian: $0))) }
        case 16: value(as: UInt128.self).map { .v6(IPv6Address(rawValue: UInt128(bigEndian: $0))) }
        default: nil
        }
    }

    /// Nil for hardware addresses of another length (tunnels have four or sixteen octets).
    var macAddress: MACAddress? {
        guard byteCount == 6, let high = u32, let low: UInt16 = value(at: 4) else { return nil }
        return MACAddress(rawValue: UInt64(UInt32(bigEndian: high)) << 16 | UInt64(UInt16(bigEndian: low)))
    }

    /// Calls the body with type and payload of each attribute that begins at `offset`; stops at one that is cut short.
    func forEachAttribute(from offset: Int = 0, _ body: (Int, RawSpan) -> Void) {
        var offset = offset
        while let header: nlattr = value(at: offset) {
            let length = Int(header.nla_len)
            guard length >= 4, length <= byteCount - offset else { return }
            // The two high bits say nested and network order; the type is the rest (linux/netlink.h).
            body(Int(header.nla_type & 0x3FFF), extracting(offset + 4..<offset + length))
            offset += (length + 3) & ~3
        }
    }
}
