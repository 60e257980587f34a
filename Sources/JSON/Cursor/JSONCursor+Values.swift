extension JSONCursor {
    /// Takes a null, if one stands here.
    package mutating func takeNull() throws(JSONError) -> Bool {
        skipSpace()
        guard offset < text.count, text[offset] == UInt8(ascii: "n") else { return false }
        try word("null")
        return true
    }

    /// Reads a boolean; null is false.
    package mutating func bool() throws(JSONError) -> Bool { try optionalBool() ?? false }

    /// Reads a boolean; nil for null.
    package mutating func optionalBool() throws(JSONError) -> Bool? {
        skipSpace()
        switch offset < text.count ? text[offset] : 0 {
        case UInt8(ascii: "t"):
            try word("true")
            return true
        case UInt8(ascii: "f"):
            try word("false")
            return false
        default:
            guard try takeNull() else { throw error("expected true or false") }
            return nil
        }
    }

    /// Reads an integer; null is 0. One with a fraction, or that does not fit, is an error.
    package mutating func int() throws(JSONError) -> Int { try optionalInt() ?? 0 }

    /// Reads an integer; nil for null.
    package mutating func optionalInt() throws(JSONError) -> Int? {
        skipSpace()
        if try takeNull() { return nil }
        let start = offset
        guard offset < text.count, text[offset] == UInt8(ascii: "-") || (48...57).contains(text[offset]) else {
            throw error("expected a number")
        }
        try skipNumber()
        var value = 0
        let isNegative = text[start] == UInt8(ascii: "-")
        for index in (isNegative ? start + 1 : start)..<offset {
            let digit = Int(text[index]) - 48
            let (product, isLarge) = value.multipliedReportingOverflow(by: 10)
            let (sum, isTooLarge) =
                isNegative
                ? product.subtractingReportingOverflow(digit) : product.addingReportingOverflow(digit)
            guard (0...9).contains(digit), !isLarge, !isTooLarge else {
                // 1e3 and 2.0 are integers, too.
                let literal = String(decoding: text[start..<offset], as: UTF8.self)
                guard let value = JSONNumber(checked: literal).int else { throw error("expected an integer") }
                return value
            }
            value = sum
        }
        return value
    }

    /// Reads whatever stands here as a value.
    package mutating func value() throws(JSONError) -> JSONValue {
        let start = try skipped()
        return try JSONValue.parse(UnsafeBufferPointer(rebasing: text[start..<offset]).span)
    }

    /// The bytes of whatever stands here, checked.
    package mutating func bytes() throws(JSONError) -> [UInt8] {
        let start = try skipped()
        return Array(text[start..<offset])
    }

    private mutating func skipped() throws(JSONError) -> Int {
        skipSpace()
        let start = offset
        try skip()
        return start
    }

    // MARK: Skipping

    /// Goes past the value here, checking it. It does not recurse: the kinds of the containers around are bits.
    package mutating func skip() throws(JSONError) {
        var objects: UInt128 = 0
        var level = 0
        while true {
            skipSpace()
            guard offset < text.count else { throw error("the text ends where a value should be") }
            switch text[offset] {
            case UInt8(ascii: "\""): _ = try scanString()
            case UInt8(ascii: "{"), UInt8(ascii: "["):
                if level == depthLeft { throw error("nested too deeply") }
                let isObject = text[offset] == UInt8(ascii: "{")
                offset += 1
                skipSpace()
                guard offset < text.count else { throw error("the text ends inside an object or array") }
                if text[offset] == closing(isObject) {
                    offset += 1
                    break
                }
                objects = objects << 1 | (isObject ? 1 : 0)
                level += 1
                if isObject { try scanKey() }
                continue
            case UInt8(ascii: "t"): try word("true")
            case UInt8(ascii: "f"): try word("false")
            case UInt8(ascii: "n"): try word("null")
            case UInt8(ascii: "-"), 48...57: try skipNumber()
            default: throw error("no value begins with this character")
            }
            // After a value: its container goes on, or ends, and perhaps the next one out.
            while true {
                if level == 0 { return }
                skipSpace()
                guard offset < text.count else { throw error("the text ends inside an object or array") }
                let isObject = objects & 1 == 1
                let byte = text[offset]
                if byte == UInt8(ascii: ",") {
                    offset += 1
                    if isObject { try scanKey() }
                    break
                }
                guard byte == closing(isObject) else { throw error("expected \",\" or the end") }
                offset += 1
                objects >>= 1
                level -= 1
            }
        }
    }

    @inline(__always)
    private func closing(_ isObject: Bool) -> UInt8 { isObject ? UInt8(ascii: "}") : UInt8(ascii: "]") }

    mutating func word(_ word: StaticString) throws(JSONError) {
        for index in 0..<word.utf8CodeUnitCount {
            guard offset < text.count, text[offset] == word.utf8Start[index] else {
                throw error("no such word in JSON")
            }
            offset += 1
        }
    }

    /// RFC 8259, 6: no leading zero, digits on both sides of the point.
    private mutating func skipNumber() throws(JSONError) {
        if text[offset] == UInt8(ascii: "-") { offset += 1 }
        let isZero = offset < text.count && text[offset] == UInt8(ascii: "0")
        if try digits() > 1 && isZero { throw error("a number must not begin with 0") }
        if offset < text.count, text[offset] == UInt8(ascii: ".") {
            offset += 1
            _ = try digits()
        }
        if offset < text.count, text[offset] | 0x20 == UInt8(ascii: "e") {
            offset += 1
            if offset < text.count, text[offset] == UInt8(ascii: "+") || text[offset] == UInt8(ascii: "-") {
                offset += 1
            }
            _ = try digits()
        }
    }

    private mutating func digits() throws(JSONError) -> Int {
        let start = offset
        while offset < text.count, (48...57).contains(text[offset]) { offset += 1 }
        if offset == start { throw error("expected a digit") }
        return offset - start
    }
}
