internal import JSON

struct JSONPathParser {
    private let text: [UInt8]
    private var offset = 0
    /// Filters may contain paths with filters.
    private var depth = 0

    init(_ text: [UInt8]) { self.text = text }

    mutating func path() -> [JSONPath.Step]? {
        let isBraced = take("{")
        skipSpace()
        guard let steps = steps(endsAtOperator: false) else { return nil }
        skipSpace()
        if isBraced, !take("}") { return nil }
        return offset == text.count ? steps : nil
    }

    private mutating func steps(endsAtOperator: Bool) -> [JSONPath.Step]? {
        var steps: [JSONPath.Step] = []
        if peek == UInt8(ascii: "$") || peek == UInt8(ascii: "@") { offset += 1 }
        while let next = peek {
            switch next {
            case UInt8(ascii: "."):
                offset += 1
                if take(".") {
                    steps.append(.descendants)
                    if peek == UInt8(ascii: "[") { continue }
                }
                if peek == nil || peek == UInt8(ascii: "}") { return steps.isEmpty ? steps : nil }
                if take("*") {
                    steps.append(.wildcard)
                } else if peek != UInt8(ascii: "[") {
                    guard let name = name() else { return nil }
                    steps.append(.member(name))
                }
            case UInt8(ascii: "["):
                offset += 1
                guard let step = bracket() else { return nil }
                steps.append(step)
            case UInt8(ascii: "}"): return steps
            default:
                if endsAtOperator { return steps }
                // A path may begin without its dot.
                guard steps.isEmpty, let name = name() else { return nil }
                steps.append(.member(name))
            }
        }
        return steps
    }

    /// Up to the next character that means something; a backslash makes it mean nothing.
    private mutating func name() -> String? {
        var bytes: [UInt8] = []
        while let byte = peek {
            if byte == UInt8(ascii: "\\") {
                offset += 1
                guard let escaped = peek else { return nil }
                bytes.append(escaped)
                offset += 1
                continue
            }
            if Self.special.contains(byte) { break }
            bytes.append(byte)
            offset += 1
        }
        return bytes.isEmpty ? nil : String(decoding: bytes, as: UTF8.self)
    }

    private static let special = Set(".[]{}()=!<>,'\" \t".utf8)

    /// After the opening bracket, up to and with the closing one.
    private mutating func bracket() -> JSONPath.Step? {
        skipSpace()
        if take("?") { return filter() }
        if take("*") { return take("]") ? .wildcard : nil }
        var parts: [JSONPath.Step] = []
        while true {
            skipSpace()
            guard let part = part() else { return nil }
            parts.append(part)
            skipSpace()
            if take("]") { return parts.count == 1 ? parts[0] : .union(parts) }
            guard take(",") else { return nil }
        }
    }

    private mutating func part() -> JSONPath.Step? {
        if let quoted = quoted() { return .member(quoted) }
        let from = integer()
        guard take(":") else { return from.map { .index($0) } }
        let to = integer()
        var by = 1
        if take(":") { by = integer() ?? 1 }
        return by > 0 ? .slice(from: from, to: to, by: by) : nil
    }

    private mutating func filter() -> JSONPath.Step? {
        depth += 1
        defer { depth -= 1 }
        guard depth < 8, take("(") else { return nil }
        skipSpace()
        guard peek == UInt8(ascii: "@"), let left = steps(endsAtOperator: true) else { return nil }
        skipSpace()
        var filter = JSONPath.Filter(left: JSONPath(steps: left))
        if !take(")") {
            guard let word = ["==", "!=", "<=", ">=", "<", ">"].first(where: { take($0) }) else { return nil }
            skipSpace()
            guard let right = operand() else { return nil }
            filter.comparison = (word, right)
            skipSpace()
            guard take(")") else { return nil }
        }
        skipSpace()
        return take("]") ? .filter(filter) : nil
    }

    private mutating func operand() -> JSONPath.Filter.Operand? {
        if let text = quoted() { return .literal(.string(text)) }
        if peek == UInt8(ascii: "@") { return steps(endsAtOperator: true).map { .path(JSONPath(steps: $0)) } }
        let start = offset
        while let byte = peek, byte != UInt8(ascii: ")"), byte != UInt8(ascii: " ") { offset += 1 }
        guard let literal = try? JSONValue.parse(text[start..<offset]) else { return nil }
        return .literal(literal)
    }

    /// In single or double quotes.
    private mutating func quoted() -> String? {
        guard let quote = peek, quote == UInt8(ascii: "'") || quote == UInt8(ascii: "\"") else { return nil }
        var bytes: [UInt8] = []
        var index = offset + 1
        while index < text.count, text[index] != quote {
            if text[index] == UInt8(ascii: "\\"), index + 1 < text.count { index += 1 }
            bytes.append(text[index])
            index += 1
        }
        guard index < text.count else { return nil }
        offset = index + 1
        return String(decoding: bytes, as: UTF8.self)
    }

    private mutating func integer() -> Int? {
        let start = offset
        _ = take("-")
        while let byte = peek, (48...57).contains(byte) { offset += 1 }
        return Int(String(decoding: text[start..<offset], as: UTF8.self))
    }

    private var peek: UInt8? { offset < text.count ? text[offset] : nil }

    private mutating func skipSpace() {
        while peek == UInt8(ascii: " ") || peek == UInt8(ascii: "\t") { offset += 1 }
    }

    private mutating func take(_ word: String) -> Bool {
        guard text[offset...].starts(with: word.utf8) else { return false }
        offset += word.utf8.count
        return true
    }
}
