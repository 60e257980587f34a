/// An Ethernet address: six octets, kept in the low 48 bits.
package struct MACAddress: Hashable, Sendable {
    package var rawValue: UInt64

    package init(rawValue: UInt64) { self.rawValue = rawValue & 0xFFFF_FFFF_FFFF }

    package init?(octets: some Collection<UInt8>) {
        guard octets.count == 6 else { return nil }
        rawValue = octets.reduce(0) { $0 << 8 | UInt64($1) }
    }

    /// Parses six hex pairs between colons or dashes, in either case.
    package init?(_ text: Substring) {
        let parts = text.utf8.split(omittingEmptySubsequences: false) {
            $0 == UInt8(ascii: ":") || $0 == UInt8(ascii: "-")
        }
        guard parts.count == 6 else { return nil }
        var value: UInt64 = 0
        for part in parts {
            guard part.count == 2, let high = Self.nibble(part.first), let low = Self.nibble(part.dropFirst().first)
            else { return nil }
            value = value << 8 | UInt64(high << 4 | low)
        }
        rawValue = value
    }

    package init?(_ text: String) { self.init(text[...]) }

    private static func nibble(_ digit: UInt8?) -> UInt8? {
        switch digit {
        case .some(let d) where (48...57).contains(d): d - 48
        case .some(let d) where (65...70).contains(d): d - 55
        case .some(let d) where (97...102).contains(d): d - 87
        default: nil
        }
    }

    package var octets: [UInt8] { (0..<6).map { UInt8(truncatingIfNeeded: rawValue >> UInt64(40 - 8 * $0)) } }

    /// A random unicast address from the locally administered space (IEEE 802, bit 1 of the first octet).
    package static func random() -> MACAddress {
        let bits = UInt64.random(in: 0...0xFFFF_FFFF_FFFF)
        return MACAddress(rawValue: bits & ~(1 << 40) | 1 << 41)
    }

    package var isMulticast: Bool { rawValue >> 40 & 1 == 1 }
}

extension MACAddress: CustomStringConvertible {
    package var description: String {
        var text = ""
        for octet in octets {
            if !text.isEmpty { text += ":" }
            if octet < 16 { text += "0" }
            text += String(octet, radix: 16)
        }
        return text
    }
}

extension MACAddress: Comparable {
    package static func < (a: Self, b: Self) -> Bool { a.rawValue < b.rawValue }
}
