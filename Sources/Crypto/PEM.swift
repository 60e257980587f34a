/// Textual encoding of binary objects (RFC 7468): certificates, keys and requests in files and in API objects.
package enum PEM {
    package struct Block: Hashable, Sendable {
        /// What stands after BEGIN: "CERTIFICATE", "EC PRIVATE KEY".
        package var label: String
        package var bytes: [UInt8]

        package init(label: String, bytes: [UInt8]) {
            self.label = label
            self.bytes = bytes
        }
    }

    /// The block with 64 characters a line and a line end after the last.
    package static func encode(_ label: String, _ bytes: [UInt8]) -> String {
        var text = "-----BEGIN \(label)-----\n"
        let characters = Base64Text.encode(bytes)
        var rest = characters[...]
        while !rest.isEmpty {
            text += String(decoding: rest.prefix(64), as: UTF8.self) + "\n"
            rest = rest.dropFirst(64)
        }
        return text + "-----END \(label)-----\n"
    }

    /// All blocks of a text, in order; what stands between them is a comment. A block that is broken is an error, and so
    /// is one with headers, because those belong to encrypted keys (RFC 1421).
    package static func decode(_ text: String) throws(CryptoError) -> [Block] {
        var blocks: [Block] = []
        var label: String?
        var body: [UInt8] = []
        for line in text.utf8.split(whereSeparator: { $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: "\r") }) {
            let line = String(decoding: trimmed(line), as: UTF8.self)
            if let current = label {
                if line == "-----END \(current)-----" {
                    guard let bytes = Base64Text.decode(body) else {
                        throw CryptoError("decode", "PEM block \"\(current)\"", "it is not base64")
                    }
                    blocks.append(Block(label: current, bytes: bytes))
                    label = nil
                } else {
                    if line.utf8.contains(UInt8(ascii: ":")) {
                        throw CryptoError("decode", "PEM block \"\(current)\"", "encrypted keys are not supported")
                    }
                    body.append(contentsOf: line.utf8)
                }
            } else if line.hasPrefix("-----BEGIN "), line.hasSuffix("-----"), line.utf8.count > 16 {
                label = String(line.dropFirst(11).dropLast(5))
                body = []
            }
        }
        if let label { throw CryptoError("decode", "PEM block \"\(label)\"", "it has no end") }
        return blocks
    }

    private static func trimmed(_ line: Substring.UTF8View.SubSequence) -> Substring.UTF8View.SubSequence {
        var line = line
        while let first = line.first, first == 0x20 || first == 0x09 { line = line.dropFirst() }
        while let last = line.last, last == 0x20 || last == 0x09 { line = line.dropLast() }
        return line
    }
}
