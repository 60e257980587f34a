enum HTTP1Chunk {
    /// Digits, CRLF, and CRLF at the end.
    private static let overhead = 4 + 2 + 2

    /// Writes as much of the queue as fits into the buffer as one chunk (RFC 9112, section 7.1); gives the bytes written,
    /// 0 when nothing fits. Pieces that wait together go together: a chunk says nothing about where a message ends.
    static func fill(_ buffer: UnsafeMutableRawBufferPointer, from queue: inout OutputQueue) -> Int {
        let count = min(queue.count, buffer.count - overhead, 0xFFFF)
        guard count > 0 else { return 0 }
        // A size may have leading zeros, so it always takes four digits and the body can be written right behind it.
        for digit in 0..<4 {
            let value = UInt8(truncatingIfNeeded: count >> (12 - 4 * digit)) & 0xF
            buffer[digit] = value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") + value - 10
        }
        (buffer[4], buffer[5]) = (0x0D, 0x0A)
        let taken = queue.take(into: UnsafeMutableRawBufferPointer(rebasing: buffer[6..<(6 + count)]))
        (buffer[6 + taken], buffer[7 + taken]) = (0x0D, 0x0A)
        return taken + overhead
    }
}
