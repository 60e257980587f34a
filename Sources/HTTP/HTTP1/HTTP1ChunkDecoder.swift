/// A body in chunks (RFC 9112, section 7.1): sizes in hexadecimal, extensions and trailer fields read and dropped.
struct HTTP1ChunkDecoder {
    private enum State {
        case size
        case data(remaining: Int)
        case dataEnd
        case trailer
    }

    private let limit: Int
    private var state = State.size
    /// What extensions and trailer fields may take in all: nobody sends them, and a body must not hide in them.
    private var overhead = 8192

    init(limit: Int) { self.limit = limit }

    /// Uses up what it can of the bytes from `start` on; true at the end of the body.
    mutating func decode(_ bytes: UnsafeRawBufferPointer, from start: inout Int, into body: inout [UInt8])
        throws(HTTPRefusal) -> Bool
    {
        while true {
            switch state {
            case .size:
                guard let line = try line(bytes, &start) else { return false }
                let size = try size(line)
                if size > limit - body.count { throw .bodyTooLarge(limit) }
                state = size == 0 ? .trailer : .data(remaining: size)
            case .data(let remaining):
                let count = min(remaining, bytes.count - start)
                body.append(contentsOf: bytes[start..<(start + count)])
                start += count
                if count < remaining {
                    state = .data(remaining: remaining - count)
                    return false
                }
                state = .dataEnd
            case .dataEnd:
                guard bytes.count - start >= 2 else { return false }
                guard bytes[start] == 0x0D, bytes[start + 1] == 0x0A else {
                    throw HTTPRefusal("a chunk does not end where it should")
                }
                start += 2
                state = .size
            case .trailer:
                guard let line = try line(bytes, &start) else { return false }
                if line.isEmpty { return true }
                try spend(line.count)
                _ = try HTTP1Field(line)
            }
        }
    }

    private mutating func spend(_ count: Int) throws(HTTPRefusal) {
        overhead -= count
        if overhead < 0 { throw HTTPRefusal("chunk extensions and trailer fields are too long", status: 431) }
    }

    /// The next line without its CRLF; nil when it is not whole.
    private func line(_ bytes: UnsafeRawBufferPointer, _ start: inout Int) throws(HTTPRefusal)
        -> UnsafeRawBufferPointer?
    {
        var end = start
        while end < bytes.count, bytes[end] != 0x0A { end += 1 }
        if end - start > 4096 { throw HTTPRefusal("a line between chunks is too long", status: 431) }
        guard end < bytes.count else { return nil }
        guard end > start, bytes[end - 1] == 0x0D else { throw HTTPRefusal("a line ends without CR") }
        defer { start = end + 1 }
        return UnsafeRawBufferPointer(rebasing: bytes[start..<(end - 1)])
    }

    private mutating func size(_ line: UnsafeRawBufferPointer) throws(HTTPRefusal) -> Int {
        var size = 0
        var digits = 0
        for byte in line {
            guard let digit = HTTPQuery.hexadecimal(byte) else { break }
            digits += 1
            // Seven digits are 256 MiB; a body of that size has been refused by then.
            if digits > 7 { throw .bodyTooLarge(limit) }
            size = size << 4 | Int(digit)
        }
        guard digits > 0 else { throw HTTPRefusal("a chunk has no size") }
        if digits == line.count { return size }
        let rest = line[digits...]
        guard rest.first == UInt8(ascii: ";"), rest.allSatisfy({ $0 == 0x09 || ($0 >= 0x20 && $0 != 0x7F) }) else {
            throw HTTPRefusal("a chunk's size is no number")
        }
        try spend(rest.count)
        return size
    }
}
