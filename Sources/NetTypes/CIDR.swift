/// An address with a prefix length: a network (10.1.0.0/16) or an address in one (10.1.0.7/16).
package struct CIDR: Hashable, Sendable {
    package var address: IPAddress
    /// 0...32 or 0...128.
    package var prefixLength: Int

    /// The length must fit the family; a longer one is a programming error.
    package init(_ address: IPAddress, _ prefixLength: Int) {
        precondition((0...address.family.width).contains(prefixLength), "prefix length out of the family's range")
        self.address = address
        self.prefixLength = prefixLength
    }

    /// Parses `address/length`; host bits are kept.
    package init?(_ text: Substring) {
        guard let slash = text.firstIndex(of: "/"), let address = IPAddress(text[..<slash]) else { return nil }
        let digits = text[text.index(after: slash)...]
        guard (1...3).contains(digits.utf8.count), digits.utf8.allSatisfy({ (48...57).contains($0) }),
            digits.utf8.count == 1 || digits.utf8.first != UInt8(ascii: "0"),
            let length = Int(digits), length <= address.family.width
        else { return nil }
        self.init(address, length)
    }

    package init?(_ text: String) { self.init(text[...]) }

    /// The network of exactly one address: /32 or /128.
    package init(host address: IPAddress) { self.init(address, address.family.width) }

    package var family: IPFamily { address.family }

    /// The bits that number the hosts, set.
    package var hostMask: UInt128 {
        let bits = family.width - prefixLength
        return bits == 128 ? UInt128.max : (1 << UInt128(bits)) - 1
    }

    /// The same network without host bits.
    package var network: CIDR { CIDR(IPAddress(family: family, value: address.value & ~hostMask), prefixLength) }

    package var hasHostBits: Bool { address.value & hostMask != 0 }

    package var first: IPAddress { network.address }
    package var last: IPAddress { IPAddress(family: family, value: address.value | hostMask) }

    /// The network mask as an address: 255.255.0.0 for a /16.
    package var mask: IPAddress {
        let all: UInt128 = family == .v4 ? 0xFFFF_FFFF : UInt128.max
        return IPAddress(family: family, value: all & ~hostMask)
    }

    package func contains(_ other: IPAddress) -> Bool {
        other.family == family && other.value & ~hostMask == address.value & ~hostMask
    }

    package func contains(_ other: CIDR) -> Bool { other.prefixLength >= prefixLength && contains(other.address) }

    package func overlaps(_ other: CIDR) -> Bool { contains(other.address) || other.contains(address) }
}

extension CIDR: CustomStringConvertible {
    package var description: String { "\(address)/\(prefixLength)" }
}

extension CIDR: Comparable {
    package static func < (a: Self, b: Self) -> Bool {
        a.address == b.address ? a.prefixLength < b.prefixLength : a.address < b.address
    }
}
