import TestSupport

extension SeededGenerator {
    /// The text with a few bytes changed, added, doubled or taken away.
    mutating func mangle(_ text: String) -> String {
        var bytes = Array(text.utf8)
        for _ in 0...Int.random(in: 0...4, using: &self) {
            let index = bytes.isEmpty ? 0 : Int.random(in: 0..<bytes.count, using: &self)
            switch Int.random(in: 0...4, using: &self) {
            case 0 where !bytes.isEmpty: bytes[index] = UInt8.random(in: 0...255, using: &self)
            case 1 where !bytes.isEmpty: bytes.remove(at: index)
            case 2: bytes.insert(UInt8.random(in: 32...126, using: &self), at: index)
            case 3 where !bytes.isEmpty: bytes.insert(contentsOf: bytes[index...].prefix(8), at: index)
            default: bytes.insert(contentsOf: Array("-&:./0\"{}[],".utf8).shuffled(using: &self).prefix(2), at: index)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
