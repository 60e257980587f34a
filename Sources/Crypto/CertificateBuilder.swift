internal import COpenSSL

/// Makes certificates with the extensions that Kubernetes' tools write: basic constraints, key usage, extended key
/// usage, key identifiers, alternative names.
enum CertificateBuilder {
    /// Without an issuer it is an authority that signs itself.
    static func build(
        _ template: CertificateTemplate, for key: PublicKey, issuer: Certificate?, signer: PrivateKey
    ) throws(CryptoError) -> Certificate {
        guard let issuer else { return try build(template, for: key, issuer: nil as OpaquePointer?, signer: signer) }
        let parent = try Certificate.handle(issuer.der)
        return try build(template, for: key, issuer: parent.pointer, signer: signer)
    }

    private static func build(
        _ template: CertificateTemplate, for key: PublicKey, issuer: OpaquePointer?, signer: PrivateKey
    ) throws(CryptoError) -> Certificate {
        let object = "the certificate \"\(template.subject.commonName)\""
        let certificate = try Handle(X509_new(), X509_free, "make", object)
        let pointer = certificate.pointer
        try check(X509_set_version(pointer, 2), "make", object)
        try setSerialNumber(pointer, object)
        guard ASN1_TIME_set(X509_getm_notBefore(pointer), template.notBefore) != nil,
            ASN1_TIME_set(X509_getm_notAfter(pointer), template.notAfter) != nil
        else { throw .last("make", object) }
        try check(X509_set_pubkey(pointer, key.handle), "make", object)
        try template.subject.write(to: X509_get_subject_name(pointer))
        try check(X509_set_issuer_name(pointer, X509_get_subject_name(issuer ?? pointer)), "make", object)
        try addExtensions(template, to: pointer, issuer: issuer, object)
        try check(X509_sign(pointer, signer.handle, EVP_sha256()) > 0 ? 1 : 0, "sign", object)
        return try Certificate(der: try encoded("encode", object) { i2d_X509(pointer, $0) })
    }

    /// 159 random bits: positive, never 0, and 20 octets at most (RFC 5280, section 4.1.2.2).
    private static func setSerialNumber(_ certificate: OpaquePointer, _ object: String) throws(CryptoError) {
        var bytes = try RandomBytes.generate(20)
        bytes[0] = bytes[0] & 0x7F | 0x40
        let number = BN_bin2bn(bytes, Int32(bytes.count), nil)
        defer { BN_free(number) }
        guard BN_to_ASN1_INTEGER(number, X509_get_serialNumber(certificate)) != nil else { throw .last("make", object) }
    }

    private static func addExtensions(
        _ template: CertificateTemplate, to certificate: OpaquePointer, issuer: OpaquePointer?, _ object: String
    ) throws(CryptoError) {
        let isAuthority = issuer == nil
        var extensions: [(Int32, String)] = [
            (NID_basic_constraints, isAuthority ? "critical,CA:TRUE" : "critical,CA:FALSE")
        ]
        let keyUsages =
            isAuthority ? ["digitalSignature", "keyEncipherment", "keyCertSign"] : template.keyUsages.map(\.rawValue)
        if !keyUsages.isEmpty { extensions.append((NID_key_usage, (["critical"] + keyUsages).joined(separator: ","))) }
        if !template.usages.isEmpty {
            extensions.append((NID_ext_key_usage, template.usages.map(\.rawValue).joined(separator: ",")))
        }
        extensions.append((NID_subject_key_identifier, "hash"))
        if !isAuthority { extensions.append((NID_authority_key_identifier, "keyid:always")) }

        var context = X509V3_CTX()
        X509V3_set_ctx(&context, issuer ?? certificate, certificate, nil, nil, 0)
        for (identifier, value) in extensions {
            guard let made = X509V3_EXT_conf_nid(nil, &context, identifier, value) else { throw .last("make", object) }
            defer { X509_EXTENSION_free(made) }
            try check(X509_add_ext(certificate, made, -1), "make", object)
        }
        // Alternative names go in as values: a text would let a name with a comma in it bring further names along.
        if !template.names.isEmpty {
            let names = try template.names.encode()
            defer { GENERAL_NAMES_free(names) }
            try check(
                X509_add1_ext_i2d(certificate, NID_subject_alt_name, UnsafeMutableRawPointer(names), 0, 0),
                "make", object)
        }
    }
}
