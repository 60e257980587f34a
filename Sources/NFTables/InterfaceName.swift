/// The name of a network interface: at most 15 bytes, kept without an allocation.
package struct InterfaceName: Hashable, Sendable {
    private var high: UInt64
    private var low: UInt64

    init(rawValue: UInt128) {
        high = UInt64(truncatingIfNeeded: rawValue >> 64)
        low = UInt64(truncatingIfNeeded: rawValue)
    }

    /// Sixteen bytes, the name first, zeros after it; the first byte is the most significant.
    var rawValue: UInt128 { UInt128(high) << 64 | UInt128(low) }

    /// Nil when the name is empty or has more than 15 bytes.
    package init?(_ name: some StringProtocol) {
        let bytes = name.utf8
        guard (1...15).contains(bytes.count) else { return nil }
        var value: UInt128 = 0
        for byte in bytes { value = value << 8 | UInt128(byte) }
        self.init(rawValue: value << UInt128(8 * (16 - bytes.count)))
    }
}

extension InterfaceName: CustomStringConvertible {
    package var description: String {
        var bytes: [UInt8] = []
        for index in 0..<16 {
            let byte = UInt8(truncatingIfNeeded: rawValue >> UInt128(120 - 8 * index))
            if byte == 0 { break }
            bytes.append(byte)
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
