/// An amount of a resource: 100m, 1.5Gi, 2e3
/// (https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/).
///
/// Exact down to a billionth, which is the smallest amount that can be written; what is finer is rounded up, away from
/// zero, and what is larger than 2^63-1 counts as that.
package struct Quantity: Hashable, Sendable {
    /// The family of suffixes in which the quantity was written, and is written again.
    package enum Format: Hashable, Sendable {
        /// n u m "" k M G T P E
        case decimalSI
        /// Ki Mi Gi Ti Pi Ei
        case binarySI
        /// e3, E3
        case decimalExponent
    }

    /// In billionths.
    package private(set) var nanos: Int128
    package private(set) var format: Format

    package static let zero = Quantity(0)

    /// A whole number.
    package init(_ value: Int, _ format: Format = .decimalSI) {
        nanos = Int128(value) * Self.one
        self.format = format
    }

    private init(nanos: Int128, format: Format) {
        self.nanos = min(max(nanos, -Self.limit), Self.limit)
        self.format = format
    }

    package var isZero: Bool { nanos == 0 }

    /// The whole number at or above the amount, as counts of objects and bytes are compared.
    package var roundedUp: Int { Int(nanos / Self.one) + (nanos % Self.one > 0 ? 1 : 0) }

    /// The same amount in thousandths, rounded up.
    package var milli: Int {
        let (whole, rest) = nanos.quotientAndRemainder(dividingBy: 1_000_000)
        return Int(clamping: whole + (rest > 0 ? 1 : 0))
    }

    private static let one: Int128 = 1_000_000_000
    private static let limit = Int128(Int64.max) * one
}

extension Quantity: Comparable {
    package static func < (a: Self, b: Self) -> Bool { a.nanos < b.nanos }

    /// Quantities are equal when their amounts are, however they are written.
    package static func == (a: Self, b: Self) -> Bool { a.nanos == b.nanos }

    package func hash(into hasher: inout Hasher) { hasher.combine(nanos) }
}

extension Quantity {
    /// The sum is written as the first one is, unless that is zero.
    package static func + (a: Self, b: Self) -> Self {
        Quantity(nanos: a.nanos + b.nanos, format: a.isZero ? b.format : a.format)
    }

    package static func - (a: Self, b: Self) -> Self {
        Quantity(nanos: a.nanos - b.nanos, format: a.isZero ? b.format : a.format)
    }

    package static func += (a: inout Self, b: Self) { a = a + b }
    package static func -= (a: inout Self, b: Self) { a = a - b }
}

// MARK: Text

extension Quantity: CustomStringConvertible {
    private static let suffixes: [(text: String, power: Int, format: Format)] = [
        ("n", -9, .decimalSI), ("u", -6, .decimalSI), ("m", -3, .decimalSI), ("", 0, .decimalSI),
        ("k", 3, .decimalSI), ("M", 6, .decimalSI), ("G", 9, .decimalSI), ("T", 12, .decimalSI),
        ("P", 15, .decimalSI), ("E", 18, .decimalSI), ("Ki", 10, .binarySI), ("Mi", 20, .binarySI),
        ("Gi", 30, .binarySI), ("Ti", 40, .binarySI), ("Pi", 50, .binarySI), ("Ei", 60, .binarySI),
    ]

    /// Parses a signed decimal number with a suffix or an exponent; nil for anything else.
    package init?(_ text: String) {
        var rest = text.utf8[...]
        var isNegative = false
        if let sign = rest.first, sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-") {
            isNegative = sign == UInt8(ascii: "-")
            rest = rest.dropFirst()
        }
        let whole = rest.prefix(while: Self.isDigit)
        rest = rest.dropFirst(whole.count)
        var fraction = rest.prefix(0)
        if rest.first == UInt8(ascii: ".") {
            rest = rest.dropFirst()
            fraction = rest.prefix(while: Self.isDigit)
            rest = rest.dropFirst(fraction.count)
        }
        guard !(whole.isEmpty && fraction.isEmpty), let scale = Self.scale(String(Substring(rest))) else { return nil }
        var nanos = Self.nanos(Array(whole), Array(fraction), scale)
        if isNegative { nanos = -nanos }
        // A part of a byte has no binary suffix to be written with.
        let isPart = scale.format == .binarySI && nanos > 0 && nanos < Self.one
        self.init(nanos: nanos, format: isPart ? .decimalSI : scale.format)
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (48...57).contains(byte) }

    /// The power of ten, or of two for binary suffixes.
    private static func scale(_ text: String) -> (power: Int, format: Format)? {
        if let known = suffixes.first(where: { $0.text == text }) { return (known.power, known.format) }
        guard let first = text.utf8.first, first == UInt8(ascii: "e") || first == UInt8(ascii: "E"),
            let power = Int(text.dropFirst()), power.magnitude < 1000
        else { return nil }
        return (power, .decimalExponent)
    }

    /// The digits, moved by the scale, in billionths and rounded up; the limit when there are too many.
    private static func nanos(_ whole: [UInt8], _ fraction: [UInt8], _ scale: (power: Int, format: Format)) -> Int128 {
        let isBinary = scale.format == .binarySI
        // Where the digits end, as a power of ten of a billionth.
        var power = 9 - fraction.count + (isBinary ? 0 : scale.power)
        var digits = Array((whole + fraction).drop { $0 == 48 })
        if digits.isEmpty { return 0 }
        // 30 digits hold every amount that is not beyond the limit, and more of the fraction than is kept.
        var isCut = false
        while digits.count > 30 {
            isCut = (digits.removeLast() != 48) || isCut
            power += 1
        }
        if digits.count + power > 30 { return limit }
        var value = digits.reduce(Int128(0)) { $0 * 10 + Int128($1 - 48) }
        if isBinary {
            for _ in 0..<scale.power {
                if value > limit << 20 { return limit }
                value *= 2
            }
        }
        while power > 0 {
            if value > limit { return limit }
            value *= 10
            power -= 1
        }
        while power < 0 {
            isCut = isCut || value % 10 != 0
            value /= 10
            power += 1
            if value == 0 { break }
        }
        return min(value + (isCut ? 1 : 0), limit)
    }

    /// The canonical form: no fraction, and the largest suffix with which that can be.
    package var description: String {
        if nanos == 0 { return "0" }
        if format == .binarySI && nanos.magnitude >= 1024 * UInt128(Self.one) {
            var value = Int128(roundedUp)
            var thousands = 0
            while value % 1024 == 0 && thousands < 6 {
                value /= 1024
                thousands += 1
            }
            return "\(value)\(["", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei"][thousands])"
        }
        var value = nanos
        var power = -9
        while value % 1000 == 0 && power < 18 {
            value /= 1000
            power += 3
        }
        if format == .decimalExponent { return power == 0 ? "\(value)" : "\(value)e\(power)" }
        let suffix = Self.suffixes.first { $0.power == power && $0.format == .decimalSI }?.text ?? ""
        return "\(value)\(suffix)"
    }
}
