/// Why bytes are not protobuf, or not of the message that they should be.
package struct ProtobufError: Error, Hashable, Sendable, CustomStringConvertible {
    package var reason: String
    /// Where in the bytes it was found.
    package var offset: Int

    package var description: String { "invalid protobuf at byte \(offset): \(reason)" }
}

/// Walks the fields of a message (protobuf's wire format); never reads beyond the message's end.
struct ProtobufReader {
    enum WireType: UInt8 {
        case varint = 0
        case fixed64 = 1
        case bytes = 2
        case startGroup = 3
        case endGroup = 4
        case fixed32 = 5
    }

    private let bytes: UnsafeBufferPointer<UInt8>
    private(set) var offset: Int
    private let end: Int

    init(_ bytes: UnsafeBufferPointer<UInt8>) { self.init(bytes, 0..<bytes.count) }

    /// The range is of a field's bytes that a reader has found, hence within the buffer.
    init(_ bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>) {
        self.bytes = bytes
        offset = range.lowerBound
        end = range.upperBound
    }

    var isAtEnd: Bool { offset >= end }

    func failure(_ reason: String) -> ProtobufError { ProtobufError(reason: reason, offset: offset) }

    mutating func varint() throws(ProtobufError) -> UInt64 {
        var value: UInt64 = 0
        var shift: UInt64 = 0
        while offset < end {
            let byte = bytes[offset]
            offset += 1
            if shift == 63 && byte > 1 { throw failure("a number of more than 64 bits") }
            value |= UInt64(byte & 0x7F) << shift
            if byte < 0x80 { return value }
            shift += 7
            if shift > 63 { throw failure("a number of more than 64 bits") }
        }
        throw failure("the message ends inside a number")
    }

    /// A field's number and wire type.
    mutating func tag() throws(ProtobufError) -> (number: Int, type: WireType) {
        let tag = try varint()
        guard let type = WireType(rawValue: UInt8(tag & 7)) else { throw failure("no such wire type") }
        let number = tag >> 3
        guard number > 0, number < 1 << 29 else { throw failure("no such field number") }
        return (Int(number), type)
    }

    /// Where the bytes of a length-delimited field are.
    mutating func delimited() throws(ProtobufError) -> Range<Int> {
        let length = try varint()
        guard length <= UInt64(end - offset) else { throw failure("a field is longer than its message") }
        let start = offset
        offset += Int(length)
        return start..<offset
    }

    mutating func fixed64() throws(ProtobufError) -> UInt64 {
        guard end - offset >= 8 else { throw failure("the message ends inside a number") }
        var value: UInt64 = 0
        for index in 0..<8 { value |= UInt64(bytes[offset + index]) << UInt64(8 * index) }
        offset += 8
        return value
    }

    mutating func skip(_ type: WireType) throws(ProtobufError) {
        switch type {
        case .varint: _ = try varint()
        case .fixed64: _ = try fixed64()
        case .bytes: _ = try delimited()
        case .fixed32:
            guard end - offset >= 4 else { throw failure("the message ends inside a number") }
            offset += 4
        case .startGroup, .endGroup: throw failure("groups are not used by the API")
        }
    }

    func string(_ range: Range<Int>) throws(ProtobufError) -> String {
        if range.isEmpty { return "" }
        let slice = UnsafeBufferPointer(rebasing: bytes[range])
        guard let text = try? UTF8Span(validating: slice.span) else { throw failure("a string that is not UTF-8") }
        return String(copying: text)
    }

    func copy(_ range: Range<Int>) -> [UInt8] { Array(bytes[range]) }
    func reader(_ range: Range<Int>) -> ProtobufReader { ProtobufReader(bytes, range) }
    func slice(_ range: Range<Int>) -> UnsafeBufferPointer<UInt8> { UnsafeBufferPointer(rebasing: bytes[range]) }
}
