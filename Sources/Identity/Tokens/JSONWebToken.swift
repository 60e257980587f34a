internal import Crypto
internal import JSON

/// A signed token in compact form (RFC 7515, RFC 7519), taken apart but not verified.
struct JSONWebToken {
    let algorithm: String
    /// Empty when the header names no key.
    let keyID: String
    let claims: JSONValue
    let signature: [UInt8]
    /// Header and payload, as they were signed.
    let signedText: [UInt8]

    /// Longer ones are nobody's.
    static let longest = 16 << 10

    /// Nil for what is no token of this form, and for one whose header demands extensions (`crit`).
    init?(_ text: String) {
        guard text.utf8.count <= Self.longest else { return nil }
        let parts = text.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard parts.count == 3, let header = Base64URL.decode(parts[0]), let payload = Base64URL.decode(parts[1]),
            let signature = Base64URL.decode(parts[2]), let head = try? JSONValue.parse(header, depthLimit: 8),
            let claims = try? JSONValue.parse(payload, depthLimit: 16), claims.object != nil,
            let algorithm = head.member("alg")?.string, head.member("crit") == nil
        else { return nil }
        self.algorithm = algorithm
        keyID = head.member("kid")?.string ?? ""
        self.claims = claims
        self.signature = signature
        signedText = Array(text.utf8.prefix(parts[0].count + 1 + parts[1].count))
    }

    static func sign(_ claims: JSONValue, with key: PrivateKey, keyID: String) throws(CryptoError) -> String {
        let header: JSONValue = ["alg": .string(key.algorithm.rawValue), "kid": .string(keyID)]
        let text =
            Base64URL.encode(header.serialized().utf8) + "." + Base64URL.encode(claims.serialized().utf8)
        return "\(text).\(Base64URL.encode(try key.sign(Array(text.utf8))))"
    }

    /// A claim that is a number of seconds since 1970 (NumericDate); fractions are cut off.
    func time(_ claim: String) -> Int? { claims.member(claim)?.double.flatMap { Int(exactly: $0.rounded(.down)) } }

    /// A claim that is a string or a list of strings.
    func list(_ claim: String) -> [String] {
        switch claims.member(claim) {
        case .string(let one): [one]
        case .array(let many): many.compactMap(\.string)
        default: []
        }
    }
}
