/// What a certificate shall say.
package struct CertificateTemplate: Hashable, Sendable {
    /// What the holder may do with it (extended key usage, RFC 5280, section 4.2.1.12).
    package enum Usage: String, Hashable, Sendable {
        case serverAuth
        case clientAuth
    }

    package var subject: DistinguishedName
    package var names: SubjectNames
    package var usages: [Usage]
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
