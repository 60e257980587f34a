internal import JSON

/// Reads the selector syntax of queries. All tokens are found first; `in` and `notin` are operators in one place and
/// names in all others.
struct LabelSelectorParser {
    private enum Kind: Hashable {
        case identifier, `in`, notIn, end, error
        case open, close, comma, not, equals, doubleEquals, notEquals, greaterThan, lessThan
    }

    private struct Token {
        var kind: Kind
        var text: String
    }

    private var tokens: [Token] = []
    private var position = 0

    init(_ text: String) { tokens = Self.scan(Array(text.utf8)) }

    mutating func requirements() throws(SelectorError) -> [LabelRequirement] {
        var found: [LabelRequirement] = []
        while true {
            switch peek.kind {
            case .end: return found
            case .identifier, .not:
                do throws(SelectorError) {
                    found.append(try requirement())
                } catch {
                    throw SelectorError("unable to parse requirement: \(error.message)")
                }
                let next = take()
                switch next.kind {
                case .end: return found
                case .comma:
                    guard peek.kind == .identifier || peek.kind == .not else {
                        throw SelectorError("found '\(peek.text)', expected: identifier after ','")
                    }
                default: throw SelectorError("found '\(next.text)', expected: ',' or 'end of string'")
                }
            default: throw SelectorError("found '\(peek.text)', expected: !, identifier, or 'end of string'")
            }
        }
    }

    private mutating func requirement() throws(SelectorError) -> LabelRequirement {
        var token = take()
        let isNegated = token.kind == .not
        if isNegated { token = take() }
        guard token.kind == .identifier else { throw SelectorError("found '\(token.text)', expected: identifier") }
        let key = token.text
        let problems = LabelSyntax.problems(key: key)
        guard problems.isEmpty else {
            let cause = FieldCause.invalid("<nil>", .string(key), problems.joined(separator: "; "))
            throw SelectorError(cause.description)
        }
        if isNegated { return try LabelRequirement(key, .doesNotExist) }
        if peek.kind == .end || peek.kind == .comma { return try LabelRequirement(key, .exists) }
        let kind = try self.operator()
        let values = kind == .in || kind == .notIn ? try self.values() : [try exactValue()]
        return try LabelRequirement(key, kind, Set(values).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) })
    }

    private mutating func `operator`() throws(SelectorError) -> LabelRequirement.Operator {
        // Here alone the two words are operators.
        let token = tokens[position]
        position = min(position + 1, tokens.count - 1)
        return switch token.kind {
        case .in: .in
        case .notIn: .notIn
        case .equals: .equals
        case .doubleEquals: .doubleEquals
        case .notEquals: .notEquals
        case .greaterThan: .greaterThan
        case .lessThan: .lessThan
        default: throw SelectorError("found '\(token.text)', expected: in, notin, =, ==, !=, gt, lt")
        }
    }

    /// `(a,b)`; an element may be empty.
    private mutating func values() throws(SelectorError) -> [String] {
        let open = take()
        guard open.kind == .open else { throw SelectorError("found '\(open.text)' expected: '('") }
        var values: [String] = []
        var wantsValue = true
        while true {
            let token = take()
            switch token.kind {
            case .identifier where wantsValue:
                values.append(token.text)
                wantsValue = false
            case .comma:
                if wantsValue { values.append("") }
                wantsValue = true
            case .close:
                if wantsValue { values.append("") }
                return values
            case .identifier: throw SelectorError("found '\(token.text)', expected: ',' or ')'")
            default:
                let expected =
                    values.isEmpty ? "',', ')' or identifier" : wantsValue ? "',', or identifier" : "',' or ')'"
                throw SelectorError("found '\(token.text)', expected: \(expected)")
            }
        }
    }

    private mutating func exactValue() throws(SelectorError) -> String {
        if peek.kind == .end || peek.kind == .comma { return "" }
        let token = take()
        guard token.kind == .identifier else { throw SelectorError("found '\(token.text)', expected: identifier") }
        return token.text
    }

    /// Where a name may stand, `in` and `notin` are names.
    private var peek: Token {
        var token = tokens[position]
        if token.kind == .in || token.kind == .notIn { token.kind = .identifier }
        return token
    }

    /// The last token is the end, and it is never passed.
    private mutating func take() -> Token {
        defer { position = min(position + 1, tokens.count - 1) }
        return peek
    }

    private static func scan(_ text: [UInt8]) -> [Token] {
        var tokens: [Token] = []
        var index = 0
        // A zero byte ends the text, as upstream's scanner has it.
        let end = text.firstIndex(of: 0) ?? text.count
        while index < end {
            let start = index
            if isSpace(text[index]) {
                index += 1
            } else if isSpecial(text[index]) {
                tokens.append(special(text, &index, end))
            } else {
                while index < end, !isSpace(text[index]), !isSpecial(text[index]) { index += 1 }
                let word = String(decoding: text[start..<index], as: UTF8.self)
                tokens.append(Token(kind: word == "in" ? .in : word == "notin" ? .notIn : .identifier, text: word))
            }
        }
        tokens.append(Token(kind: .end, text: ""))
        return tokens
    }

    private static func special(_ text: [UInt8], _ index: inout Int, _ end: Int) -> Token {
        let isPair = index + 1 < end && text[index + 1] == UInt8(ascii: "=")
        let (kind, length): (Kind, Int) =
            switch text[index] {
            case UInt8(ascii: "("): (.open, 1)
            case UInt8(ascii: ")"): (.close, 1)
            case UInt8(ascii: ","): (.comma, 1)
            case UInt8(ascii: ">"): (.greaterThan, 1)
            case UInt8(ascii: "<"): (.lessThan, 1)
            case UInt8(ascii: "!"): isPair ? (.notEquals, 2) : (.not, 1)
            default: isPair ? (.doubleEquals, 2) : (.equals, 1)
            }
        defer { index += length }
        return Token(kind: kind, text: String(decoding: text[index..<index + length], as: UTF8.self))
    }

    private static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D }

    private static func isSpecial(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "="), UInt8(ascii: "!"), UInt8(ascii: "("), UInt8(ascii: ")"), UInt8(ascii: ","),
            UInt8(ascii: ">"), UInt8(ascii: "<"):
            true
        default: false
        }
    }
}
