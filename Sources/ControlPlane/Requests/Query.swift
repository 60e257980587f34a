/// The parameters of a request's address, decoded (application/x-www-form-urlencoded).
package struct Query: Hashable, Sendable {
    package private(set) var pairs: [Pair] = []
    /// As it was sent.
    package let text: String

    package struct Pair: Hashable, Sendable {
        package var name: String
        package var value: String
    }

    /// The text behind the question mark. Escapes that are none stay as they are.
    package init(_ text: some StringProtocol) {
        self.text = String(text)
        for part in text.split(separator: "&") {
            let halves = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            pairs.append(
                Pair(
                    name: percentDecoded(halves[0], plusIsSpace: true),
                    value: halves.count > 1 ? percentDecoded(halves[1], plusIsSpace: true) : ""))
        }
    }

    /// The first value of the name; empty ones count as absent, as for upstream.
    package subscript(name: String) -> String? {
        pairs.first { $0.name == name && !$0.value.isEmpty }?.value
    }

    package func all(_ name: String) -> [String] { pairs.filter { $0.name == name }.map(\.value) }

    /// As upstream reads booleans of a query: there without a value or with one that is not false means yes.
    package func flag(_ name: String) -> Bool {
        guard let pair = pairs.first(where: { $0.name == name }) else { return false }
        return !["false", "0"].contains(pair.value.lowercased())
    }
}

/// Decodes `%41`; a `+` is a space only in a query.
package func percentDecoded(_ text: some StringProtocol, plusIsSpace: Bool = false) -> String {
    let isPlain = text.utf8.allSatisfy { $0 != UInt8(ascii: "%") && !(plusIsSpace && $0 == UInt8(ascii: "+")) }
    if isPlain { return String(text) }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(text.utf8.count)
    var iterator = Array(text.utf8)[...]
    while let byte = iterator.popFirst() {
        if byte == UInt8(ascii: "%"), let high = iterator.first.flatMap(hexValue),
            let low = iterator.dropFirst().first.flatMap(hexValue)
        {
            bytes.append(high << 4 | low)
            iterator = iterator.dropFirst(2)
        } else {
            bytes.append(plusIsSpace && byte == UInt8(ascii: "+") ? UInt8(ascii: " ") : byte)
        }
    }
    return String(decoding: bytes, as: UTF8.self)
}

private func hexValue(_ byte: UInt8) -> UInt8? {
    switch byte {
    case 48...57: byte - 48
    case 65...70: byte - 55
    case 97...102: byte - 87
    default: nil
    }
}
