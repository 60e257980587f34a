/// A response's head as text (RFC 9112, section 4).
struct HTTP1ResponseHead {
    private var bytes: [UInt8] = []

    init(status: Int) {
        bytes.reserveCapacity(256)
        bytes += "HTTP/1.1 \(status) \(HTTPStatus.phrase(status))\r\n".utf8
    }

    /// The name in lower case is written as people are used to see it: `Content-Type`.
    mutating func add(_ name: String, _ value: String) {
        var isFirst = true
        for byte in name.utf8 {
            bytes.append(isFirst && (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) ? byte & ~0x20 : byte)
            isFirst = byte == UInt8(ascii: "-")
        }
        bytes.append(UInt8(ascii: ":"))
        bytes.append(0x20)
        for byte in value.utf8 { bytes.append(HTTPHeaders.isAllowed(byte) ? byte : 0x20) }
        bytes.append(0x0D)
        bytes.append(0x0A)
    }

    consuming func finished() -> [UInt8] {
        bytes.append(0x0D)
        bytes.append(0x0A)
        return bytes
    }
}

extension HTTPHeaders {
    /// Whether a byte may be in a value. What a handler took over from a client must not end the field and begin another.
    static func isAllowed(_ byte: UInt8) -> Bool { byte >= 0x20 && byte != 0x7F || byte == 0x09 }
}
