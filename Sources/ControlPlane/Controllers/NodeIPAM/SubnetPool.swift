internal import NetTypes

/// The subnets of one size in a cluster's range, each given to one node.
struct SubnetPool: Equatable {
    let range: CIDR
    /// The prefix length of a node's subnet.
    let mask: Int
    private var taken: Set<UInt64> = []
    private var next: UInt64 = 0

    /// Upstream's limit on how many subnets a range is cut into.
    static let maximumBits = 16

    /// Nil when the mask does not fit: it is shorter than the range's, or more than 16 bits longer.
    init?(_ range: CIDR, mask: Int) {
        guard mask >= range.prefixLength, mask <= range.family.width, mask - range.prefixLength <= Self.maximumBits
        else { return nil }
        self.range = range.network
        self.mask = mask
    }

    var count: UInt64 { 1 << UInt64(mask - range.prefixLength) }
    var free: UInt64 { count - UInt64(taken.count) }

    /// Marks every subnet that overlaps a network as taken; one outside of the range takes nothing.
    mutating func occupy(_ network: CIDR) {
        guard let indices = indices(network) else { return }
        taken.formUnion(indices)
    }

    mutating func release(_ network: CIDR) {
        guard let indices = indices(network) else { return }
        taken.subtract(indices)
    }

    /// The next free subnet after the last that was given, so that one that was released rests for a while; nil when all
    /// are taken.
    mutating func take() -> CIDR? {
        guard free > 0 else { return nil }
        var index = next
        while taken.contains(index) { index = (index + 1) % count }
        taken.insert(index)
        next = (index + 1) % count
        return subnet(index)
    }

    private func subnet(_ index: UInt64) -> CIDR {
        let shift = UInt128(range.family.width - mask)
        return CIDR(IPAddress(family: range.family, value: range.address.value + UInt128(index) << shift), mask)
    }

    private func indices(_ network: CIDR) -> ClosedRange<UInt64>? {
        let shift = UInt128(range.family.width - mask)
        guard network.family == range.family, range.overlaps(network) else { return nil }
        let first = max(network.first.value, range.first.value) - range.first.value
        let last = min(network.last.value, range.last.value) - range.first.value
        return UInt64(truncatingIfNeeded: first >> shift)...UInt64(truncatingIfNeeded: last >> shift)
    }
}
