/// Frames of HTTP/2 as bytes, right or wrong as a test wants them (RFC 9113, section 4.1).
struct HTTP2Frame: Hashable {
    static let preface = Array("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".utf8)

    enum Kind {
        static let (data, headers, priority, reset, settings, push, ping, goaway, window, continuation):
            (
                UInt8, UInt8, UInt8, UInt8, UInt8, UInt8, UInt8, UInt8, UInt8, UInt8
            ) = (0, 1, 2, 3, 4, 5, 6, 7, 8, 9)
    }

    var kind: UInt8
    var flags: UInt8 = 0
    var stream: UInt32 = 0
    var payload: [UInt8] = []

    var isEndStream: Bool { flags & 1 != 0 && kind <= Kind.headers }

    var bytes: [UInt8] {
        let count = payload.count
        return [UInt8(count >> 16 & 255), UInt8(count >> 8 & 255), UInt8(count & 255), kind, flags]
            + Self.number(stream)
            + payload
    }

    /// The error code of RST_STREAM and GOAWAY.
    var code: UInt32 { Self.number(payload.dropFirst(kind == Kind.goaway ? 4 : 0)) }
    /// The last stream that GOAWAY names.
    var lastStream: UInt32 { Self.number(payload[...]) }

    static func number(_ value: UInt32) -> [UInt8] { (0..<4).map { UInt8(truncatingIfNeeded: value >> (24 - 8 * $0)) } }
    static func number(_ bytes: ArraySlice<UInt8>) -> UInt32 { bytes.prefix(4).reduce(0) { $0 << 8 | UInt32($1) } }

    /// Fields without compression: literals that are not indexed (RFC 7541, section 6.2.2).
    static func block(_ fields: [(String, String)]) -> [UInt8] {
        func text(_ value: String) -> [UInt8] {
            let bytes = Array(value.utf8)
            var length = bytes.count
            if length < 127 { return [UInt8(length)] + bytes }
            var prefix: [UInt8] = [127]
            length -= 127
            while length >= 128 {
                prefix.append(UInt8(length & 127) | 128)
                length >>= 7
            }
            return prefix + [UInt8(length)] + bytes
        }
        return fields.flatMap { [0] + text($0.0) + text($0.1) }
    }

    static func settings(_ values: [(UInt16, UInt32)] = []) -> HTTP2Frame {
        HTTP2Frame(
            kind: Kind.settings,
            payload: values.flatMap { [UInt8($0.0 >> 8), UInt8($0.0 & 255)] + number($0.1) })
    }

    static func request(
        _ stream: UInt32, _ method: String = "GET", _ path: String = "/echo", fields: [(String, String)] = [],
        isLast: Bool = true
    ) -> HTTP2Frame {
        let pseudo = [(":method", method), (":path", path), (":scheme", "https"), (":authority", "a")]
        return HTTP2Frame(
            kind: Kind.headers, flags: isLast ? 5 : 4, stream: stream, payload: block(pseudo + fields))
    }

    static func data(_ stream: UInt32, _ payload: [UInt8], isLast: Bool = true) -> HTTP2Frame {
        HTTP2Frame(kind: Kind.data, flags: isLast ? 1 : 0, stream: stream, payload: payload)
    }

    static func reset(_ stream: UInt32, _ code: UInt32 = 8) -> HTTP2Frame {
        HTTP2Frame(kind: Kind.reset, stream: stream, payload: number(code))
    }

    static func window(_ stream: UInt32, _ increment: UInt32) -> HTTP2Frame {
        HTTP2Frame(kind: Kind.window, stream: stream, payload: number(increment))
    }

    /// The whole frames at the beginning of the bytes.
    static func parse(_ bytes: [UInt8]) -> [HTTP2Frame] {
        var frames: [HTTP2Frame] = []
        var rest = bytes[...]
        while rest.count >= 9 {
            let head = Array(rest.prefix(9))
            let count = Int(head[0]) << 16 | Int(head[1]) << 8 | Int(head[2])
            guard rest.count >= 9 + count else { break }
            rest = rest.dropFirst(9)
            frames.append(
                HTTP2Frame(
                    kind: head[3], flags: head[4], stream: number(head[5...]), payload: Array(rest.prefix(count))))
            rest = rest.dropFirst(count)
        }
        return frames
    }
}
