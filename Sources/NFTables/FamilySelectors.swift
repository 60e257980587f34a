package import NetTypes

/// What a rule for one family looks at.
extension IPFamily {
    package var sourceSelector: Selector { self == .v4 ? .ipSource : .ip6Source }
    package var destinationSelector: Selector { self == .v4 ? .ipDestination : .ip6Destination }

    /// 224.0.0.0/4 or ff00::/8.
    package var multicast: CIDR {
        self == .v4
            ? CIDR(.v4(IPv4Address(224, 0, 0, 0)), 4)
            : CIDR(.v6(IPv6Address(rawValue: 0xFF << 120)), 8)
    }
}
