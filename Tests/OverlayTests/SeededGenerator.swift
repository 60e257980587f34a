/// Random numbers (SplitMix64) from a seed that a failing test prints, so that the failure can be had again.
struct SeededGenerator: RandomNumberGenerator {
    let seed: UInt64
    private var state: UInt64

    init(seed: UInt64 = UInt64.random(in: 0...UInt64.max)) {
        self.seed = seed
        state = seed
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    mutating func next32() -> UInt32 { UInt32(truncatingIfNeeded: next()) }

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
