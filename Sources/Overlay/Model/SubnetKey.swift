package import NetTypes

/// The subnets of one node, and the name of its lease in the store.
///
/// The text is flannel's: `10.5.52.0-24`, with IPv6 `10.5.52.0-24&fd00:12:13::-56`. flannel has no IPv6-only form; ours
/// is the second half alone, `fd00:12:13::-56`, which a flanneld reads as no lease of its own.
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

    package init?(_ text: some StringProtocol) {
        let halves = text.split(separator: "&", maxSplits: 1, omittingEmptySubsequences: false)
        let subnets = halves.compactMap { Self.subnet($0) }
        guard let first = subnets.first, subnets.count == halves.count else { return nil }
        if subnets.count == 2 {
            guard first.family == .v4 else { return nil }
            self.init(v4: first, v6: subnets[1])
        } else {
            self.init(v4: first.family == .v4 ? first : nil, v6: first.family == .v6 ? first : nil)
        }
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
    package var description: String { subnets.map { "\($0.address)-\($0.prefixLength)" }.joined(separator: "&") }
}

extension SubnetKey: Comparable {
    package static func < (a: Self, b: Self) -> Bool { a.subnets.lexicographicallyPrecedes(b.subnets) }
}
