/// The lines of a file on which keys stand, for messages. It goes by the text alone, so it knows only keys that begin a
/// line, and none that does so twice.
struct KeyLines {
    private var lines: [String: Int?] = [:]

    init(_ bytes: [UInt8]) {
        for (index, line) in bytes.split(separator: 0x0A, omittingEmptySubsequences: false).enumerated() {
            guard let colon = line.firstIndex(of: UInt8(ascii: ":")) else { continue }
            let key = line[..<colon].drop { [0x20, 0x09, UInt8(ascii: "{"), UInt8(ascii: "\"")].contains($0) }
            let name = key.last == UInt8(ascii: "\"") ? key.dropLast() : key
            let text = String(decoding: name, as: UTF8.self)
            lines.updateValue(lines.keys.contains(text) ? nil : index + 1, forKey: text)
        }
    }

    /// Counted from 1.
    subscript(name: String) -> Int? { lines[name] ?? nil }
}
