/// Durations in Go's notation, exact to the nanosecond, so that what is read and written again is the same.
enum GoDuration {
    /// As time.ParseDuration: a sign, then numbers with units, of which a bare 0 needs none. Nil for anything else, and
    /// beyond 64 bits of nanoseconds (292 years).
    static func parse(_ text: String) -> Duration? {
        var rest = Array(text.utf8)[...]
        let isNegative = rest.first == UInt8(ascii: "-")
        if isNegative || rest.first == UInt8(ascii: "+") { rest = rest.dropFirst() }
        if rest.elementsEqual("0".utf8) { return .zero }
        guard !rest.isEmpty else { return nil }
        var total: UInt128 = 0
        while !rest.isEmpty {
            guard let part = component(&rest) else { return nil }
            total += part
            if total > UInt128(Int64.max) { return nil }
        }
        let nanoseconds = Int64(total)
        return .nanoseconds(isNegative ? -nanoseconds : nanoseconds)
    }

    /// One number and its unit, in nanoseconds.
    private static func component(_ rest: inout ArraySlice<UInt8>) -> UInt128? {
        let whole = digits(&rest)
        var decimals: ArraySlice<UInt8> = []
        if rest.first == UInt8(ascii: ".") {
            rest = rest.dropFirst()
            decimals = digits(&rest)
        }
        let unit = rest.prefix { !isDigit($0) && $0 != UInt8(ascii: ".") }
        rest = rest.dropFirst(unit.count)
        guard !whole.isEmpty || !decimals.isEmpty, whole.count <= 19,
            let nanoseconds = units[String(decoding: unit, as: UTF8.self)]
        else { return nil }
        // As in Go, digits beyond the nanosecond are cut off; eighteen are enough for that.
        let kept = decimals.prefix(18)
        let scale = kept.reduce(UInt128(1)) { scale, _ in scale * 10 }
        return number(whole) * nanoseconds + number(kept) * nanoseconds / scale
    }

    private static func digits(_ rest: inout ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        let digits = rest.prefix(while: isDigit)
        rest = rest.dropFirst(digits.count)
        return digits
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (48...57).contains(byte) }

    private static func number(_ digits: ArraySlice<UInt8>) -> UInt128 {
        digits.reduce(0) { $0 * 10 + UInt128($1 - 48) }
    }

    /// Both of Unicode's signs for a millionth are in use: the micro sign and the Greek letter.
    private static let units: [String: UInt128] = [
        "ns": 1, "us": 1_000, "µs": 1_000, "μs": 1_000, "ms": 1_000_000, "s": 1_000_000_000, "m": 60_000_000_000,
        "h": 3_600_000_000_000,
    ]

    /// As Go's Duration.String: 1h0m0s, 1.5s, 250ms.
    static func text(_ duration: Duration) -> String {
        let parts = duration.components
        let seconds = parts.seconds.magnitude
        let nanoseconds = parts.attoseconds.magnitude / 1_000_000_000
        let sign = duration < .zero ? "-" : ""
        if seconds == 0 {
            switch nanoseconds {
            case 0: return "0s"
            case ..<1_000: return "\(sign)\(nanoseconds)ns"
            case ..<1_000_000: return sign + decimal(nanoseconds, places: 3) + "µs"
            default: return sign + decimal(nanoseconds, places: 6) + "ms"
            }
        }
        let hours = seconds >= 3600 ? "\(seconds / 3600)h" : ""
        let minutes = seconds >= 60 ? "\(seconds / 60 % 60)m" : ""
        return sign + hours + minutes + decimal(seconds % 60 * 1_000_000_000 + nanoseconds, places: 9) + "s"
    }

    /// The number divided by a power of ten, without zeros at the end.
    private static func decimal(_ value: UInt64, places: Int) -> String {
        var digits = String(value)
        digits = String(repeating: "0", count: max(0, places + 1 - digits.count)) + digits
        var fraction = digits.suffix(places)
        while fraction.last == "0" { fraction.removeLast() }
        return digits.dropLast(places) + (fraction.isEmpty ? "" : "." + fraction)
    }
}
