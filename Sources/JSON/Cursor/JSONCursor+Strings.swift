extension JSONCursor {
    /// A string's content within the text, without its quotes.
    struct StringExtent {
        var start: Int
        var end: Int
        var hasEscapes = false
    }

    /// Reads a string; null is the empty one.
    package mutating func string() throws(JSONError) -> String { try optionalString() ?? "" }

    /// Reads an array of strings; null is none.
    package mutating func strings() throws(JSONError) -> [String] {
        var strings: [String] = []
        if try takeNull() { return strings }
        try enterArray()
        while try nextElement() { strings.append(try string()) }
        return strings
    }

    /// Reads a string; nil for null.
    package mutating func optionalString() throws(JSONError) -> String? {
        guard let extent = try stringOrNull() else { return nil }
        if extent.hasEscapes { return String(decoding: decode(extent), as: UTF8.self) }
        return String(decoding: text[extent.start..<extent.end], as: UTF8.self)
    }

    /// Reads a string and hands over its UTF-8, for this call only: an address is parsed without becoming a String.
    /// Null is the empty string.
    package mutating func withString<Result>(_ body: (UnsafeBufferPointer<UInt8>) -> Result) throws(JSONError) -> Result
    {
        guard let extent = try stringOrNull() else { return body(UnsafeBufferPointer(start: nil, count: 0)) }
        if extent.hasEscapes { return decode(extent).withUnsafeBufferPointer(body) }
        return body(UnsafeBufferPointer(rebasing: text[extent.start..<extent.end]))
    }

    private mutating func stringOrNull() throws(JSONError) -> StringExtent? {
        skipSpace()
        if offset < text.count, text[offset] == UInt8(ascii: "\"") { return try scanString() }
        guard try takeNull() else { throw error("expected a string") }
        return nil
    }

    // MARK: Scanning

    /// Goes past the string that begins at the quote here, checking all of it: UTF-8 (RFC 3629), escapes, control
    /// characters.
    mutating func scanString() throws(JSONError) -> StringExtent {
        var extent = StringExtent(start: offset + 1, end: 0)
        var index = offset + 1
        let text = text
        let count = text.count
        while true {
            index = UnsafeRawBufferPointer(text).firstSpecial(from: index)
            guard index < count else {
                offset = text.count
                throw error("the text ends inside a string")
            }
            switch text[index] {
            case UInt8(ascii: "\""):
                extent.end = index
                offset = index + 1
                return extent
            case UInt8(ascii: "\\"):
                extent.hasEscapes = true
                offset = index + 1
                try checkEscape()
                index = offset
            case 0..<0x20:
                offset = index
                throw error("a control character in a string must be escaped")
            case 0x80...:
                offset = index
                index += try sequenceLength()
            default: index += 1
            }
        }
    }

    /// The length of the UTF-8 sequence here, whose first byte is not ASCII.
    private func sequenceLength() throws(JSONError) -> Int {
        func byte(_ distance: Int) -> UInt8 { offset + distance < text.count ? text[offset + distance] : 0 }
        func isContinuation(_ distance: Int) -> Bool { byte(distance) & 0xC0 == 0x80 }
        let second = byte(1)
        switch byte(0) {
        case 0xC2...0xDF where isContinuation(1): return 2
        case 0xE0 where (0xA0...0xBF).contains(second) && isContinuation(2): return 3
        // No surrogates.
        case 0xED where (0x80...0x9F).contains(second) && isContinuation(2): return 3
        case 0xE1...0xEC where isContinuation(1) && isContinuation(2): return 3
        case 0xEE...0xEF where isContinuation(1) && isContinuation(2): return 3
        case 0xF0 where (0x90...0xBF).contains(second) && isContinuation(2) && isContinuation(3): return 4
        case 0xF4 where (0x80...0x8F).contains(second) && isContinuation(2) && isContinuation(3): return 4
        case 0xF1...0xF3 where isContinuation(1) && isContinuation(2) && isContinuation(3): return 4
        default: throw error("the string here is not UTF-8")
        }
    }

    /// Goes past what follows a backslash.
    private mutating func checkEscape() throws(JSONError) {
        guard offset < text.count else { throw error("the text ends inside a string") }
        let byte = text[offset]
        offset += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"), UInt8(ascii: "f"),
            UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
            return
        case UInt8(ascii: "u"): break
        default: throw error("no such escape in a string")
        }
        let code = try hexDigits()
        if (0xDC00..<0xE000).contains(code) { throw error("a surrogate without its pair") }
        guard (0xD800..<0xDC00).contains(code) else { return }
        guard offset + 2 <= text.count, text[offset] == UInt8(ascii: "\\"), text[offset + 1] == UInt8(ascii: "u") else {
            throw error("a surrogate without its pair")
        }
        offset += 2
        guard (0xDC00..<0xE000).contains(try hexDigits()) else { throw error("a surrogate without its pair") }
    }

    private mutating func hexDigits() throws(JSONError) -> UInt32 {
        guard offset + 4 <= text.count, let code = hex(at: offset) else { throw error("expected four hex digits") }
        offset += 4
        return code
    }

    // MARK: Decoding

    private func hex(at start: Int) -> UInt32? {
        var code: UInt32 = 0
        for index in start..<start + 4 {
            switch text[index] {
            case let digit where (48...57).contains(digit): code = code << 4 | UInt32(digit - 48)
            case let digit where (65...70).contains(digit): code = code << 4 | UInt32(digit - 55)
            case let digit where (97...102).contains(digit): code = code << 4 | UInt32(digit - 87)
            default: return nil
            }
        }
        return code
    }

    /// The bytes of a string with escapes, which `scanString` has checked.
    func decode(_ extent: StringExtent) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(extent.end - extent.start)
        var index = extent.start
        while index < extent.end {
            let byte = text[index]
            index += 1
            guard byte == UInt8(ascii: "\\") else {
                bytes.append(byte)
                continue
            }
            let escape = text[index]
            index += 1
            switch escape {
            case UInt8(ascii: "b"): bytes.append(0x08)
            case UInt8(ascii: "f"): bytes.append(0x0C)
            case UInt8(ascii: "n"): bytes.append(0x0A)
            case UInt8(ascii: "r"): bytes.append(0x0D)
            case UInt8(ascii: "t"): bytes.append(0x09)
            case UInt8(ascii: "u"):
                var code = hex(at: index) ?? 0xFFFD
                index += 4
                if (0xD800..<0xDC00).contains(code) {
                    code = 0x10000 + (code - 0xD800) << 10 + ((hex(at: index + 2) ?? 0xDC00) - 0xDC00)
                    index += 6
                }
                bytes.append(contentsOf: String(Unicode.Scalar(code) ?? "\u{FFFD}").utf8)
            default: bytes.append(escape)
            }
        }
        return bytes
    }
}
