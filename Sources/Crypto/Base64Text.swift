internal import COpenSSL

/// Base64 by OpenSSL (RFC 4648, section 4), for PEM.
enum Base64Text {
    static func encode(_ bytes: [UInt8]) -> [UInt8] {
        // A NUL follows the text.
        var text = [UInt8](repeating: 0, count: (bytes.count + 2) / 3 * 4 + 1)
        let count = EVP_EncodeBlock(&text, bytes, Int32(bytes.count))
        text.removeLast(text.count - Int(count))
        return text
    }

    /// Nil unless the text is whole groups of four with at most two `=` at the end.
    static func decode(_ text: [UInt8]) -> [UInt8]? {
        if text.isEmpty { return [] }
        guard text.count.isMultiple(of: 4), text.count < Int(Int32.max) else { return nil }
        let padding = text.reversed().prefix { $0 == UInt8(ascii: "=") }.count
        guard padding <= 2 else { return nil }
        var bytes = [UInt8](repeating: 0, count: text.count / 4 * 3)
        guard EVP_DecodeBlock(&bytes, text, Int32(text.count)) == bytes.count else { return nil }
        bytes.removeLast(padding)
        return bytes
    }
}
