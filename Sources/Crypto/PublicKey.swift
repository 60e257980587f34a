internal import COpenSSL

/// A public key, ECDSA on P-256 or RSA of 2048 bits or more.
package final class PublicKey: Sendable {
    /// An EVP_PKEY, which is only read.
    nonisolated(unsafe) let handle: OpaquePointer
    /// SubjectPublicKeyInfo (RFC 5280, section 4.1.2.7).
    package let der: [UInt8]
    package let algorithm: SignatureAlgorithm

    package init(der: [UInt8]) throws(CryptoError) {
        let key = try decoded(der, "the public key", EVP_PKEY_free) { d2i_PUBKEY(nil, $0, $1) }
        try SignatureAlgorithm.check(key.pointer)
        guard let algorithm = SignatureAlgorithm(key.pointer) else {
            throw CryptoError("use", "the public key", "its kind is not supported")
        }
        EVP_PKEY_up_ref(key.pointer)
        handle = key.pointer
        self.der = der
        self.algorithm = algorithm
    }

    deinit { EVP_PKEY_free(handle) }

    /// Every key of the text: public keys, certificates' keys, and the public halves of private keys, as a key file of an
    /// API server may hold them.
    package static func all(pem: String) throws(CryptoError) -> [PublicKey] {
        var keys: [PublicKey] = []
        for block in try PEM.decode(pem) {
            switch block.label {
            case "PUBLIC KEY": keys.append(try PublicKey(der: block.bytes))
            case "CERTIFICATE": keys.append(try Certificate(der: block.bytes).publicKey())
            case let label where label.hasSuffix("PRIVATE KEY"):
                keys.append(try PrivateKey(der: block.bytes).publicKey())
            default: continue
            }
        }
        if keys.isEmpty { throw CryptoError("read", "the public keys", "the text has no PEM block of one") }
        return keys
    }

    package func pem() -> String { PEM.encode("PUBLIC KEY", der) }

    /// Whether the signature, in the form that `PrivateKey.sign` gives, is this key's of this message.
    package func verifies(_ signature: [UInt8], of message: [UInt8]) -> Bool {
        // What does not verify leaves errors in the thread's queue, which would be read as another call's.
        defer { ERR_clear_error() }
        var signature = signature
        if algorithm == .es256 {
            guard let der = try? ECDSASignature.der(fixed: signature) else { return false }
            signature = der
        }
        guard let context = EVP_MD_CTX_new() else { return false }
        defer { EVP_MD_CTX_free(context) }
        return EVP_DigestVerifyInit(context, nil, EVP_sha256(), nil, handle) == 1
            && EVP_DigestVerify(context, signature, signature.count, message, message.count) == 1
    }

    /// The numbers of the key in network order, for a JSON web key (RFC 7518, section 6).
    package enum Parameters: Hashable, Sendable {
        case p256(x: [UInt8], y: [UInt8])
        case rsa(modulus: [UInt8], exponent: [UInt8])
    }

    package func parameters() throws(CryptoError) -> Parameters {
        if algorithm == .rs256 {
            return .rsa(modulus: try number(OSSL_PKEY_PARAM_RSA_N), exponent: try number(OSSL_PKEY_PARAM_RSA_E))
        }
        // An uncompressed point: 4, then both coordinates (SEC 1, section 2.3.3).
        var point = [UInt8](repeating: 0, count: 65)
        var count = 0
        try check(
            EVP_PKEY_get_octet_string_param(handle, OSSL_PKEY_PARAM_PUB_KEY, &point, point.count, &count),
            "read", "the public key")
        guard count == 65, point[0] == 4 else { throw CryptoError("read", "the public key", "its point is compressed") }
        return .p256(x: Array(point[1..<33]), y: Array(point[33...]))
    }

    private func number(_ name: String) throws(CryptoError) -> [UInt8] {
        var number: OpaquePointer?
        try check(EVP_PKEY_get_bn_param(handle, name, &number), "read", "the public key")
        defer { BN_free(number) }
        var bytes = [UInt8](repeating: 0, count: (Int(BN_num_bits(number)) + 7) / 8)
        BN_bn2bin(number, &bytes)
        return bytes
    }
}
