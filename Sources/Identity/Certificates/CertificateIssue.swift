package import Crypto
package import JSON

/// What became of a CertificateSigningRequest that was approved.
package enum CertificateIssue {
    /// In PEM.
    case certificate(String)
    /// The signer does not sign such a request: why.
    case refused(String)

    private static let longest = 365 * 86400
    private static let shortest = 600
    /// A certificate begins in the past, for clocks that are behind.
    private static let backdate = 300
    /// One that is shorter than this gets its whole time, counted from now.
    private static let short = 8 * 3600

    /// Nil when the request is for a signer that is not the cluster's. `now` is in seconds since 1970. Throws when the
    /// certificate cannot be made.
    package static func of(_ request: JSONValue, by authority: CertificateAuthority, now: Int) throws(CryptoError)
        -> CertificateIssue?
    {
        guard let signer = KubernetesSigner(rawValue: request.member(at: "spec", "signerName")?.string ?? "") else {
            return nil
        }
        let usages = request.member(at: "spec", "usages")?.array?.compactMap(\.string) ?? []
        let parsed: CertificateRequest
        do throws(CryptoError) {
            let bytes = request.member(at: "spec", "request")?.base64Bytes ?? []
            parsed = try CertificateRequest(pem: String(decoding: bytes, as: UTF8.self))
        } catch {
            return .refused("unable to parse csr: \(error.cause)")
        }
        if let problem = signer.problem(of: parsed, usages: usages) { return .refused(problem) }
        var template = CertificateTemplate(
            subject: parsed.subject, names: parsed.names, usages: usages.compactMap { extendedUsages[$0] },
            notBefore: now - backdate, notAfter: 0)
        let lifetime = min(longest, max(shortest, request.member(at: "spec", "expirationSeconds")?.int ?? longest))
        template.notAfter = lifetime < short ? now + lifetime : template.notBefore + lifetime
        template.keyUsages = usages.compactMap { keyUsages[$0] }
        return .certificate(try authority.issue(template, for: parsed.publicKey()).pem())
    }

    private static let keyUsages: [String: CertificateTemplate.KeyUsage] = [
        "signing": .digitalSignature, "digital signature": .digitalSignature, "content commitment": .nonRepudiation,
        "key encipherment": .keyEncipherment, "key agreement": .keyAgreement, "data encipherment": .dataEncipherment,
        "crl sign": .crlSign, "encipher only": .encipherOnly, "decipher only": .decipherOnly,
    ]

    private static let extendedUsages: [String: CertificateTemplate.Usage] = [
        "any": .anyExtendedKeyUsage, "server auth": .serverAuth, "client auth": .clientAuth,
        "code signing": .codeSigning, "email protection": .emailProtection, "s/mime": .emailProtection,
        "ipsec end system": .ipsecEndSystem, "ipsec tunnel": .ipsecTunnel, "ipsec user": .ipsecUser,
        "timestamping": .timeStamping, "ocsp signing": .ocspSigning,
    ]
}
