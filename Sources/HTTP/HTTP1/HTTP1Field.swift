/// One line of a header (RFC 9112, section 5).
struct HTTP1Field {
    /// In lower case.
    var name: String
    var value: String

    init(_ line: UnsafeRawBufferPointer) throws(HTTPRefusal) {
        var colon = 0
        while colon < line.count, line[colon] != UInt8(ascii: ":") { colon += 1 }
        guard colon < line.count else { throw HTTPRefusal("a header line has no colon") }
        guard colon > 0 else { throw HTTPRefusal("a header has no name") }
        for byte in line[..<colon] where !Self.isTokenCharacter(byte) {
            throw HTTPRefusal("a header's name is no word")
        }
        var first = colon + 1
        var end = line.count
        while first < end, Self.isBlank(line[first]) { first += 1 }
        while end > first, Self.isBlank(line[end - 1]) { end -= 1 }
        for byte in line[first..<end] where byte < 0x20 && byte != 0x09 || byte == 0x7F {
            throw HTTPRefusal("a header's value has control characters")
        }
        name = String(unsafeUninitializedCapacity: colon) { buffer in
            for index in 0..<colon {
                let byte = line[index]
                buffer[index] = (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte | 0x20 : byte
            }
            return colon
        }
        value = String(decoding: line[first..<end], as: UTF8.self)
    }

    private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }

    /// RFC 9110, section 5.6.2.
    static func isTokenCharacter(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), 0x30...0x39: true
        case UInt8(ascii: "!"), UInt8(ascii: "#")...UInt8(ascii: "'"), UInt8(ascii: "*"), UInt8(ascii: "+"),
            UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "^")...UInt8(ascii: "`"), UInt8(ascii: "|"),
            UInt8(ascii: "~"):
            true
        default: false
        }
    }
}
