package enum IPFamily: Hashable, Sendable, CaseIterable {
    case v4
    case v6

    /// Bits of an address: 32 or 128.
    package var width: Int { self == .v4 ? 32 : 128 }
}

/// An address of either family.
package enum IPAddress: Hashable, Sendable {
    case v4(IPv4Address)
    case v6(IPv6Address)

    package init?(_ text: Substring) {
        if let address = IPv4Address(text) {
            self = .v4(address)
        } else if let address = IPv6Address(text) {
            self = .v6(address)
        } else {
            return nil
        }
    }

    package init?(_ text: String) { self.init(text[...]) }

    /// An address from its octets in network order: 4 or 16 of them, nil otherwise.
    package init?(octets: some Collection<UInt8>) {
        switch octets.count {
        case 4: self = .v4(IPv4Address(rawValue: octets.reduce(0) { $0 << 8 | UInt32($1) }))
        case 16: self = .v6(IPv6Address(rawValue: octets.reduce(0) { $0 << 8 | UInt128($1) }))
        default: return nil
        }
    }

    /// The address with this number, which must fit the family; higher bits are cut off.
    package init(family: IPFamily, value: UInt128) {
        switch family {
        case .v4: self = .v4(IPv4Address(rawValue: UInt32(truncatingIfNeeded: value)))
        case .v6: self = .v6(IPv6Address(rawValue: value))
        }
    }

    package var family: IPFamily {
        switch self {
        case .v4: .v4
        case .v6: .v6
        }
    }

    package var value: UInt128 {
        switch self {
        case .v4(let address): UInt128(address.rawValue)
        case .v6(let address): address.rawValue
        }
    }

    /// 4 or 16 octets in network order.
    package var octets: [UInt8] {
        switch self {
        case .v4(let address): address.octets
        case .v6(let address): address.octets
        }
    }

    package var v4: IPv4Address? { if case .v4(let address) = self { address } else { nil } }
    package var v6: IPv6Address? { if case .v6(let address) = self { address } else { nil } }

    /// The next address; it wraps at the end of the family's space.
    package var next: IPAddress { advanced(by: 1) }

    package func advanced(by distance: UInt128) -> IPAddress {
        IPAddress(family: family, value: value &+ distance)
    }

    package var isUnspecified: Bool { value == 0 }

    package var isLoopback: Bool {
        switch self {
        case .v4(let address): address.rawValue >> 24 == 127
        case .v6(let address): address.rawValue == 1
        }
    }

    /// 169.254/16 (RFC 3927) or fe80::/10 (RFC 4291).
    /// 224.0.0.0/24 and ff02::/16: groups that no router passes on.
    package var isLinkLocalMulticast: Bool {
        switch self {
        case .v4(let address): address.rawValue >> 8 == 0xE0_0000
        case .v6(let address): address.rawValue >> 112 == 0xFF02
        }
    }

    package var isLinkLocal: Bool {
        switch self {
        case .v4(let address): address.rawValue >> 16 == 0xA9FE
        case .v6(let address): address.rawValue >> 118 == 0x3FA
        }
    }

    /// 224/4 or ff00::/8.
    package var isMulticast: Bool {
        switch self {
        case .v4(let address): address.rawValue >> 28 == 0xE
        case .v6(let address): address.rawValue >> 120 == 0xFF
        }
    }
}

extension IPAddress: CustomStringConvertible {
    package var description: String {
        switch self {
        case .v4(let address): address.description
        case .v6(let address): address.description
        }
    }
}

extension [IPAddress] {
    /// The addresses with something between them.
    package func list(_ separator: String) -> String {
        var text = ""
        for address in self { text += text.isEmpty ? "\(address)" : "\(separator)\(address)" }
        return text
    }
}

extension IPAddress: Comparable {
    /// IPv4 before IPv6, then by number.
    package static func < (a: Self, b: Self) -> Bool {
        a.family == b.family ? a.value < b.value : a.family == .v4
    }
}
