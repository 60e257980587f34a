internal import COpenSSL

/// How a key signs; the names are those of JSON web tokens (RFC 7518, section 3.1).
package enum SignatureAlgorithm: String, Hashable, Sendable {
    case rs256 = "RS256"
    case es256 = "ES256"

    /// Nil for a key of another kind or curve, and for RSA below 2048 bits (RFC 7518, section 3.3).
    init?(_ key: OpaquePointer) {
        switch EVP_PKEY_get_base_id(key) {
        case EVP_PKEY_RSA where EVP_PKEY_get_bits(key) >= 2048: self = .rs256
        case EVP_PKEY_EC where EVP_PKEY_get_bits(key) == 256 && Self.isP256(key): self = .es256
        default: return nil
        }
    }

    static func check(_ key: OpaquePointer) throws(CryptoError) {
        if Self(key) == nil { throw CryptoError("use", "the key", "it is neither P-256 nor RSA of 2048 bits or more") }
    }

    private static func isP256(_ key: OpaquePointer) -> Bool {
        var name = [CChar](repeating: 0, count: 64)
        var length = 0
        guard EVP_PKEY_get_group_name(key, &name, name.count, &length) == 1 else { return false }
        let text = String(decoding: name.prefix(length).map { UInt8(bitPattern: $0) }, as: UTF8.self)
        return text == "prime256v1" || text == "P-256"
    }
}

/// ECDSA signatures come as DER from OpenSSL, and as r and s of fixed length in JSON web tokens (RFC 7518, 3.4).
enum ECDSASignature {
    static let width = 32

    static func fixed(der: [UInt8]) throws(CryptoError) -> [UInt8] {
        let signature = try decoded(der, "an ECDSA signature", ECDSA_SIG_free) { d2i_ECDSA_SIG(nil, $0, $1) }
        var bytes = [UInt8](repeating: 0, count: 2 * width)
        let complete = bytes.withUnsafeMutableBufferPointer { buffer -> Bool in
            guard let start = buffer.baseAddress else { return false }
            return BN_bn2binpad(ECDSA_SIG_get0_r(signature.pointer), start, Int32(width)) == width
                && BN_bn2binpad(ECDSA_SIG_get0_s(signature.pointer), start + width, Int32(width)) == width
        }
        if !complete { throw CryptoError("encode", "an ECDSA signature", "a number in it is too large") }
        return bytes
    }

    /// Nil unless it is 64 bytes.
    static func der(fixed: [UInt8]) throws(CryptoError) -> [UInt8]? {
        guard fixed.count == 2 * width else { return nil }
        let signature = try Handle(ECDSA_SIG_new(), ECDSA_SIG_free, "decode", "an ECDSA signature")
        let r = BN_bin2bn(fixed, Int32(width), nil)
        let s = Array(fixed[width...]).withUnsafeBufferPointer { BN_bin2bn($0.baseAddress, Int32(width), nil) }
        guard ECDSA_SIG_set0(signature.pointer, r, s) == 1 else {
            BN_free(r)
            BN_free(s)
            throw .last("decode", "an ECDSA signature")
        }
        return try encoded("encode", "an ECDSA signature") { i2d_ECDSA_SIG(signature.pointer, $0) }
    }
}
