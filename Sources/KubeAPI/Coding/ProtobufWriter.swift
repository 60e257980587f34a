/// Appends protobuf fields to bytes.
struct ProtobufWriter {
    private(set) var bytes: [UInt8] = []

    mutating func varint(_ value: UInt64) {
        var value = value
        while value >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: value) | 0x80)
            value >>= 7
        }
        bytes.append(UInt8(value))
    }

    mutating func tag(_ number: Int, _ type: ProtobufReader.WireType) {
        varint(UInt64(number) << 3 | UInt64(type.rawValue))
    }

    mutating func field(_ number: Int, _ value: Int64) {
        tag(number, .varint)
        varint(UInt64(bitPattern: value))
    }

    mutating func field(_ number: Int, fixed64 value: UInt64) {
        tag(number, .fixed64)
        for index in 0..<8 { bytes.append(UInt8(truncatingIfNeeded: value >> UInt64(8 * index))) }
    }

    mutating func field(_ number: Int, _ text: String) {
        tag(number, .bytes)
        varint(UInt64(text.utf8.count))
        bytes.append(contentsOf: text.utf8)
    }

    mutating func field(_ number: Int, _ data: [UInt8]) {
        tag(number, .bytes)
        varint(UInt64(data.count))
        bytes.append(contentsOf: data)
    }

    mutating func raw(_ data: some Sequence<UInt8>) { bytes.append(contentsOf: data) }

    /// Begins a message as a field; `close` ends it. Its length comes before it and is known after it: one byte is left
    /// for it, and more are made where it needs more.
    mutating func open(_ number: Int) -> Int {
        tag(number, .bytes)
        bytes.append(0)
        return bytes.count - 1
    }

    mutating func close(_ place: Int) {
        var length = bytes.count - place - 1
        if length < 0x80 {
            bytes[place] = UInt8(length)
            return
        }
        var prefix: [UInt8] = []
        while length >= 0x80 {
            prefix.append(UInt8(truncatingIfNeeded: length) | 0x80)
            length >>= 7
        }
        prefix.append(UInt8(length))
        bytes.replaceSubrange(place...place, with: prefix)
    }
}
