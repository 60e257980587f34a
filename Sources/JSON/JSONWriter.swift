extension JSONValue {
    /// The document as text: compact, or with `pretty` one member a line and four spaces a level.
    package func serialized(pretty: Bool = false) -> String {
        var writer = Writer(pretty: pretty)
        writer.write(self, level: 0)
        return String(decoding: writer.bytes, as: UTF8.self)
    }

    /// The document as bytes: compact UTF-8.
    package func serializedBytes() -> [UInt8] {
        var writer = Writer(pretty: false)
        writer.bytes.reserveCapacity(1024)
        writer.write(self, level: 0)
        return writer.bytes
    }

    /// The same, after what is already there.
    package func append(to bytes: inout [UInt8]) {
        var writer = Writer(pretty: false)
        swap(&writer.bytes, &bytes)
        writer.write(self, level: 0)
        swap(&writer.bytes, &bytes)
    }
}

private struct Writer {
    let pretty: Bool
    var bytes: [UInt8] = []

    mutating func write(_ value: JSONValue, level: Int) {
        switch value {
        case .null: put("null")
        case .bool(let value): put(value ? "true" : "false")
        case .number(let number): put(number.literal)
        case .string(let string): quote(string)
        case .array(let elements):
            list(UInt8(ascii: "["), UInt8(ascii: "]"), elements, level) { $0.write($1, level: level + 1) }
        case .object(let object):
            list(UInt8(ascii: "{"), UInt8(ascii: "}"), object.members, level) {
                $0.quote($1.key)
                $0.bytes.append(UInt8(ascii: ":"))
                if $0.pretty { $0.bytes.append(UInt8(ascii: " ")) }
                $0.write($1.value, level: level + 1)
            }
        }
    }

    mutating func list<Item>(
        _ open: UInt8, _ close: UInt8, _ items: [Item], _ level: Int, _ each: (inout Writer, Item) -> Void
    ) {
        bytes.append(open)
        for (index, item) in items.enumerated() {
            if index > 0 { bytes.append(UInt8(ascii: ",")) }
            newLine(level + 1)
            each(&self, item)
        }
        if !items.isEmpty { newLine(level) }
        bytes.append(close)
    }

    mutating func newLine(_ level: Int) {
        guard pretty else { return }
        bytes.append(UInt8(ascii: "\n"))
        bytes.append(contentsOf: repeatElement(UInt8(ascii: " "), count: 4 * level))
    }

    mutating func put(_ text: String) { bytes.append(contentsOf: text.utf8) }

    mutating func quote(_ text: String) {
        bytes.append(UInt8(ascii: "\""))
        var text = text
        text.withUTF8 { text in
            // Whole runs of what needs no escape.
            let text = UnsafeRawBufferPointer(text)
            var (start, index) = (0, text.firstSpecial(from: 0))
            while index < text.count {
                if text[index] < 0x80 {
                    bytes.append(contentsOf: UnsafeRawBufferPointer(rebasing: text[start..<index]))
                    escape(text[index])
                    start = index + 1
                }
                index = text.firstSpecial(from: index + 1)
            }
            bytes.append(contentsOf: UnsafeRawBufferPointer(rebasing: text[start...]))
        }
        bytes.append(UInt8(ascii: "\""))
    }

    mutating func escape(_ byte: UInt8) {
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"):
            bytes.append(UInt8(ascii: "\\"))
            bytes.append(byte)
        case 0x0A: put("\\n")
        case 0x0D: put("\\r")
        case 0x09: put("\\t")
        default:
            let hex = String(byte, radix: 16)
            put("\\u00" + (byte < 16 ? "0" : "") + hex)
        }
    }
}
