/// The hash by which the kernel's `jhash` chooses (Bob Jenkins's lookup3, as in the kernel's linux/jhash.h).
enum JenkinsHash {
    /// A number below the modulus, as nft_jhash_eval makes it.
    static func scaled(_ bytes: [UInt8], seed: UInt32, modulus: UInt32) -> UInt32 {
        UInt32((UInt64(hash(bytes, seed: seed)) * UInt64(modulus)) >> 32)
    }

    static func hash(_ bytes: [UInt8], seed: UInt32) -> UInt32 {
        let start = 0xDEAD_BEEF &+ UInt32(bytes.count) &+ seed
        var state = State(a: start, b: start, c: start)
        var rest = bytes[...]
        while rest.count > 12 {
            state.add(rest.prefix(12))
            state.mix()
            rest = rest.dropFirst(12)
        }
        if rest.isEmpty { return state.c }
        state.add(rest)
        state.finish()
        return state.c
    }

    private struct State {
        var a: UInt32
        var b: UInt32
        var c: UInt32

        /// Up to twelve bytes, the first of each word the least, as on all machines that this runs on.
        mutating func add(_ bytes: ArraySlice<UInt8>) {
            for (place, byte) in bytes.enumerated() {
                let part = UInt32(byte) << UInt32(8 * (place % 4))
                switch place / 4 {
                case 0: a = a &+ part
                case 1: b = b &+ part
                default: c = c &+ part
                }
            }
        }

        mutating func mix() {
            a = (a &- c) ^ c.rotated(4)
            c = c &+ b
            b = (b &- a) ^ a.rotated(6)
            a = a &+ c
            c = (c &- b) ^ b.rotated(8)
            b = b &+ a
            a = (a &- c) ^ c.rotated(16)
            c = c &+ b
            b = (b &- a) ^ a.rotated(19)
            a = a &+ c
            c = (c &- b) ^ b.rotated(4)
            b = b &+ a
        }

        mutating func finish() {
            c = (c ^ b) &- b.rotated(14)
            a = (a ^ c) &- c.rotated(11)
            b = (b ^ a) &- a.rotated(25)
            c = (c ^ b) &- b.rotated(16)
            a = (a ^ c) &- c.rotated(4)
            b = (b ^ a) &- a.rotated(14)
            c = (c ^ b) &- b.rotated(24)
        }
    }
}

extension UInt32 {
    fileprivate func rotated(_ count: UInt32) -> UInt32 { self << count | self >> (32 - count) }
}
