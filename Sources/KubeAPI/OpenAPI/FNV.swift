/// FNV-1a with 64 bits: for names that must be the same in every run.
enum FNV {
    static let offset: UInt64 = 0xCBF2_9CE4_8422_2325
    private static let prime: UInt64 = 0x0000_0100_0000_01B3

    static func hash(_ text: String, after hash: UInt64 = offset) -> UInt64 {
        text.utf8.reduce(hash) { ($0 ^ UInt64($1)) &* prime }
    }
}
