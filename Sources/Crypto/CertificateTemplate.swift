/// What a certificate shall say.
package struct CertificateTemplate: Hashable, Sendable {
    /// What the holder may do with it (extended key usage, RFC 5280, section 4.2.1.12), in OpenSSL's words.
    package enum Usage: String, Hashable, Sendable {
        case serverAuth
        case clientAuth
        case codeSigning
        case emailProtection
        case timeStamping
        case ocspSigning = "OCSPSigning"
        case ipsecEndSystem
        case ipsecTunnel
        case ipsecUser
        case anyExtendedKeyUsage
    }

    /// What the key is for (RFC 5280, section 4.2.1.3), in OpenSSL's words. An authority's is always that of one.
    package enum KeyUsage: String, Hashable, Sendable {
        case digitalSignature
        case nonRepudiation
        case keyEncipherment
        case dataEncipherment
        case keyAgreement
        case crlSign = "cRLSign"
        case encipherOnly
        case decipherOnly
    }

    package var subject: DistinguishedName
    package var names: SubjectNames
    package var usages: [Usage]
    package var keyUsages: [KeyUsage] = [.digitalSignature, .keyEncipherment]
    /// Seconds since 1970.
    package var notBefore: Int
    package var notAfter: Int

    package init(
        subject: DistinguishedName, names: SubjectNames = SubjectNames(), usages: [Usage], notBefore: Int,
        notAfter: Int
    ) {
        self.subject = subject
        self.names = names
        self.usages = usages
        self.notBefore = notBefore
        self.notAfter = notAfter
    }
}
