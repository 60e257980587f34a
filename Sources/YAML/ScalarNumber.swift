/// Numbers as Go's strconv reads them with base 0, and YAML 1.1's way to write floats.
enum ScalarNumber {
    /// Nil when the text is no number.
    static func read(_ text: [UInt8]) -> ResolvedScalar? {
        let plain = text.filter { $0 != UInt8(ascii: "_") }
        // What begins with the point is Go's to read, which wants a digit on both sides of an underscore.
        if text.first == UInt8(ascii: ".") { return separatesDigits(text) ? float(plain) : nil }
        return integer(plain) ?? float(plain)
    }

    private static func separatesDigits(_ text: [UInt8]) -> Bool {
        text.indices.allSatisfy { index in
            guard text[index] == UInt8(ascii: "_") else { return true }
            return index > 0 && index + 1 < text.count && (48...57).contains(text[index - 1])
                && (48...57).contains(text[index + 1])
        }
    }

    private static func integer(_ text: [UInt8]) -> ResolvedScalar? {
        var digits = text[...]
        let sign = digits.first
        let isNegative = sign == UInt8(ascii: "-")
        let isSigned = isNegative || sign == UInt8(ascii: "+")
        if isSigned { digits = digits.dropFirst() }
        let radix = takePrefix(&digits)
        // Swift's own reader would take a second sign.
        guard let first = digits.first, first != UInt8(ascii: "-"), first != UInt8(ascii: "+") else { return nil }
        let number = String(decoding: digits, as: UTF8.self)
        if let value = Int64(isNegative ? "-" + number : number, radix: radix) { return .int(value) }
        return isSigned ? nil : UInt64(number, radix: radix).map { .uint($0) }
    }

    /// `0x`, `0o`, `0b`, and the bare zero that means octal.
    private static func takePrefix(_ digits: inout ArraySlice<UInt8>) -> Int {
        guard digits.count > 1, digits.first == UInt8(ascii: "0"), let mark = digits.dropFirst().first else {
            return 10
        }
        switch mark | 0x20 {
        case UInt8(ascii: "x"):
            digits = digits.dropFirst(2)
            return 16
        case UInt8(ascii: "o"):
            digits = digits.dropFirst(2)
            return 8
        case UInt8(ascii: "b"):
            digits = digits.dropFirst(2)
            return 2
        default:
            digits = digits.dropFirst()
            return 8
        }
    }

    /// Digits with at most one point, then perhaps an exponent. What is too large for a Double is a string.
    private static func float(_ text: [UInt8]) -> ResolvedScalar? {
        var rest = text[...]
        if let sign = rest.first, sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-") { rest = rest.dropFirst() }
        func digits() -> Int {
            let count = rest.prefix { (48...57).contains($0) }.count
            rest = rest.dropFirst(count)
            return count
        }
        var count = digits()
        if rest.first == UInt8(ascii: ".") {
            rest = rest.dropFirst()
            count += digits()
        }
        guard count > 0 else { return nil }
        if let mark = rest.first, mark | 0x20 == UInt8(ascii: "e") {
            rest = rest.dropFirst()
            if let sign = rest.first, sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-") { rest = rest.dropFirst() }
            guard digits() > 0 else { return nil }
        }
        guard rest.isEmpty, let value = Double(String(decoding: text, as: UTF8.self)), value.isFinite else {
            return nil
        }
        return .float(value)
    }
}
