import JSON

@testable import ControlPlane

/// A watch in protobuf: each event is a WatchEvent behind its length in four bytes, big end first.
struct ProtobufWatchFrames {
    private var rest: [UInt8] = []

    /// Takes bytes as they come; gives each whole event to the body, until that says no more.
    mutating func receive(_ bytes: [UInt8], _ body: ([UInt8]) -> Bool) {
        rest += bytes
        while rest.count >= 4 {
            let length = Self.length(rest)
            guard rest.count >= 4 + length else { return }
            let event = Array(rest[4..<4 + length])
            rest.removeFirst(4 + length)
            if !body(event) { return }
        }
    }

    /// The event of a frame that must be whole.
    static func event(ofFrame frame: [UInt8]) -> [UInt8]? {
        frame.count >= 4 && frame.count == 4 + length(frame) ? Array(frame[4...]) : nil
    }

    private static func length(_ bytes: [UInt8]) -> Int { bytes.prefix(4).reduce(0) { $0 << 8 | Int($1) } }

    /// WatchEvent has the type as field 1 and, as field 2, a RawExtension whose field 1 is the object in its envelope.
    static func event(_ bytes: [UInt8]) -> (word: String, object: JSONValue)? {
        guard let word = field(1, of: bytes), let extended = field(2, of: bytes), let raw = field(1, of: extended),
            let object = try? ProtobufDocument.decode(raw)
        else { return nil }
        return (String(decoding: word, as: UTF8.self), object)
    }

    /// The bytes of a field of a message in which all fields are bytes, and have small numbers.
    private static func field(_ number: UInt8, of message: [UInt8]) -> [UInt8]? {
        var index = 0
        while index < message.count {
            let tag = message[index]
            guard tag & 7 == 2 else { return nil }
            index += 1
            var (length, shift) = (0, 0)
            while index < message.count {
                let byte = message[index]
                index += 1
                length |= Int(byte & 0x7F) << shift
                shift += 7
                if byte < 0x80 { break }
                if shift > 28 { return nil }
            }
            guard length <= message.count - index else { return nil }
            if tag >> 3 == number { return Array(message[index..<index + length]) }
            index += length
        }
        return nil
    }
}
