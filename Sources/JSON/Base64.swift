extension JSONValue {
    /// Bytes as a string in base64 (RFC 4648, section 4), which is how protobuf's JSON mapping and Kubernetes write them.
    package static func base64(_ bytes: some Collection<UInt8>) -> JSONValue { .string(Base64.encode(bytes)) }

    /// The bytes of a base64 string; nil when this is none.
    package var base64Bytes: [UInt8]? { string.flatMap(Base64.decode) }
}

/// Base64 with the standard alphabet and padding.
package enum Base64 {
    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
    private static let padding = UInt8(ascii: "=")
    /// The value of each byte; 255 for those outside the alphabet.
    private static let values: [UInt8] = {
        var values = [UInt8](repeating: 255, count: 256)
        for (value, character) in alphabet.enumerated() { values[Int(character)] = UInt8(value) }
        return values
    }()

    package static func encode(_ bytes: some Collection<UInt8>) -> String {
        let text = bytes.withContiguousStorageIfAvailable { encode(UnsafeRawBufferPointer($0)) }
        return text ?? Array(bytes).withUnsafeBytes { encode($0) }
    }

    /// Nil for anything but whole groups of four in the standard alphabet, padded at the end only, with no stray bits.
    package static func decode(_ text: String) -> [UInt8]? {
        var text = text
        return text.withUTF8 { decode(UnsafeRawBufferPointer($0)) }
    }

    private static func encode(_ bytes: UnsafeRawBufferPointer) -> String {
        alphabet.withUnsafeBufferPointer { alphabet in
            String(unsafeUninitializedCapacity: (bytes.count + 2) / 3 * 4) { text in
                var (from, to) = (0, 0)
                func put(_ group: UInt32, _ characters: Int) {
                    for index in 0..<4 {
                        let value = Int(group >> UInt32(18 - 6 * index)) & 63
                        text[to + index] = index < characters ? alphabet[value] : padding
                    }
                    to += 4
                }
                while from + 3 <= bytes.count {
                    put(UInt32(bytes[from]) << 16 | UInt32(bytes[from + 1]) << 8 | UInt32(bytes[from + 2]), 4)
                    from += 3
                }
                switch bytes.count - from {
                case 1: put(UInt32(bytes[from]) << 16, 2)
                case 2: put(UInt32(bytes[from]) << 16 | UInt32(bytes[from + 1]) << 8, 3)
                default: break
                }
                return to
            }
        }
    }

    private static func decode(_ text: UnsafeRawBufferPointer) -> [UInt8]? {
        guard text.count.isMultiple(of: 4) else { return nil }
        var count = text.count
        while count > 0, text.count - count < 2, text[count - 1] == padding { count -= 1 }
        var isValid = true
        let bytes = values.withUnsafeBufferPointer { values in
            [UInt8](unsafeUninitializedCapacity: count / 4 * 3 + 2) { bytes, length in
                var bits: UInt32 = 0
                var kept: UInt32 = 0
                // A byte outside the alphabet has a bit that no value has.
                var seen: UInt8 = 0
                for index in 0..<count {
                    let value = values[Int(text[index])]
                    seen |= value
                    bits = bits << 6 | UInt32(value & 63)
                    kept += 6
                    if kept >= 8 {
                        kept -= 8
                        bytes[length] = UInt8(truncatingIfNeeded: bits >> kept)
                        length += 1
                        bits &= (1 << kept) - 1
                    }
                }
                isValid = seen & 0xC0 == 0 && bits == 0
            }
        }
        return isValid ? bytes : nil
    }
}
