package import Crypto
package import JSON
package import KubeAPI

/// Finds out who makes a request: by client certificate, else by bearer token, else nobody. Credentials that are there but
/// not good are refused; they never make somebody anonymous.
package final class Authenticator {
    /// What authentication needs of the server.
    package struct Sources {
        /// The authorities of client certificates; nil for none.
        package var clientAuthorities: CertificateVerifier?
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
    /// Users of certificates that were verified, with the end of their validity: a connection makes many requests.
    private var verified: [[[UInt8]]: (user: User, notBefore: Int, notAfter: Int)] = [:]
    private static let mostVerified = 1024

    package init(_ sources: Sources) { self.sources = sources }

    /// The user of a request on a connection whose TLS asked for a certificate of the clients' authorities and checked it.
    /// `authorization` is the header's value. Throws 401. Anonymous users are returned as such: where they are allowed is
    /// the authorizers' concern.
    package func authenticate(_ certificate: PeerCertificate, authorization: String?, now: Timestamp)
        throws(APIStatus) -> User
    {
        switch certificate {
        case .none: return try authenticate(nil, isUntrusted: false, authorization, now)
        case .untrusted: return try authenticate(nil, isUntrusted: true, authorization, now)
        case .verified(let client):
            // The connection may last longer than the certificate, which TLS has looked at once.
            let user = user(of: [client.der], now.seconds) { _ in true }
            return try authenticate(user, isUntrusted: user == nil, authorization, now)
        }
    }

    /// The same with certificates in DER, leaf first, that nobody has checked.
    package func authenticate(certificates: [[UInt8]] = [], authorization: String?, now: Timestamp) throws(APIStatus)
        -> User
    {
        guard !certificates.isEmpty, let authorities = sources.clientAuthorities else {
            return try authenticate(nil, isUntrusted: false, authorization, now)
        }
        let user = user(of: certificates, now.seconds) { chain in
            (try? authorities.verify(chain, for: .client, at: now.seconds)) != nil
        }
        return try authenticate(user, isUntrusted: user == nil, authorization, now)
    }

    private func authenticate(_ user: User?, isUntrusted: Bool, _ authorization: String?, _ now: Timestamp)
        throws(APIStatus) -> User
    {
        if let user { return user }
        let token = Self.bearerToken(authorization)
        if let token, let identity = try? authenticate(token: token, now: now) { return identity.user }
        if isUntrusted || token != nil || !sources.allowsAnonymous { throw .unauthorized() }
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
        // By bytes: tokens are long, and characters are dear. What comes after a further space is nobody's concern.
        guard
            let parts = authorization?.utf8.split(
                separator: UInt8(ascii: " "), maxSplits: 2, omittingEmptySubsequences: false),
            parts.count >= 2, parts[0].elementsEqual("bearer".utf8, by: { $0 | 0x20 == $1 }), !parts[1].isEmpty
        else { return nil }
        return String(decoding: parts[1], as: UTF8.self)
    }

    private func user(of chain: [[UInt8]], _ now: Int, isGood: ([Certificate]) -> Bool) -> User? {
        if let known = verified[chain], (known.notBefore...known.notAfter).contains(now) { return known.user }
        guard let certificates = try? chain.map({ try Certificate(der: $0) }), let leaf = certificates.first,
            !leaf.subject.commonName.isEmpty, isGood(certificates)
        else { return nil }
        // The chain is good only as long as all of it is.
        let start = certificates.map(\.notBefore).max() ?? leaf.notBefore
        let end = certificates.map(\.notAfter).min() ?? leaf.notAfter
        guard start <= now, now <= end else { return nil }
        let digest = Digest.sha256(leaf.der).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
        let user = User(
            name: leaf.subject.commonName, groups: leaf.subject.organizations,
            extra: ["authentication.kubernetes.io/credential-id": ["X509SHA256=\(digest)"]]
        ).withAuthenticatedGroup
        if verified.count >= Self.mostVerified { verified.removeAll(keepingCapacity: true) }
        verified[chain] = (user, start, end)
        return user
    }
}
