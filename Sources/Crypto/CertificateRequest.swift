internal import COpenSSL

/// A request for a certificate (PKCS #10, RFC 2986), whose own signature has been checked: whoever made it has the key.
package struct CertificateRequest: Hashable, Sendable {
    package let der: [UInt8]
    package let subject: DistinguishedName
    package let names: SubjectNames
    /// SubjectPublicKeyInfo.
    private let keyBytes: [UInt8]

    package init(der: [UInt8]) throws(CryptoError) {
        let request = try decoded(der, "a certificate request", X509_REQ_free) { d2i_X509_REQ(nil, $0, $1) }
        let key = try Handle(X509_REQ_get_pubkey(request.pointer), EVP_PKEY_free, "decode", "a certificate request")
        try check(X509_REQ_verify(request.pointer, key.pointer), "verify", "a certificate request")
        self.der = der
        keyBytes = try encoded("decode", "a certificate request") { i2d_PUBKEY(key.pointer, $0) }
        subject = DistinguishedName(X509_REQ_get_subject_name(request.pointer))
        let extensions = X509_REQ_get_extensions(request.pointer)
        defer { OPENSSL_sk_pop_free(extensions) { X509_EXTENSION_free(OpaquePointer($0)) } }
        let names = X509V3_get_d2i(extensions, NID_subject_alt_name, nil, nil).map { OpaquePointer($0) }
        self.names = SubjectNames(names)
        GENERAL_NAMES_free(names)
        ERR_clear_error()
    }

    package init(pem: String) throws(CryptoError) {
        let labels = ["CERTIFICATE REQUEST", "NEW CERTIFICATE REQUEST"]
        guard let block = try PEM.decode(pem).first(where: { labels.contains($0.label) }) else {
            throw CryptoError("read", "the certificate request", "the text has no PEM block of one")
        }
        try self.init(der: block.bytes)
    }

    /// A request signed with the key.
    package static func create(subject: DistinguishedName, names: SubjectNames = SubjectNames(), key: PrivateKey)
        throws(CryptoError) -> CertificateRequest
    {
        let object = "the certificate request \"\(subject.commonName)\""
        let request = try Handle(X509_REQ_new(), X509_REQ_free, "make", object)
        let pointer = request.pointer
        try check(X509_REQ_set_version(pointer, 0), "make", object)
        try subject.write(to: X509_REQ_get_subject_name(pointer))
        try check(X509_REQ_set_pubkey(pointer, key.handle), "make", object)
        if !names.isEmpty {
            let encodedNames = try names.encode()
            defer { GENERAL_NAMES_free(encodedNames) }
            let made = X509V3_EXT_i2d(NID_subject_alt_name, 0, UnsafeMutableRawPointer(encodedNames))
            let stack = OPENSSL_sk_new_null()
            OPENSSL_sk_push(stack, made.map { UnsafeRawPointer($0) })
            defer { OPENSSL_sk_pop_free(stack) { X509_EXTENSION_free(OpaquePointer($0)) } }
            try check(X509_REQ_add_extensions(pointer, stack), "make", object)
        }
        try check(X509_REQ_sign(pointer, key.handle, EVP_sha256()) > 0 ? 1 : 0, "sign", object)
        return try CertificateRequest(der: try encoded("encode", object) { i2d_X509_REQ(pointer, $0) })
    }

    package func pem() -> String { PEM.encode("CERTIFICATE REQUEST", der) }
    package func publicKey() throws(CryptoError) -> PublicKey { try PublicKey(der: keyBytes) }
}
