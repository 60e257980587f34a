/// Which objects are meant, by a few of their fields: `status.phase!=Running,spec.nodeName=a`. Which fields a kind has
/// for this is in `SelectableFields`.
package struct FieldSelector: Hashable, Sendable, CustomStringConvertible {
    package struct Term: Hashable, Sendable {
        package var field: String
        package var value: String
        /// `=`; else `!=`.
        package var isEqual: Bool
    }

    /// In the order of their texts.
    package var terms: [Term]

    package static let everything = FieldSelector(terms: [])

    package var isEmpty: Bool { terms.isEmpty }

    package init(terms: [Term]) { self.terms = terms }

    /// Parses a query's `fieldSelector`. A backslash before a comma, an equals sign or a backslash makes it a part of
    /// the value.
    package init(parsing text: String) throws(SelectorError) {
        terms = []
        for part in Self.split(Array(text.utf8)).sorted(by: { $0.lexicographicallyPrecedes($1) }) where !part.isEmpty {
            guard let (field, isEqual, rest) = Self.cut(part) else {
                let shown = String(decoding: part, as: UTF8.self)
                throw SelectorError("invalid selector: '\(text)'; can't understand '\(shown)'")
            }
            let value = try Self.unescape(rest, in: text)
            terms.append(Term(field: String(decoding: field, as: UTF8.self), value: value, isEqual: isEqual))
        }
    }

    /// `field`: an object's value of a field, the empty string where it has none.
    package func matches(field: (String) -> String) -> Bool {
        terms.allSatisfy { (field($0.field) == $0.value) == $0.isEqual }
    }

    /// The value that this field must have; nil when the selector leaves it open. `metadata.name=x` makes a list or a
    /// watch one of a single object.
    package func required(_ field: String) -> String? {
        terms.first { $0.isEqual && $0.field == field }?.value
    }

    package var description: String {
        terms.map { $0.field + ($0.isEqual ? "=" : "!=") + Self.escape($0.value) }.joined(separator: ",")
    }

    private static func split(_ text: [UInt8]) -> [[UInt8]] {
        var parts: [[UInt8]] = []
        var part: [UInt8] = []
        var isEscaped = false
        for byte in text {
            if byte == UInt8(ascii: ","), !isEscaped {
                parts.append(part)
                part = []
            } else {
                part.append(byte)
            }
            isEscaped = !isEscaped && byte == UInt8(ascii: "\\")
        }
        parts.append(part)
        return parts
    }

    /// At the first `!=`, `==` or `=`.
    private static func cut(_ part: [UInt8]) -> (field: ArraySlice<UInt8>, isEqual: Bool, value: ArraySlice<UInt8>)? {
        guard let equals = part.firstIndex(of: UInt8(ascii: "=")) else { return nil }
        if equals > 0, part[equals - 1] == UInt8(ascii: "!") {
            return (part[..<(equals - 1)], false, part[(equals + 1)...])
        }
        let isDouble = equals + 1 < part.count && part[equals + 1] == UInt8(ascii: "=")
        return (part[..<equals], true, part[(equals + (isDouble ? 2 : 1))...])
    }

    private static func unescape(_ value: ArraySlice<UInt8>, in text: String) throws(SelectorError) -> String {
        var bytes: [UInt8] = []
        var isEscaped = false
        for byte in value {
            if isEscaped {
                guard byte == UInt8(ascii: ",") || byte == UInt8(ascii: "=") || byte == UInt8(ascii: "\\") else {
                    let sequence = String(decoding: [UInt8(ascii: "\\"), byte], as: UTF8.self)
                    throw SelectorError("invalid field selector: invalid escape sequence: \(sequence)")
                }
                bytes.append(byte)
                isEscaped = false
            } else if byte == UInt8(ascii: "\\") {
                isEscaped = true
            } else if byte == UInt8(ascii: "=") {
                let shown = String(decoding: value, as: UTF8.self)
                throw SelectorError("invalid field selector: unescaped = in value: \(shown)")
            } else {
                bytes.append(byte)
            }
        }
        if isEscaped { throw SelectorError("invalid field selector: invalid escape sequence: \\") }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func escape(_ value: String) -> String {
        var bytes: [UInt8] = []
        for byte in value.utf8 {
            if byte == UInt8(ascii: ",") || byte == UInt8(ascii: "=") || byte == UInt8(ascii: "\\") {
                bytes.append(UInt8(ascii: "\\"))
            }
            bytes.append(byte)
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
