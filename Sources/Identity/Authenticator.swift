package import Crypto
package import JSON
package import KubeAPI

/// Finds out who makes a request: by client certificate, else by bearer token, else nobody. Credentials that are there but
/// not good are refused; they never make somebody anonymous.
package final class Authenticator {
    /// What authentication needs of the server.
    package struct Sources {
        package var staticTokens = StaticTokens()
        package var serviceAccounts: TokenVerifier?
        /// A Secret of kube-system by name, for bootstrap tokens; nil turns them off.
        package var bootstrapSecret: ((_ name: String) -> JSONValue?)?
        package var allowsAnonymous = true
        /// For whom tokens are that say nothing about it.
        package var audiences: [String] = []

        package init() {}
    }

    private let sources: Sources
    /// Users of certificates that TLS has verified, with their validity: a connection makes many requests.
    private var verified: [CertificateBytes: (user: User, notBefore: Int, notAfter: Int)] = [:]
    private static let mostVerified = 1024

    package init(_ sources: Sources) { self.sources = sources }

    /// The user of a request. The certificate is what the client has shown in TLS, which has checked it against the
    /// authorities of clients; `authorization` is the header's value. Throws 401. Anonymous users are returned as such: where
    /// they are allowed is the authorizers' concern.
    package func authenticate(_ certificate: PeerCertificate, authorization: String?, now: Timestamp)
        throws(APIStatus) -> User
    {
        var hasCredentials = false
        switch certificate {
        case .none: break
        case .untrusted: hasCredentials = true
        case .verified(let client):
            if let user = user(of: client.der, now.seconds) { return user }
            hasCredentials = true
        }
        if let token = Self.bearerToken(authorization) {
            if let identity = try? authenticate(token: token, now: now) { return identity.user }
            hasCredentials = true
        }
        if hasCredentials || !sources.allowsAnonymous { throw .unauthorized() }
        return .anonymous
    }

    /// Who a token stands for. `audiences` are those of whom one must be the token's; nil means the server itself. Throws
    /// the reason, which a TokenReview tells.
    package func authenticate(token: String, audiences: [String]? = nil, now: Timestamp) throws(TokenFailure)
        -> TokenIdentity
    {
        if let identity = try sources.serviceAccounts?.verify(token, audiences: audiences, now: now) {
            return identity
        }
        guard let user = sources.staticTokens.user(of: token) ?? bootstrapUser(of: token, now) else {
            throw TokenFailure("invalid bearer token")
        }
        let own = sources.audiences
        let matching = audiences.map { $0.filter(own.contains) } ?? own
        if matching.isEmpty && audiences != nil { throw TokenFailure("invalid bearer token") }
        return TokenIdentity(user: user.withAuthenticatedGroup, audiences: matching)
    }

    private func bootstrapUser(of text: String, _ now: Timestamp) -> User? {
        guard let find = sources.bootstrapSecret, let token = BootstrapToken(text), let secret = find(token.secretName)
        else { return nil }
        return token.user(from: secret, now: now)
    }

    /// The token of `Authorization: Bearer …`; nil for other schemes and for none.
    package static func bearerToken(_ authorization: String?) -> String? {
        guard var text = authorization else { return nil }
        // By bytes: tokens are long, and characters are dear. What comes after a further space is nobody's concern.
        return text.withUTF8 { bytes in
            let blank = UInt8(ascii: " ")
            guard let end = bytes.firstIndex(of: blank),
                bytes[..<end].elementsEqual("bearer".utf8, by: { $0 | 0x20 == $1 })
            else { return nil }
            let token = bytes[(end + 1)...].prefix { $0 != blank }
            return token.isEmpty ? nil : String(decoding: token, as: UTF8.self)
        }
    }

    /// Nil when the certificate names nobody, or has ended: the connection may last longer, and TLS has looked once.
    private func user(of der: [UInt8], _ now: Int) -> User? {
        let bytes = CertificateBytes(der: der)
        if let known = verified[bytes] { return (known.notBefore...known.notAfter).contains(now) ? known.user : nil }
        guard let certificate = try? Certificate(der: der), !certificate.subject.commonName.isEmpty,
            certificate.notBefore <= now, now <= certificate.notAfter
        else { return nil }
        let digest = Digest.sha256(der).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
        let user = User(
            name: certificate.subject.commonName, groups: certificate.subject.organizations,
            extra: ["authentication.kubernetes.io/credential-id": ["X509SHA256=\(digest)"]]
        ).withAuthenticatedGroup
        if verified.count >= Self.mostVerified { verified.removeAll(keepingCapacity: true) }
        verified[bytes] = (user, certificate.notBefore, certificate.notAfter)
        return user
    }
}

/// Looked up for each request: of an array every byte would be hashed for itself.
private struct CertificateBytes: Hashable {
    let der: [UInt8]

    /// By its end, which is a signature: no two have the same.
    func hash(into hasher: inout Hasher) {
        der.withUnsafeBytes { hasher.combine(bytes: UnsafeRawBufferPointer(rebasing: $0.suffix(32))) }
    }
}
