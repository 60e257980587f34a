internal import COpenSSL

/// A certificate with its key that signs others.
package struct CertificateAuthority: Sendable {
    package let certificate: Certificate
    package let key: PrivateKey

    /// An authority from its files; the key must be that of the certificate, which must say that it is an authority's.
    package init(certificate: Certificate, key: PrivateKey) throws(CryptoError) {
        let object = "the authority \"\(certificate.subject.commonName)\""
        guard certificate.isAuthority else { throw CryptoError("use", object, "its certificate is not an authority's") }
        guard certificate.matches(key) else {
            throw CryptoError("use", object, "the key is not that of the certificate")
        }
        self.certificate = certificate
        self.key = key
    }

    /// A new authority, which signs itself, on a new P-256 key.
    package static func create(commonName: String, notBefore: Int, notAfter: Int) throws(CryptoError)
        -> CertificateAuthority
    {
        let key = try PrivateKey.generate(.p256)
        let template = CertificateTemplate(
            subject: DistinguishedName(commonName: commonName), usages: [], notBefore: notBefore, notAfter: notAfter)
        let certificate = try CertificateBuilder.build(template, for: try key.publicKey(), issuer: nil, signer: key)
        return try CertificateAuthority(certificate: certificate, key: key)
    }

    /// A leaf certificate for the key. It ends no later than the authority itself.
    package func issue(_ template: CertificateTemplate, for key: PublicKey) throws(CryptoError) -> Certificate {
        var template = template
        template.notAfter = min(template.notAfter, certificate.notAfter)
        return try CertificateBuilder.build(template, for: key, issuer: certificate, signer: self.key)
    }
}
