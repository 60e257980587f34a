internal import Crypto
internal import JSON
package import KubeAPI

/// Accepts the tokens that `TokenIssuer` gave out, as long as what they are bound to is there.
package final class TokenVerifier {
    private let issuer: TokenIssuer
    private let lookup: BoundObject.Lookup
    /// Tokens whose signature was found good: verifying one costs more than the rest of most requests.
    private var verified: [String: JSONWebToken] = [:]
    private static let mostVerified = 4096

    /// Signs of clocks that differ are forgiven up to this many seconds, as upstream does.
    private static let leeway = 60

    package init(issuer: TokenIssuer, lookup: @escaping BoundObject.Lookup) {
        self.issuer = issuer
        self.lookup = lookup
    }

    /// Nil for what is not a token of this server's. `audiences` are those of whom one must be the token's; nil means the
    /// server itself.
    package func verify(_ text: String, audiences: [String]? = nil, now: Timestamp) throws(TokenFailure)
        -> TokenIdentity?
    {
        guard let token = verified[text] ?? JSONWebToken(text), token.claims.member("iss")?.string == issuer.issuer
        else { return nil }
        if verified[text] == nil { try verifySignature(of: token, text) }
        let matching = (audiences ?? issuer.audiences).filter(token.list("aud").contains)
        if matching.isEmpty {
            throw TokenFailure(
                "token audiences \(PolicyRule.quoted(token.list("aud"))) is invalid for the target audiences "
                    + PolicyRule.quoted(audiences ?? issuer.audiences))
        }
        return TokenIdentity(user: try user(of: token, now.seconds), audiences: matching)
    }

    private func verifySignature(of token: JSONWebToken, _ text: String) throws(TokenFailure) {
        let candidates = issuer.keys.candidates(token.keyID)
        if candidates.isEmpty { throw TokenFailure("invalid signature, no keys found") }
        // The key says how it signs, never the token: otherwise a token could choose a weaker way.
        let isSigned = candidates.contains {
            $0.algorithm.rawValue == token.algorithm && $0.verifies(token.signature, of: token.signedText)
        }
        if !isSigned { throw TokenFailure("invalid signature") }
        if verified.count >= Self.mostVerified { verified.removeAll(keepingCapacity: true) }
        verified[text] = token
    }

    private func user(of token: JSONWebToken, _ now: Int) throws(TokenFailure) -> User {
        guard let claims = ServiceAccountClaims(token.claims) else {
            throw TokenFailure("service account token claims could not be validated due to unexpected private claim")
        }
        guard let expiry = token.time("exp"), now <= expiry + Self.leeway else {
            throw TokenFailure("service account token has expired")
        }
        if let start = token.time("nbf") ?? token.time("iat"), now < start - Self.leeway {
            throw TokenFailure("service account token is not valid yet")
        }
        let name = claims.serviceAccount.name
        let subject = User.serviceAccountName(namespace: claims.namespace, name: name)
        guard token.claims.member("sub")?.string == subject else {
            throw TokenFailure("sub claim does not match the service account")
        }
        try check(claims, now)
        var extra: [String: [String]] = [:]
        if let identifier = token.claims.member("jti")?.string, !identifier.isEmpty {
            extra["authentication.kubernetes.io/credential-id"] = ["JTI=\(identifier)"]
        }
        for (key, reference) in [("pod", claims.pod), ("node", claims.node)] {
            guard let reference else { continue }
            extra["authentication.kubernetes.io/\(key)-name"] = [reference.name]
            if !reference.uid.isEmpty { extra["authentication.kubernetes.io/\(key)-uid"] = [reference.uid] }
        }
        return User(
            name: subject, uid: claims.serviceAccount.uid,
            groups: [User.Group.serviceAccounts, User.Group.serviceAccounts(in: claims.namespace)], extra: extra)
    }

    /// Everything that the token names is still what it was when the token was made.
    private func check(_ claims: ServiceAccountClaims, _ now: Int) throws(TokenFailure) {
        let account = claims.serviceAccount
        let place = "\(claims.namespace)/\(account.name)"
        guard let stored = lookup(.serviceAccount, claims.namespace, account.name) else {
            throw TokenFailure("serviceaccounts \(FieldCause.quoted(account.name)) not found")
        }
        if isGone(stored, now) { throw TokenFailure("service account \(place) has been deleted") }
        if stored.uid != account.uid {
            throw TokenFailure("service account UID (\(stored.uid)) does not match claim (\(account.uid))")
        }
        for (kind, reference) in [(BoundObject.Kind.secret, claims.secret), (.pod, claims.pod)] {
            guard let reference else { continue }
            guard let stored = lookup(kind, claims.namespace, reference.name), !isGone(stored, now) else {
                throw TokenFailure("service account token has been invalidated")
            }
            if stored.uid != reference.uid {
                throw TokenFailure(
                    "\(kind.rawValue.lowercased()) UID (\(stored.uid)) does not match service account "
                        + "\(kind.rawValue.lowercased()) ref claim (\(reference.uid))")
            }
        }
        // A pod's token outlives the node's object, a token for the node does not.
        if let node = claims.node, claims.pod == nil {
            guard let stored = lookup(.node, "", node.name), !isGone(stored, now) else {
                throw TokenFailure("service account token has been invalidated")
            }
            if stored.uid != node.uid {
                throw TokenFailure(
                    "node UID (\(stored.uid)) does not match service account node ref claim (\(node.uid))")
            }
        }
    }

    private func isGone(_ object: BoundObject, _ now: Int) -> Bool {
        object.deletionTime.map { $0 < now - Self.leeway } ?? false
    }
}
