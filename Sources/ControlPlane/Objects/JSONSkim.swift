internal import Glibc

/// Finds values in encoded JSON without decoding the rest: what selectors, tables of owners and the watch need of an
/// object is a few members among kilobytes.
///
/// The text has been checked when it came in; a text that is not JSON gives nil here, never a read out of bounds.
/// Positions are byte offsets, a value's range is without the space around it. Every byte that is passed costs, and most
/// of an object lies behind its metadata: ask for early members first, and for several members in one pass.
package struct JSONSkim {
    private let bytes: UnsafeRawBufferPointer

    package init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

    /// The whole document, an object; it is not looked through for its end.
    package var document: Range<Int>? {
        let start = afterSpace(0)
        return byte(start) == UInt8(ascii: "{") ? start..<bytes.count : nil
    }

    /// Whether the text stands anywhere in the document: many times faster than to look for a member, and for most objects
    /// the answer is no. With its quotes a member's name is found whatever it is the name of.
    package func mentions(_ text: StaticString) -> Bool {
        let text = UnsafeRawBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount)
        guard let start = bytes.baseAddress, let wanted = text.baseAddress else { return false }
        // The rarest of its letters is most likely the capital one.
        let anchor = text.firstIndex { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0) } ?? 0
        var at = anchor
        let end = bytes.count - text.count + anchor
        while at <= end, let found = memchr(start + at, CInt(text[anchor]), end - at + 1) {
            let place = UnsafeRawPointer(found)
            if memcmp(place - anchor, wanted, text.count) == 0 { return true }
            at = place - start + 1
        }
        return false
    }

    /// A member's value from where it begins: what is read of it is found as in the whole value, but its own end is not
    /// looked for.
    package func opened(_ key: StaticString, of object: Range<Int>) -> Range<Int>? {
        opened(of: object) { has($0, key) }
    }

    package func opened(_ key: String, of object: Range<Int>) -> Range<Int>? {
        var key = key
        return key.withUTF8 { text in
            let text = UnsafeRawBufferPointer(text)
            return opened(of: object) { equals($0, text) }
        }
    }

    /// The value of an object's member; nil when there is none, or no object.
    package func member(_ key: StaticString, of object: Range<Int>) -> Range<Int>? {
        opened(key, of: object).flatMap(closed)
    }

    /// A value of which the end is not known, up to there.
    package func closed(_ value: Range<Int>) -> Range<Int>? {
        valueEnd(value.lowerBound).map { value.lowerBound..<$0 }
    }

    /// Whether these bytes are the key.
    package func has(_ range: Range<Int>, _ key: StaticString) -> Bool {
        equals(range, UnsafeRawBufferPointer(start: key.utf8Start, count: key.utf8CodeUnitCount))
    }

    /// Each member of an object: the key's range without its quotes, and the value's. The body says whether to go on.
    package func forEachMember(of object: Range<Int>, _ body: (_ key: Range<Int>, _ value: Range<Int>) -> Bool) {
        forEachStart(of: object) { key, start in
            guard let end = valueEnd(start), body(key, start..<end) else { return nil }
            return end
        }
    }

    /// Each element of an array.
    package func forEachElement(of array: Range<Int>, _ body: (Range<Int>) -> Void) {
        guard byte(array.lowerBound) == UInt8(ascii: "[") else { return }
        var at = afterSpace(array.lowerBound + 1)
        while at < array.upperBound, byte(at) != UInt8(ascii: "]") {
            guard let end = valueEnd(at) else { return }
            body(at..<end)
            at = afterSpace(end)
            guard byte(at) == UInt8(ascii: ",") else { return }
            at = afterSpace(at + 1)
        }
    }

    package func bytes(_ range: Range<Int>) -> UnsafeRawBufferPointer { UnsafeRawBufferPointer(rebasing: bytes[range]) }

    package func isString(_ range: Range<Int>) -> Bool { byte(range.lowerBound) == UInt8(ascii: "\"") }

    package func isObject(_ range: Range<Int>) -> Bool { byte(range.lowerBound) == UInt8(ascii: "{") }

    // MARK: Scanning

    /// Each member of an object: the key's range, and where the value begins. The body goes past the value and says where
    /// it ends; nil when no more is wanted.
    @inline(__always)
    private func forEachStart(of object: Range<Int>, _ body: (_ key: Range<Int>, _ start: Int) -> Int?) {
        guard byte(object.lowerBound) == UInt8(ascii: "{") else { return }
        var at = afterSpace(object.lowerBound + 1)
        while at < object.upperBound, byte(at) == UInt8(ascii: "\"") {
            guard let keyEnd = stringEnd(at) else { return }
            let colon = afterSpace(keyEnd)
            guard byte(colon) == UInt8(ascii: ":") else { return }
            guard let end = body(at + 1..<keyEnd - 1, afterSpace(colon + 1)) else { return }
            at = afterSpace(end)
            guard byte(at) == UInt8(ascii: ",") else { return }
            at = afterSpace(at + 1)
        }
    }

    @inline(__always)
    private func opened(of object: Range<Int>, where matches: (Range<Int>) -> Bool) -> Range<Int>? {
        var found: Range<Int>?
        forEachStart(of: object) { key, start in
            guard matches(key) else { return valueEnd(start) }
            if start < object.upperBound { found = start..<object.upperBound }
            return nil
        }
        return found
    }

    private func equals(_ range: Range<Int>, _ text: UnsafeRawBufferPointer) -> Bool {
        guard range.count == text.count else { return false }
        for offset in 0..<text.count where bytes[range.lowerBound + offset] != text[offset] { return false }
        return true
    }

    private func byte(_ at: Int) -> UInt8 { at < bytes.count ? bytes[at] : 0 }

    private func afterSpace(_ start: Int) -> Int {
        var at = start
        while at < bytes.count {
            switch bytes[at] {
            case 0x20, 0x09, 0x0A, 0x0D: at += 1
            default: return at
            }
        }
        return at
    }

    /// Past the closing quote of the string that begins here. Eight bytes are looked at in a step.
    private func stringEnd(_ start: Int) -> Int? {
        var at = start + 1
        while at < bytes.count {
            while at + 8 <= bytes.count {
                let found = Self.specials(bytes.loadUnaligned(fromByteOffset: at, as: UInt64.self))
                guard found == 0 else {
                    at += found.trailingZeroBitCount >> 3
                    break
                }
                at += 8
            }
            guard at < bytes.count else { return nil }
            switch bytes[at] {
            case UInt8(ascii: "\""): return at + 1
            case UInt8(ascii: "\\"): at += 2
            default: at += 1
            }
        }
        return nil
    }

    /// A set high bit in each byte that is a quote or a backslash; above the first such byte there may be false ones (a
    /// borrow of the subtraction), so only the lowest counts.
    @inline(__always)
    private static func specials(_ word: UInt64) -> UInt64 {
        let word = UInt64(littleEndian: word)
        let ones: UInt64 = 0x0101_0101_0101_0101
        let (quotes, backslashes) = (word ^ ones &* 0x22, word ^ ones &* 0x5C)
        return ((quotes &- ones) & ~quotes | (backslashes &- ones) & ~backslashes) & (ones &* 0x80)
    }

    /// Past the value that begins here. Brackets are counted, not matched by kind: the text was checked before.
    private func valueEnd(_ start: Int) -> Int? {
        switch byte(start) {
        case UInt8(ascii: "\""): return stringEnd(start)
        case UInt8(ascii: "{"), UInt8(ascii: "["):
            var depth = 0
            var at = start
            while at < bytes.count {
                switch bytes[at] {
                case UInt8(ascii: "\""):
                    guard let end = stringEnd(at) else { return nil }
                    at = end
                    continue
                case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
                case UInt8(ascii: "}"), UInt8(ascii: "]"):
                    depth -= 1
                    if depth == 0 { return at + 1 }
                default: break
                }
                at += 1
            }
            return nil
        default:
            var at = start
            while at < bytes.count {
                switch bytes[at] {
                case UInt8(ascii: ","), UInt8(ascii: "}"), UInt8(ascii: "]"), 0x20, 0x09, 0x0A, 0x0D:
                    return at > start ? at : nil
                default: at += 1
                }
            }
            return at > start ? at : nil
        }
    }
}
