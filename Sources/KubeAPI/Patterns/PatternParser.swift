/// The syntax of Go's `regexp` (https://pkg.go.dev/regexp/syntax).
struct PatternParser {
    private var rest: ArraySlice<Unicode.Scalar>
    private var ignoresCase = false
    private var isMultiline = false
    private var dotMatchesNewline = false
    private var depth = 0
    private static let depthLimit = 200
    /// Of a repetition's number.
    private static let most = 1000

    init(_ text: String) { rest = Array(text.unicodeScalars)[...] }

    mutating func parse() throws(Pattern.Failure) -> PatternNode {
        let node = try alternatives()
        if !rest.isEmpty { throw Pattern.Failure(reason: "unexpected )") }
        return node
    }

    private mutating func alternatives() throws(Pattern.Failure) -> PatternNode {
        depth += 1
        defer { depth -= 1 }
        if depth > Self.depthLimit { throw Pattern.Failure(reason: "expression nests too deeply") }
        var all: [PatternNode] = [try sequence()]
        while take("|") { all.append(try sequence()) }
        return all.count == 1 ? all[0] : .alternatives(all)
    }

    private mutating func sequence() throws(Pattern.Failure) -> PatternNode {
        var parts: [PatternNode] = []
        while let next = rest.first, next != "|", next != ")" {
            if take("\\", "Q") {
                while !rest.isEmpty, !take("\\", "E") { parts.append(literal(rest.removeFirst())) }
                continue
            }
            if take("\\", "E") { continue }
            guard let atom = try atom() else { continue }
            parts.append(try repeated(atom))
        }
        return parts.count == 1 ? parts[0] : parts.isEmpty ? .empty : .sequence(parts)
    }

    private mutating func repeated(_ atom: PatternNode) throws(Pattern.Failure) -> PatternNode {
        guard let (least, most) = try repetition() else { return atom }
        if try repetition() != nil { throw Pattern.Failure(reason: "invalid nested repetition operator") }
        return .repeated(atom, least, most)
    }

    /// `*`, `{2,5}`, with the `?` that says which match is preferred, which is all one here.
    private mutating func repetition() throws(Pattern.Failure) -> (Int, Int?)? {
        var bounds: (Int, Int?)?
        if take("*") {
            bounds = (0, nil)
        } else if take("+") {
            bounds = (1, nil)
        } else if take("?") {
            bounds = (0, 1)
        } else if rest.first == "{", let counted = try counted() {
            bounds = counted
        }
        if bounds != nil { _ = take("?") }
        return bounds
    }

    /// What is no repetition is a brace.
    private mutating func counted() throws(Pattern.Failure) -> (Int, Int?)? {
        let start = rest
        rest.removeFirst()
        let least = number()
        var most = least
        if take(",") { most = number() }
        guard let least, take("}") else {
            rest = start
            return nil
        }
        if least > Self.most || most ?? 0 > Self.most || most ?? least < least {
            throw Pattern.Failure(reason: "invalid repeat count")
        }
        return (least, most)
    }

    private mutating func number() -> Int? {
        let digits = rest.prefix { ("0"..."9").contains($0) }
        rest = rest.dropFirst(digits.count)
        // What is too long for a number is too large for a repetition.
        return digits.isEmpty ? nil : Int(digits.map(String.init).joined()) ?? .max
    }

    private mutating func atom() throws(Pattern.Failure) -> PatternNode? {
        let next = rest.removeFirst()
        switch next {
        case "(": return try group()
        case "[": return .scalar(try bracket())
        case ".":
            return .scalar(dotMatchesNewline ? .all : ScalarClass.newline.negated)
        case "^": return .assertion(isMultiline ? .lineStart : .textStart)
        case "$": return .assertion(isMultiline ? .lineEnd : .textEnd)
        case "\\": return try escape()
        case "*", "+", "?": throw Pattern.Failure(reason: "missing argument to repetition operator")
        default: return literal(next)
        }
    }

    private func literal(_ scalar: Unicode.Scalar) -> PatternNode {
        var scalars = ScalarClass(scalar.value...scalar.value)
        scalars.ignoresCase = ignoresCase
        return .scalar(scalars)
    }

    /// What follows an opening parenthesis. Nil for flags that hold from here on.
    private mutating func group() throws(Pattern.Failure) -> PatternNode? {
        let flags = (ignoresCase, isMultiline, dotMatchesNewline)
        if take("?") {
            if take("P", "<") || take("<") {
                let name = rest.prefix { $0 != ">" }
                rest = rest.dropFirst(name.count)
                guard !name.isEmpty, take(">") else { throw Pattern.Failure(reason: "invalid named capture") }
            } else if try !setFlags() {
                // `(?i)`: until the group around it ends.
                return nil
            }
        }
        let node = try alternatives()
        guard take(")") else { throw Pattern.Failure(reason: "missing closing )") }
        (ignoresCase, isMultiline, dotMatchesNewline) = flags
        return node
    }

    /// True when a group follows.
    private mutating func setFlags() throws(Pattern.Failure) -> Bool {
        var isOn = true
        while let flag = rest.popFirst() {
            switch flag {
            case "i": ignoresCase = isOn
            case "m": isMultiline = isOn
            case "s": dotMatchesNewline = isOn
            case "U": break
            case "-": isOn = false
            case ":": return true
            case ")": return false
            default: throw Pattern.Failure(reason: "invalid or unsupported Perl syntax")
            }
        }
        throw Pattern.Failure(reason: "missing closing )")
    }

    private mutating func escape() throws(Pattern.Failure) -> PatternNode {
        switch rest.first {
        case nil: throw Pattern.Failure(reason: "trailing backslash at end of expression")
        case "A"?: return assertion(.textStart)
        case "z"?: return assertion(.textEnd)
        case "b"?: return assertion(.wordBoundary)
        case "B"?: return assertion(.noWordBoundary)
        default:
            var scalars = try escapedClass()
            scalars.ignoresCase = ignoresCase
            return .scalar(scalars)
        }
    }

    private mutating func assertion(_ assertion: PatternNode.Assertion) -> PatternNode {
        rest.removeFirst()
        return .assertion(assertion)
    }

    /// What follows a backslash, in brackets and outside.
    private mutating func escapedClass() throws(Pattern.Failure) -> ScalarClass {
        guard let next = rest.popFirst() else {
            throw Pattern.Failure(reason: "trailing backslash at end of expression")
        }
        switch next {
        case "d": return .digit
        case "D": return ScalarClass.digit.negated
        case "w": return .word
        case "W": return ScalarClass.word.negated
        case "s": return .space
        case "S": return ScalarClass.space.negated
        case "p", "P": return try category(isNegated: next == "P")
        case "a": return ScalarClass(7...7)
        case "f": return ScalarClass(12...12)
        case "t": return ScalarClass(9...9)
        case "n": return ScalarClass(10...10)
        case "r": return ScalarClass(13...13)
        case "v": return ScalarClass(11...11)
        case "x": return try hexadecimal()
        case "0"..."7":
            // One digit alone would be a reference to a group, which there is not.
            if next != "0", !(rest.first.map { ("0"..."7").contains($0) } ?? false) { break }
            var value = next.value - 48
            for _ in 0..<2 {
                guard let digit = rest.first, ("0"..."7").contains(digit) else { break }
                value = value * 8 + digit.value - 48
                rest.removeFirst()
            }
            return ScalarClass(value...value)
        default:
            let isLetter = next.properties.isAlphabetic || ("0"..."9").contains(next)
            if next.value < 128, !isLetter { return ScalarClass(next.value...next.value) }
        }
        throw Pattern.Failure(reason: "invalid escape sequence")
    }

    private mutating func hexadecimal() throws(Pattern.Failure) -> ScalarClass {
        var digits: ArraySlice<Unicode.Scalar>
        if take("{") {
            digits = rest.prefix { $0 != "}" }
            rest = rest.dropFirst(digits.count)
            guard take("}") else { throw Pattern.Failure(reason: "invalid escape sequence") }
        } else {
            digits = rest.prefix(2)
            rest = rest.dropFirst(2)
            if digits.count < 2 { digits = [] }
        }
        guard let value = UInt32(digits.map(String.init).joined(), radix: 16), value <= 0x10FFFF else {
            throw Pattern.Failure(reason: "invalid escape sequence")
        }
        return ScalarClass(value...value)
    }

    private mutating func category(isNegated: Bool) throws(Pattern.Failure) -> ScalarClass {
        var isNegated = isNegated
        var name = ""
        if take("{") {
            let text = rest.prefix { $0 != "}" }
            rest = rest.dropFirst(text.count)
            guard take("}") else { throw Pattern.Failure(reason: "invalid character class range") }
            name = text.map(String.init).joined()
        } else if let letter = rest.popFirst() {
            name = String(letter)
        }
        if name.hasPrefix("^") {
            name.removeFirst()
            isNegated.toggle()
        }
        guard let scalars = ScalarClass.category(name) else {
            throw Pattern.Failure(reason: "invalid character class range", isUnsupported: true)
        }
        return isNegated ? scalars.negated : scalars
    }

    private mutating func bracket() throws(Pattern.Failure) -> ScalarClass {
        var scalars = ScalarClass()
        scalars.ignoresCase = ignoresCase
        scalars.isNegated = take("^")
        var isFirst = true
        while isFirst || rest.first != "]" {
            guard let next = rest.first else { throw Pattern.Failure(reason: "missing closing ]") }
            isFirst = false
            if take("[", ":") {
                scalars.formUnion(try named())
                continue
            }
            rest.removeFirst()
            if next == "\\", let letter = rest.first, "dDwWsSpP".unicodeScalars.contains(letter) {
                scalars.formUnion(try escapedClass())
                continue
            }
            let low = next == "\\" ? try escapedClass().ranges.first?.lowerBound ?? 0 : next.value
            var high = low
            if rest.first == "-", rest.dropFirst().first != "]", rest.count > 1 {
                rest.removeFirst()
                let end = rest.removeFirst()
                high = end == "\\" ? try escapedClass().ranges.first?.lowerBound ?? 0 : end.value
            }
            if high < low { throw Pattern.Failure(reason: "invalid character class range") }
            scalars.insert(low...high)
        }
        rest.removeFirst()
        return scalars
    }

    private mutating func named() throws(Pattern.Failure) -> ScalarClass {
        let isNegated = take("^")
        let name = rest.prefix { $0 != ":" }
        rest = rest.dropFirst(name.count)
        guard take(":", "]"), let scalars = ScalarClass.named(name.map(String.init).joined()) else {
            throw Pattern.Failure(reason: "invalid character class range")
        }
        return isNegated ? scalars.negated : scalars
    }

    private mutating func take(_ scalars: Unicode.Scalar...) -> Bool {
        guard rest.starts(with: scalars) else { return false }
        rest = rest.dropFirst(scalars.count)
        return true
    }
}
