/// The query of a target: `name=value` pairs joined by `&` (the URL standard's application/x-www-form-urlencoded).
package enum HTTPQuery {
    package struct Item: Hashable, Sendable {
        package var name: String
        package var value: String
    }

    /// The pairs in order; a name without `=` has an empty value. Nil when an escape is broken or is no UTF-8.
    package static func items(_ query: String?) -> [Item]? {
        guard let query else { return [] }
        var items: [Item] = []
        for pair in query.utf8.split(separator: UInt8(ascii: "&")) {
            let equals = pair.firstIndex(of: UInt8(ascii: "="))
            guard let name = decode(pair[..<(equals ?? pair.endIndex)], plusIsSpace: true),
                let value = decode(equals.map { pair[pair.index(after: $0)...] } ?? "".utf8[...], plusIsSpace: true)
            else { return nil }
            items.append(Item(name: name, value: value))
        }
        return items
    }

    /// The text without its `%XX` escapes (RFC 3986, section 2.1); nil when one is broken or the result is no UTF-8.
    /// Split a path at its slashes first: a decoded one is no separator.
    package static func decoded(_ text: Substring) -> String? { decode(text.utf8, plusIsSpace: false) }

    private static func decode(_ text: Substring.UTF8View, plusIsSpace: Bool) -> String? {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.count)
        var rest = text.makeIterator()
        while let byte = rest.next() {
            switch byte {
            case UInt8(ascii: "%"):
                guard let high = rest.next().flatMap(hexadecimal), let low = rest.next().flatMap(hexadecimal) else {
                    return nil
                }
                bytes.append(high << 4 | low)
            case UInt8(ascii: "+") where plusIsSpace: bytes.append(0x20)
            default: bytes.append(byte)
            }
        }
        return String(validating: bytes, as: UTF8.self)
    }

    static func hexadecimal(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}
