package import NetTypes

/// The subnets of one node, and the name of its lease in the store.
///
/// The text is flannel's: `10.5.52.0-24`, with IPv6 `10.5.52.0-24&fd00:12:13::-56`, and for IPv6 alone
/// `0.0.0.0-0&fd00:12:13::-56`. To the letter: a running flanneld that meets a key which it cannot read forgets its peers.
package struct SubnetKey: Hashable, Sendable {
    package let v4: CIDR?
    package let v6: CIDR?

    /// Nil when there is no subnet, one is of the wrong family, has host bits, or has length 0.
    package init?(v4: CIDR?, v6: CIDR? = nil) {
        guard v4 != nil || v6 != nil, v4?.family ?? .v4 == .v4, v6?.family ?? .v6 == .v6 else { return nil }
        for subnet in [v4, v6].compactMap(\.self) where subnet.hasHostBits || subnet.prefixLength == 0 { return nil }
        self.v4 = v4
        self.v6 = v6
    }

    private static let withoutIPv4 = "0.0.0.0-0"

    package init?(_ text: some StringProtocol) {
        let halves = text.split(separator: "&", maxSplits: 1, omittingEmptySubsequences: false)
        let subnets = halves.compactMap { Self.subnet($0) }
        guard let first = subnets.first, subnets.count == halves.count else { return nil }
        let isWithoutIPv4 = subnets.count == 2 && halves[0] == Self.withoutIPv4
        self.init(v4: isWithoutIPv4 ? nil : first, v6: subnets.count == 2 ? subnets[1] : nil)
    }

    private static func subnet(_ text: some StringProtocol) -> CIDR? {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 2 else { return nil }
        return CIDR("\(parts[0])/\(parts[1])")
    }

    package subscript(family: IPFamily) -> CIDR? { family == .v4 ? v4 : v6 }

    package var subnets: [CIDR] { [v4, v6].compactMap(\.self) }
}

extension SubnetKey: CustomStringConvertible {
    package var description: String {
        let halves = subnets.map { "\($0.address)-\($0.prefixLength)" }
        return ((v4 == nil ? [Self.withoutIPv4] : []) + halves).joined(separator: "&")
    }
}

extension SubnetKey: Comparable {
    package static func < (a: Self, b: Self) -> Bool { a.subnets.lexicographicallyPrecedes(b.subnets) }
}
