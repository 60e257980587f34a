/// Tells a row that the disk has changed from one that was written: SQLite checks the structure of its pages, not what is
/// in them. Part of the file's format. No protection against intent.
enum Checksum {
    /// Eight bytes at a time, multiplied and folded, so that each bit of the row moves many of the sum.
    static func of(
        _ revision: Revision, _ key: String, created: Revision, previous: Revision, _ value: [UInt8]?
    ) -> Int64 {
        var sum: UInt64 = 0x9E37_79B9_7F4A_7C15
        for number in [revision, created, previous] { mix(&sum, UInt64(bitPattern: number)) }
        var key = key
        key.withUTF8 { mix(&sum, UnsafeRawBufferPointer($0)) }
        value?.withUnsafeBytes { mix(&sum, $0) }
        return Int64(bitPattern: sum)
    }

    private static func mix(_ sum: inout UInt64, _ bytes: UnsafeRawBufferPointer) {
        mix(&sum, UInt64(bytes.count))
        var offset = 0
        while offset + 8 <= bytes.count {
            mix(&sum, UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self)))
            offset += 8
        }
        var rest: UInt64 = 0
        while offset < bytes.count {
            rest = rest << 8 | UInt64(bytes[offset])
            offset += 1
        }
        mix(&sum, rest)
    }

    private static func mix(_ sum: inout UInt64, _ word: UInt64) {
        let product = (sum ^ word).multipliedFullWidth(by: 0xD6E8_FEB8_6659_FD93)
        sum = product.high ^ product.low &+ word
    }
}
