extension JSONValue {
    /// Parses one document and nothing after it, strictly by RFC 8259: no comments, no trailing commas, no control
    /// characters in strings, UTF-8 without errors, no lone surrogates. Nesting deeper than `depthLimit` is refused,
    /// because the parser recurses. Of duplicate keys all are kept; a look-up finds the last, as in Go.
    package static func parse(_ bytes: some Sequence<UInt8>, depthLimit: Int = 128) throws(JSONError) -> JSONValue {
        let array = Array(bytes)
        return try parse(array.span, depthLimit: depthLimit)
    }

    package static func parse(_ text: String, depthLimit: Int = 128) throws(JSONError) -> JSONValue {
        try parse(text.utf8, depthLimit: depthLimit)
    }

    package static func parse(_ bytes: Span<UInt8>, depthLimit: Int = 128) throws(JSONError) -> JSONValue {
        var parser = Parser()
        do throws(Fault) {
            let value = try parser.value(bytes, depthLeft: depthLimit)
            parser.skipSpace(bytes)
            if parser.offset != bytes.count { throw Fault("text after the end of the document") }
            return value
        } catch {
            throw parser.error(bytes, error.reason)
        }
    }
}

private struct Fault: Error {
    let reason: String

    init(_ reason: String) { self.reason = reason }
}

/// A position in the text; the text is handed to each step, because a stored span would need lifetime annotations.
private struct Parser {
    var offset = 0

    func error(_ text: borrowing Span<UInt8>, _ reason: String) -> JSONError {
        let end = min(offset, text.count)
        var (line, column) = (1, 1)
        for index in 0..<end {
            if text[index] == UInt8(ascii: "\n") { (line, column) = (line + 1, 1) } else { column += 1 }
        }
        return JSONError(offset: end, line: line, column: column, reason: reason)
    }

    func peek(_ text: borrowing Span<UInt8>) -> UInt8? { offset < text.count ? text[offset] : nil }

    mutating func skipSpace(_ text: borrowing Span<UInt8>) {
        while offset < text.count {
            switch text[offset] {
            case 0x20, 0x09, 0x0A, 0x0D: offset += 1
            default: return
            }
        }
    }

    mutating func value(_ text: borrowing Span<UInt8>, depthLeft: Int) throws(Fault) -> JSONValue {
        skipSpace(text)
        switch peek(text) {
        case UInt8(ascii: "{"): return .object(try object(text, depthLeft: depthLeft))
        case UInt8(ascii: "["): return .array(try array(text, depthLeft: depthLeft))
        case UInt8(ascii: "\""): return .string(try string(text))
        case UInt8(ascii: "t"): return try word(text, "true", .bool(true))
        case UInt8(ascii: "f"): return try word(text, "false", .bool(false))
        case UInt8(ascii: "n"): return try word(text, "null", .null)
        case UInt8(ascii: "-"), .some(48...57): return .number(try number(text))
        case nil: throw Fault("the text ends where a value should be")
        default: throw Fault("no value begins with this character")
        }
    }

    mutating func word(_ text: borrowing Span<UInt8>, _ word: StaticString, _ value: JSONValue) throws(Fault)
        -> JSONValue
    {
        for index in 0..<word.utf8CodeUnitCount {
            guard peek(text) == word.utf8Start[index] else { throw Fault("expected \"\(word)\"") }
            offset += 1
        }
        return value
    }

    mutating func object(_ text: borrowing Span<UInt8>, depthLeft: Int) throws(Fault) -> JSONObject {
        if depthLeft == 0 { throw Fault("nested too deeply") }
        offset += 1
        var members: [JSONObject.Member] = []
        skipSpace(text)
        if peek(text) == UInt8(ascii: "}") {
            offset += 1
            return JSONObject()
        }
        while true {
            skipSpace(text)
            guard peek(text) == UInt8(ascii: "\"") else { throw Fault("expected a member's name in quotes") }
            let key = try string(text)
            skipSpace(text)
            guard peek(text) == UInt8(ascii: ":") else { throw Fault("expected \":\" after a member's name") }
            offset += 1
            members.append(.init(key: key, value: try value(text, depthLeft: depthLeft - 1)))
            if try endsList(text, UInt8(ascii: "}")) { return JSONObject(members: members) }
        }
    }

    mutating func array(_ text: borrowing Span<UInt8>, depthLeft: Int) throws(Fault) -> [JSONValue] {
        if depthLeft == 0 { throw Fault("nested too deeply") }
        offset += 1
        var elements: [JSONValue] = []
        skipSpace(text)
        if peek(text) == UInt8(ascii: "]") {
            offset += 1
            return []
        }
        while true {
            elements.append(try value(text, depthLeft: depthLeft - 1))
            if try endsList(text, UInt8(ascii: "]")) { return elements }
        }
    }

    /// Takes the comma or the closing bracket after an element.
    mutating func endsList(_ text: borrowing Span<UInt8>, _ closing: UInt8) throws(Fault) -> Bool {
        skipSpace(text)
        guard let next = peek(text), next == closing || next == UInt8(ascii: ",") else {
            throw Fault("expected \",\" or \"\(Character(UnicodeScalar(closing)))\"")
        }
        offset += 1
        return next == closing
    }

    /// RFC 8259, 6: no leading zero, digits on both sides of the point.
    mutating func number(_ text: borrowing Span<UInt8>) throws(Fault) -> JSONNumber {
        let start = offset
        if peek(text) == UInt8(ascii: "-") { offset += 1 }
        let isZero = peek(text) == UInt8(ascii: "0")
        let whole = try digits(text)
        if isZero && whole > 1 { throw Fault("a number must not begin with 0") }
        if peek(text) == UInt8(ascii: ".") {
            offset += 1
            _ = try digits(text)
        }
        if peek(text) == UInt8(ascii: "e") || peek(text) == UInt8(ascii: "E") {
            offset += 1
            if peek(text) == UInt8(ascii: "+") || peek(text) == UInt8(ascii: "-") { offset += 1 }
            _ = try digits(text)
        }
        return JSONNumber(checked: Self.string(text.extracting(start..<offset)) ?? "0")
    }

    mutating func digits(_ text: borrowing Span<UInt8>) throws(Fault) -> Int {
        let start = offset
        while let byte = peek(text), (48...57).contains(byte) { offset += 1 }
        if offset == start { throw Fault("expected a digit") }
        return offset - start
    }

    mutating func string(_ text: borrowing Span<UInt8>) throws(Fault) -> String {
        offset += 1
        let start = offset
        // Most strings have nothing to unescape and are taken as they are.
        while true {
            offset = text.withUnsafeBytes { $0.firstSpecial(from: offset) }
            // Whether it is UTF-8 is looked at below.
            guard let byte = peek(text), byte >= 0x80 else { break }
            offset += 1
        }
        if peek(text) == UInt8(ascii: "\"") {
            offset += 1
            guard let string = Self.string(text.extracting(start..<offset - 1)) else {
                throw Fault("the string before this is not UTF-8")
            }
            return string
        }
        var bytes = (start..<offset).map { text[$0] }
        while let byte = peek(text) {
            switch byte {
            case UInt8(ascii: "\""):
                offset += 1
                guard let string = String(validating: bytes, as: UTF8.self) else {
                    throw Fault("the string before this is not UTF-8")
                }
                return string
            case UInt8(ascii: "\\"):
                offset += 1
                try escape(text, into: &bytes)
            case 0..<0x20:
                throw Fault("a control character in a string must be escaped")
            default:
                bytes.append(byte)
                offset += 1
            }
        }
        throw Fault("the text ends inside a string")
    }

    /// Nil for bytes that are not UTF-8. Without generics, whose metadata would be looked up for each string.
    static func string(_ bytes: Span<UInt8>) -> String? {
        guard let text = try? UTF8Span(validating: bytes) else { return nil }
        return String(copying: text)
    }

    mutating func escape(_ text: borrowing Span<UInt8>, into bytes: inout [UInt8]) throws(Fault) {
        guard let byte = peek(text) else { throw Fault("the text ends inside a string") }
        offset += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): bytes.append(byte)
        case UInt8(ascii: "b"): bytes.append(0x08)
        case UInt8(ascii: "f"): bytes.append(0x0C)
        case UInt8(ascii: "n"): bytes.append(0x0A)
        case UInt8(ascii: "r"): bytes.append(0x0D)
        case UInt8(ascii: "t"): bytes.append(0x09)
        case UInt8(ascii: "u"): bytes.append(contentsOf: String(try scalar(text)).utf8)
        default: throw Fault("no such escape in a string")
        }
    }

    /// The scalar after `\u`, with the second half of a surrogate pair where there is one.
    mutating func scalar(_ text: borrowing Span<UInt8>) throws(Fault) -> Unicode.Scalar {
        var code = try hexDigits(text)
        if (0xD800..<0xDC00).contains(code) {
            guard peek(text) == UInt8(ascii: "\\") else { throw Fault("a surrogate without its pair") }
            offset += 1
            guard peek(text) == UInt8(ascii: "u") else { throw Fault("a surrogate without its pair") }
            offset += 1
            let low = try hexDigits(text)
            guard (0xDC00..<0xE000).contains(low) else { throw Fault("a surrogate without its pair") }
            code = 0x10000 + (code - 0xD800) << 10 + (low - 0xDC00)
        }
        guard let scalar = Unicode.Scalar(code) else { throw Fault("a surrogate without its pair") }
        return scalar
    }

    mutating func hexDigits(_ text: borrowing Span<UInt8>) throws(Fault) -> UInt32 {
        var code: UInt32 = 0
        for _ in 0..<4 {
            switch peek(text) {
            case .some(let d) where (48...57).contains(d): code = code << 4 | UInt32(d - 48)
            case .some(let d) where (65...70).contains(d): code = code << 4 | UInt32(d - 55)
            case .some(let d) where (97...102).contains(d): code = code << 4 | UInt32(d - 87)
            default: throw Fault("expected four hex digits")
            }
            offset += 1
        }
        return code
    }
}
