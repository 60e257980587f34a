package import NetTypes

/// Ranges of one family that do not overlap. A container gets one address from each set.
package struct RangeSet: Hashable, Sendable {
    package let ranges: [AddressRange]

    /// Checks what a set must be; code 7.
    package init(_ ranges: [AddressRange]) throws(CNIError) {
        if ranges.isEmpty { throw CNIError(.invalidConfig, "empty range set") }
        if Set(ranges.map(\.family)).count > 1 { throw CNIError(.invalidConfig, "mixed address families") }
        for (index, range) in ranges.enumerated() {
            if let other = ranges[(index + 1)...].first(where: range.overlaps) {
                throw CNIError(.invalidConfig, "subnets \(range) and \(other) overlap")
            }
        }
        self.ranges = ranges
    }

    package var family: IPFamily { ranges[0].family }

    package func range(containing address: IPAddress) -> AddressRange? { ranges.first { $0.contains(address) } }

    package func contains(_ address: IPAddress) -> Bool { range(containing: address) != nil }

    package func overlaps(_ other: RangeSet) -> Bool {
        ranges.contains { range in other.ranges.contains(where: range.overlaps) }
    }

    /// The addresses to try, each once: from the one after `last`, through the ranges and around to `last` itself.
    /// Without `last`, or when it is in no range, from the first. Gateways are left out.
    package func candidates(after last: IPAddress?) -> some Sequence<(address: IPAddress, range: AddressRange)> {
        var index = 0
        var next = ranges[0].start
        if let last, let found = ranges.firstIndex(where: { $0.contains(last) }) {
            (index, next) = successor(of: last, in: found)
        }
        let (firstIndex, first) = (index, next)
        var isDone = false
        return AnyIterator {
            while !isDone {
                let (address, range) = (next, ranges[index])
                (index, next) = successor(of: address, in: index)
                isDone = index == firstIndex && next == first
                if address != range.gateway { return (address, range) }
            }
            return nil
        }
    }

    private func successor(of address: IPAddress, in index: Int) -> (Int, IPAddress) {
        if address != ranges[index].end { return (index, address.next) }
        let following = (index + 1) % ranges.count
        return (following, ranges[following].start)
    }
}

extension RangeSet: CustomStringConvertible {
    package var description: String { ranges.map(\.description).joined(separator: ",") }
}
