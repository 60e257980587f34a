internal import COpenSSL

/// A private key, ECDSA on P-256 or RSA, in OpenSSL's memory. It never changes, so several owners share one.
package final class PrivateKey: Sendable {
    /// An EVP_PKEY. OpenSSL only reads it from here on, which any thread may.
    nonisolated(unsafe) let handle: OpaquePointer

    package enum Kind: Hashable, Sendable {
        case p256
        case rsa(bits: Int)
    }

    private init(_ handle: consuming Handle) {
        EVP_PKEY_up_ref(handle.pointer)
        self.handle = handle.pointer
    }

    deinit { EVP_PKEY_free(handle) }

    package static func generate(_ kind: Kind) throws(CryptoError) -> PrivateKey {
        let pointer =
            switch kind {
            case .p256: poplin_generate_p256()
            case .rsa(let bits): poplin_generate_rsa(bits)
            }
        return PrivateKey(try Handle(pointer, EVP_PKEY_free, "generate", "a private key"))
    }

    /// The first private key in the text: PKCS #8, SEC 1 (EC) or PKCS #1 (RSA), not encrypted.
    package convenience init(pem: String) throws(CryptoError) {
        guard let block = try PEM.decode(pem).first(where: { $0.label.hasSuffix("PRIVATE KEY") }) else {
            throw CryptoError("read", "the private key", "the text has no PEM block of one")
        }
        try self.init(der: block.bytes)
    }

    package convenience init(der: [UInt8]) throws(CryptoError) {
        let key = try decoded(der, "the private key", EVP_PKEY_free) { cursor, count in
            d2i_AutoPrivateKey(nil, cursor, count)
        }
        try SignatureAlgorithm.check(key.pointer)
        self.init(key)
    }

    /// PKCS #8, not encrypted: write it only to files that nobody else can read.
    package func pem() throws(CryptoError) -> String {
        guard let info = EVP_PKEY2PKCS8(handle) else { throw .last("encode", "the private key") }
        defer { PKCS8_PRIV_KEY_INFO_free(info) }
        let der = try encoded("encode", "the private key") { i2d_PKCS8_PRIV_KEY_INFO(info, $0) }
        return PEM.encode("PRIVATE KEY", der)
    }

    package func publicKey() throws(CryptoError) -> PublicKey {
        try PublicKey(der: try encoded("encode", "the public key") { i2d_PUBKEY(handle, $0) })
    }

    package var algorithm: SignatureAlgorithm { SignatureAlgorithm(handle) ?? .rs256 }

    /// A signature of SHA-256 of the message, as JSON web tokens carry it (RFC 7518, section 3): PKCS #1 v1.5 for RSA,
    /// 64 bytes r and s for P-256.
    package func sign(_ message: [UInt8]) throws(CryptoError) -> [UInt8] {
        let context = try Handle(EVP_MD_CTX_new(), EVP_MD_CTX_free, "sign", "a message")
        try check(EVP_DigestSignInit(context.pointer, nil, EVP_sha256(), nil, handle), "sign", "a message")
        var count = 0
        try check(EVP_DigestSign(context.pointer, nil, &count, message, message.count), "sign", "a message")
        var signature = [UInt8](repeating: 0, count: count)
        try check(EVP_DigestSign(context.pointer, &signature, &count, message, message.count), "sign", "a message")
        signature.removeLast(signature.count - count)
        return algorithm == .es256 ? try ECDSASignature.fixed(der: signature) : signature
    }
}
