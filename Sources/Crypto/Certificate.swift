internal import COpenSSL

/// A certificate (X.509 v3, RFC 5280): its bytes, and what of them is asked for often. Nothing is said about whether
/// anybody should trust it; `CertificateVerifier` does that.
package struct Certificate: Hashable, Sendable {
    package let der: [UInt8]
    package let subject: DistinguishedName
    package let issuer: DistinguishedName
    package let names: SubjectNames
    /// Upper-case hexadecimal digits.
    package let serialNumber: String
    /// Seconds since 1970.
    package let notBefore: Int
    package let notAfter: Int
    package let isAuthority: Bool

    package init(der: [UInt8]) throws(CryptoError) {
        let certificate = try Self.handle(der)
        let pointer = certificate.pointer
        self.der = der
        subject = DistinguishedName(X509_get_subject_name(pointer))
        issuer = DistinguishedName(X509_get_issuer_name(pointer))
        let names = X509_get_ext_d2i(pointer, NID_subject_alt_name, nil, nil).map { OpaquePointer($0) }
        self.names = SubjectNames(names)
        GENERAL_NAMES_free(names)
        serialNumber = Self.hexadecimal(X509_get0_serialNumber(pointer))
        notBefore = try Self.seconds(X509_get0_notBefore(pointer))
        notAfter = try Self.seconds(X509_get0_notAfter(pointer))
        isAuthority = X509_check_ca(pointer) == 1
        // An extension that does not parse is the verifier's concern, not the next call's.
        ERR_clear_error()
    }

    /// All certificates of a text, in order: a leaf with those that lead to its authority, or a bundle of authorities.
    package static func all(pem: String) throws(CryptoError) -> [Certificate] {
        var certificates: [Certificate] = []
        for block in try PEM.decode(pem) where block.label == "CERTIFICATE" {
            certificates.append(try Certificate(der: block.bytes))
        }
        return certificates
    }

    /// The first certificate of a text.
    package init(pem: String) throws(CryptoError) {
        guard let block = try PEM.decode(pem).first(where: { $0.label == "CERTIFICATE" }) else {
            throw CryptoError("read", "the certificate", "the text has no PEM block of one")
        }
        try self.init(der: block.bytes)
    }

    package func pem() -> String { PEM.encode("CERTIFICATE", der) }

    package func publicKey() throws(CryptoError) -> PublicKey {
        let certificate = try Self.handle(der)
        return try PublicKey(
            der: try encoded("read", "the certificate's key") {
                i2d_X509_PUBKEY(X509_get_X509_PUBKEY(certificate.pointer), $0)
            })
    }

    /// Whether this certificate is for this key.
    package func matches(_ key: PrivateKey) -> Bool {
        defer { ERR_clear_error() }
        guard let certificate = try? Self.handle(der) else { return false }
        return X509_check_private_key(certificate.pointer, key.handle) == 1
    }

    static func handle(_ der: [UInt8]) throws(CryptoError) -> Handle {
        try decoded(der, "a certificate", X509_free) { d2i_X509(nil, $0, $1) }
    }

    private static func hexadecimal(_ serial: UnsafePointer<ASN1_INTEGER>?) -> String {
        let number = ASN1_INTEGER_to_BN(serial, nil)
        defer { BN_free(number) }
        guard let text = BN_bn2hex(number) else { return "" }
        defer { CRYPTO_free(text, "", 0) }
        return String(cString: text)
    }

    private static func seconds(_ time: UnsafePointer<ASN1_TIME>?) throws(CryptoError) -> Int {
        let epoch = ASN1_TIME_set(nil, 0)
        defer { ASN1_STRING_free(epoch) }
        var (days, seconds): (Int32, Int32) = (0, 0)
        try check(ASN1_TIME_diff(&days, &seconds, epoch, time), "read", "a time of the certificate")
        return Int(days) * 86400 + Int(seconds)
    }
}
