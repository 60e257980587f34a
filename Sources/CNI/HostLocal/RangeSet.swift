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
    package func candidates(after last: IPAddress?) -> Candidates { Candidates(self, after: last) }

    package struct Candidates: Sequence, IteratorProtocol {
        private let set: RangeSet
        private var first: (index: Int, address: IPAddress)
        private var position: (index: Int, address: IPAddress)
        private var isDone = false

        fileprivate init(_ set: RangeSet, after last: IPAddress?) {
            self.set = set
            first = (0, set.ranges[0].start)
            if let last, let found = set.ranges.firstIndex(where: { $0.contains(last) }) {
                first = set.successor(of: last, in: found)
            }
            position = first
        }

        package mutating func next() -> (address: IPAddress, range: AddressRange)? {
            while !isDone {
                let (address, range) = (position.address, set.ranges[position.index])
                position = set.successor(of: address, in: position.index)
                isDone = position == first
                if address != range.gateway { return (address, range) }
            }
            return nil
        }
    }

    private func successor(of address: IPAddress, in index: Int) -> (index: Int, address: IPAddress) {
        if address != ranges[index].end { return (index, address.next) }
        let following = (index + 1) % ranges.count
        return (following, ranges[following].start)
    }
}

extension RangeSet: CustomStringConvertible {
    package var description: String { ranges.map(\.description).joined(separator: ",") }
}
