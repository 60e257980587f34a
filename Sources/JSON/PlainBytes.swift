extension UnsafeRawBufferPointer {
    /// The first byte from `start` on that says something in a string of JSON, a quote, a backslash or a control
    /// character, or that is not ASCII; the end when there is none. Eight bytes are looked at in a step.
    @inline(__always)
    func firstSpecial(from start: Int) -> Int {
        var index = start
        while index + 8 <= count {
            let found = Self.specials(loadUnaligned(fromByteOffset: index, as: UInt64.self))
            if found != 0 { return index + found.trailingZeroBitCount >> 3 }
            index += 8
        }
        while index < count, Self.isPlain(self[index]) { index += 1 }
        return index
    }

    private static func isPlain(_ byte: UInt8) -> Bool {
        (0x20..<0x80).contains(byte) && byte != UInt8(ascii: "\"") && byte != UInt8(ascii: "\\")
    }

    /// A set high bit in each special byte. Above the first such byte there may be false ones (a borrow of the
    /// subtraction), so only the lowest counts.
    @inline(__always)
    private static func specials(_ word: UInt64) -> UInt64 {
        let word = UInt64(littleEndian: word)
        let ones: UInt64 = 0x0101_0101_0101_0101
        let quotes = word ^ (ones &* 0x22)
        let backslashes = word ^ (ones &* 0x5C)
        let found =
            (quotes &- ones) & ~quotes | (backslashes &- ones) & ~backslashes | (word &- ones &* 0x20) & ~word | word
        return found & (ones &* 0x80)
    }
}
