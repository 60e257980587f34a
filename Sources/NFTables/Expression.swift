/// One instruction of a rule, as the kernel runs it. Rules are compared in this form: what is wanted compiles to it
/// and what is there is read back as it, so that neither text nor handles matter.
package enum Expression: Hashable, Sendable {
    case meta(MetaKey, to: Register)
    case setMeta(MetaKey, from: Register)
    case payload(PayloadBase, offset: UInt32, length: UInt32, to: Register)
    case ct(ConntrackKey, to: Register)
    case fib(result: UInt32, flags: UInt32, to: Register)
    case numgen(random: Bool, modulus: UInt32, offset: UInt32, to: Register)
    /// Jenkins' hash of so many bytes from the first register on.
    case hash(Register, length: UInt32, modulus: UInt32, seed: UInt32, to: Register)
    case immediate([UInt8], to: Register)
    case bitwise(Register, to: Register, mask: [UInt8], xor: [UInt8])
    case compare(Register, Comparison, [UInt8])
    case lookup(Register, set: String, inverted: Bool)
    case map(Register, set: String, to: Register)
    case verdictMap(Register, set: String)
    /// Puts the key into the set, or gives it its time again; in a map with the data of the second register.
    case update(Register, Register?, set: String, milliseconds: UInt64)
    case verdict(Verdict)
    case nat(source: Bool, family: Family, address: Register?, port: Register?, flags: NATFlags)
    case masquerade(flags: NATFlags)
    case redirect(port: Register?, flags: NATFlags)
    case reject(type: UInt32, code: UInt8)
    case log(prefix: String?)
    case limit(rate: UInt64, unit: UInt64, burst: UInt32)
    case counter
    /// An expression of a rule that this program did not write.
    case unknown(String)
}

/// A place in the sixteen 32-bit words that a rule computes in.
package struct Register: Hashable, Sendable {
    /// 0..<16
    var word: Int

    package static let first = Register(word: 0)

    /// The kernel's number: NFT_REG_1... for one that begins on 16 bytes, NFT_REG32_00... for others, as it reports.
    var number: UInt32 { word % 4 == 0 ? UInt32(1 + word / 4) : UInt32(8 + word) }

    init(word: Int) { self.word = word }

    init(number: UInt32) { word = number < 8 ? Int(number - min(number, 1)) * 4 : Int(number) - 8 }
}

/// NFT_META_* keys.
package struct MetaKey: Hashable, Sendable {
    var rawValue: UInt32

    package static let `protocol` = MetaKey(rawValue: 1)
    package static let priority = MetaKey(rawValue: 2)
    package static let mark = MetaKey(rawValue: 3)
    package static let inputName = MetaKey(rawValue: 6)
    package static let outputName = MetaKey(rawValue: 7)
    package static let inputType = MetaKey(rawValue: 8)
    package static let trace = MetaKey(rawValue: 12)
    package static let nfproto = MetaKey(rawValue: 15)
    package static let l4proto = MetaKey(rawValue: 16)
}

/// NFT_CT_* keys.
package struct ConntrackKey: Hashable, Sendable {
    var rawValue: UInt32

    package static let state = ConntrackKey(rawValue: 0)
    package static let status = ConntrackKey(rawValue: 2)
    package static let mark = ConntrackKey(rawValue: 3)
}

/// NFT_PAYLOAD_* bases.
package struct PayloadBase: Hashable, Sendable {
    var rawValue: UInt32

    package static let link = PayloadBase(rawValue: 0)
    package static let network = PayloadBase(rawValue: 1)
    package static let transport = PayloadBase(rawValue: 2)
}

/// NFT_CMP_* operators.
package enum Comparison: UInt32, Hashable, Sendable {
    case equal, notEqual, less, lessOrEqual, greater, greaterOrEqual
}

/// NF_NAT_RANGE_* flags that a caller chooses.
package struct NATFlags: OptionSet, Hashable, Sendable {
    package let rawValue: UInt32
    package init(rawValue: UInt32) { self.rawValue = rawValue }

    package static let random = NATFlags(rawValue: 0x4)
    package static let persistent = NATFlags(rawValue: 0x8)
    package static let fullyRandom = NATFlags(rawValue: 0x10)

    /// Without the bits that the kernel itself adds (addresses given, ports given).
    static let chosen: NATFlags = [.random, .persistent, .fullyRandom]

    var text: String {
        [(NATFlags.random, "random"), (.persistent, "persistent"), (.fullyRandom, "fully-random")]
            .filter { contains($0.0) }.map { " " + $0.1 }.joined(separator: ",")
    }
}
