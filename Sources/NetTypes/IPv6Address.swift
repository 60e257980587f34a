/// An IPv6 address as a number: ::1 is 1.
package struct IPv6Address: Hashable, Sendable {
    // Two halves, so that an address of either family has 17 bytes: with UInt128, which is aligned to 16, it would have 32.
    private var high: UInt64
    private var low: UInt64

    package init(rawValue: UInt128) {
        high = UInt64(truncatingIfNeeded: rawValue >> 64)
        low = UInt64(truncatingIfNeeded: rawValue)
    }

    package var rawValue: UInt128 { UInt128(high) << 64 | UInt128(low) }

    /// Parses the text forms of RFC 4291, 2.2, including `::` and a dotted IPv4 tail. Zone identifiers are refused.
    package init?(_ text: Substring) {
        var groups: [UInt16] = []
        var gap: Int?
        var rest = text
        if rest.hasPrefix("::") {
            gap = 0
            rest = rest.dropFirst(2)
        }
        while !rest.isEmpty {
            if groups.count == 8 { return nil }
            let end = rest.firstIndex(of: ":") ?? rest.endIndex
            let part = rest[..<end]
            if part.contains(".") {
                guard end == rest.endIndex, groups.count <= 6, let tail = IPv4Address(part) else { return nil }
                groups.append(UInt16(tail.rawValue >> 16))
                groups.append(UInt16(tail.rawValue & 0xFFFF))
                rest = ""
                break
            }
            guard let group = Self.hexGroup(part) else { return nil }
            groups.append(group)
            if end == rest.endIndex { break }
            rest = rest[rest.index(after: end)...]
            if rest.first == ":" {
                if gap != nil { return nil }
                gap = groups.count
                rest = rest.dropFirst()
            } else if rest.isEmpty {
                return nil
            }
        }
        if let gap {
            // A "::" stands for at least one group.
            if groups.count > 7 { return nil }
            groups.insert(contentsOf: repeatElement(0, count: 8 - groups.count), at: gap)
        }
        if groups.count != 8 { return nil }
        self.init(rawValue: groups.reduce(0) { $0 << 16 | UInt128($1) })
    }

    package init?(_ text: String) { self.init(text[...]) }

    private static func hexGroup(_ text: Substring) -> UInt16? {
        let digits = text.utf8
        guard (1...4).contains(digits.count), digits.allSatisfy({ $0 != UInt8(ascii: "+") && $0 != UInt8(ascii: "-") })
        else { return nil }
        return UInt16(text, radix: 16)
    }

    /// The sixteen octets in network order.
    package var octets: [UInt8] {
        (0..<16).map { UInt8(truncatingIfNeeded: rawValue >> UInt128(120 - 8 * $0)) }
    }

    private var groups: [UInt16] {
        (0..<8).map { UInt16(truncatingIfNeeded: rawValue >> UInt128(112 - 16 * $0)) }
    }
}

extension IPv6Address: CustomStringConvertible {
    /// The canonical text of RFC 5952; IPv4-mapped addresses keep their dotted tail, as Go prints them.
    package var description: String {
        let groups = self.groups
        if rawValue >> 32 == 0xFFFF { return "::ffff:\(IPv4Address(rawValue: UInt32(truncatingIfNeeded: rawValue)))" }
        let zeros = Self.longestZeroRun(groups)
        var text = ""
        var index = 0
        while index < 8 {
            if let zeros, index == zeros.lowerBound {
                text += "::"
                index = zeros.upperBound
                continue
            }
            if !text.isEmpty && text.utf8.last != UInt8(ascii: ":") { text += ":" }
            text += String(groups[index], radix: 16)
            index += 1
        }
        return text
    }

    /// The first longest run of at least two zero groups (RFC 5952, 4.2).
    private static func longestZeroRun(_ groups: [UInt16]) -> Range<Int>? {
        var best: Range<Int>?
        var start = 0
        while start < 8 {
            var end = start
            while end < 8 && groups[end] == 0 { end += 1 }
            if end - start > max(1, best?.count ?? 0) { best = start..<end }
            start = max(end, start + 1)
        }
        return best
    }
}

extension IPv6Address: Comparable {
    package static func < (a: Self, b: Self) -> Bool { a.rawValue < b.rawValue }
}
