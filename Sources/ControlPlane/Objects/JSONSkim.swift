/// Finds values in encoded JSON without decoding the rest: what selectors, tables of owners and the watch need of an
/// object is a few members among kilobytes.
///
/// The text has been checked when it came in; a text that is not JSON gives nil here, never a read out of bounds.
/// Positions are byte offsets, a value's range is without the space around it.
package struct JSONSkim {
    private let bytes: UnsafeRawBufferPointer

    package init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

    /// The value of the whole document.
    package var document: Range<Int>? {
        let start = afterSpace(0)
        return valueEnd(start).map { start..<$0 }
    }

    /// The value of an object's member; nil when there is none, or no object.
    package func member(_ key: StaticString, of object: Range<Int>) -> Range<Int>? {
        let text = UnsafeRawBufferPointer(start: key.utf8Start, count: key.utf8CodeUnitCount)
        return member(of: object) { equals($0, text) }
    }

    package func member(_ key: String, of object: Range<Int>) -> Range<Int>? {
        var key = key
        return key.withUTF8 { text in
            let text = UnsafeRawBufferPointer(text)
            return member(of: object) { equals($0, text) }
        }
    }

    /// The value at a path of object members from the document's top.
    package func value(_ path: [String]) -> Range<Int>? {
        var range = document
        for key in path {
            guard let object = range else { return nil }
            range = member(key, of: object)
        }
        return range
    }

    /// Each member of an object: the key's range without its quotes, and the value's. The body says whether to go on.
    package func forEachMember(of object: Range<Int>, _ body: (_ key: Range<Int>, _ value: Range<Int>) -> Bool) {
        guard byte(object.lowerBound) == UInt8(ascii: "{") else { return }
        var at = afterSpace(object.lowerBound + 1)
        while at < object.upperBound, byte(at) == UInt8(ascii: "\"") {
            guard let keyEnd = stringEnd(at) else { return }
            let colon = afterSpace(keyEnd)
            guard byte(colon) == UInt8(ascii: ":") else { return }
            let start = afterSpace(colon + 1)
            guard let end = valueEnd(start) else { return }
            guard body(at + 1..<keyEnd - 1, start..<end) else { return }
            at = afterSpace(end)
            guard byte(at) == UInt8(ascii: ",") else { return }
            at = afterSpace(at + 1)
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

    // MARK: Scanning

    private func member(of object: Range<Int>, where matches: (Range<Int>) -> Bool) -> Range<Int>? {
        var found: Range<Int>?
        forEachMember(of: object) { key, value in
            if matches(key) { found = value }
            return found == nil
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

    /// Past the closing quote of the string that begins here.
    private func stringEnd(_ start: Int) -> Int? {
        var at = start + 1
        while at < bytes.count {
            switch bytes[at] {
            case UInt8(ascii: "\""): return at + 1
            case UInt8(ascii: "\\"): at += 2
            default: at += 1
            }
        }
        return nil
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
