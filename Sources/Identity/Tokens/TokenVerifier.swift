internal import Crypto
internal import JSON
package import KubeAPI

/// Accepts the tokens that `TokenIssuer` gave out, as long as what they are bound to is there.
package final class TokenVerifier {
    private let issuer: TokenIssuer
    private let lookup: BoundObject.Lookup
    /// Tokens whose signature was found good, taken apart: to verify one costs more than the rest of most requests.
    private var verified: [String: Verified] = [:]
    private static let mostVerified = 4096

    /// What a token says that does not change; a name and uid each of what must still be there.
    private struct Verified {
        let audiences: [String]
        let expiry: Int
        let start: Int?
        let claims: ServiceAccountClaims
        let user: User
    }

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
        let token: Verified
        if let known = verified[text] {
            token = known
        } else {
            guard let parsed = JSONWebToken(text) else { return nil }
            if parsed.claims.member("iss")?.string == LegacyToken.issuer {
                return try verifyLegacy(parsed, text, audiences, now)
            }
            guard parsed.claims.member("iss")?.string == issuer.issuer else { return nil }
            try verifySignature(of: parsed)
            token = try Self.takeApart(parsed)
            if verified.count >= Self.mostVerified { verified.removeAll(keepingCapacity: true) }
            verified[text] = token
        }
        let matching = (audiences ?? issuer.audiences).filter(token.audiences.contains)
        if matching.isEmpty {
            throw TokenFailure(
                "token audiences \(PolicyRule.quoted(token.audiences)) is invalid for the target audiences "
                    + PolicyRule.quoted(audiences ?? issuer.audiences))
        }
        if now.seconds > token.expiry + Self.leeway { throw TokenFailure("service account token has expired") }
        if let start = token.start, now.seconds < start - Self.leeway {
            throw TokenFailure("service account token is not valid yet")
        }
        try check(token.claims, now.seconds)
        return TokenIdentity(user: token.user, audiences: matching)
    }

    /// Such a token names no audience: it is for the server itself. That it is the one in the Secret is as good as its
    /// signature, and is looked at each time.
    private func verifyLegacy(_ token: JSONWebToken, _ text: String, _ audiences: [String]?, _ now: Timestamp)
        throws(TokenFailure) -> TokenIdentity
    {
        try verifySignature(of: token)
        guard let legacy = LegacyToken(token.claims) else {
            throw TokenFailure("service account token claims could not be validated due to unexpected private claim")
        }
        let matching = (audiences ?? issuer.audiences).filter(issuer.audiences.contains)
        if matching.isEmpty { throw TokenFailure("token audiences are invalid for the target audiences") }
        guard let secret = lookup(.secret, legacy.namespace, legacy.secret), secret.deletionTime == nil,
            !secret.isInvalid, Secrets.areEqual(secret.token, text)
        else { throw TokenFailure("service account token has been invalidated") }
        try check(
            ServiceAccountClaims(
                namespace: legacy.namespace, serviceAccount: .init(name: legacy.account, uid: legacy.accountUID)),
            now.seconds)
        return TokenIdentity(user: legacy.user, audiences: matching)
    }

    private func verifySignature(of token: JSONWebToken) throws(TokenFailure) {
        let candidates = issuer.keys.candidates(token.keyID)
        if candidates.isEmpty { throw TokenFailure("invalid signature, no keys found") }
        // The key says how it signs, never the token: otherwise a token could choose a weaker way.
        let isSigned = candidates.contains {
            $0.algorithm.rawValue == token.algorithm && $0.verifies(token.signature, of: token.signedText)
        }
        if !isSigned { throw TokenFailure("invalid signature") }
    }

    private static func takeApart(_ token: JSONWebToken) throws(TokenFailure) -> Verified {
        guard let claims = ServiceAccountClaims(token.claims) else {
            throw TokenFailure("service account token claims could not be validated due to unexpected private claim")
        }
        guard let expiry = token.time("exp") else { throw TokenFailure("service account token has expired") }
        let subject = User.serviceAccountName(namespace: claims.namespace, name: claims.serviceAccount.name)
        guard token.claims.member("sub")?.string == subject else {
            throw TokenFailure("sub claim does not match the service account")
        }
        var extra: [String: [String]] = [:]
        if let identifier = token.claims.member("jti")?.string, !identifier.isEmpty {
            extra["authentication.kubernetes.io/credential-id"] = ["JTI=\(identifier)"]
        }
        for (key, reference) in [("pod", claims.pod), ("node", claims.node)] {
            guard let reference else { continue }
            extra["authentication.kubernetes.io/\(key)-name"] = [reference.name]
            if !reference.uid.isEmpty { extra["authentication.kubernetes.io/\(key)-uid"] = [reference.uid] }
        }
        let user = User(
            name: subject, uid: claims.serviceAccount.uid,
            groups: [
                User.Group.serviceAccounts, User.Group.serviceAccounts(in: claims.namespace), User.Group.authenticated,
            ], extra: extra)
        return Verified(
            audiences: token.list("aud"), expiry: expiry, start: token.time("nbf") ?? token.time("iat"), claims: claims,
            user: user)
    }

    /// Everything that the token names is still what it was when the token was made.
    private func check(_ claims: ServiceAccountClaims, _ now: Int) throws(TokenFailure) {
        let account = claims.serviceAccount
        guard let stored = lookup(.serviceAccount, claims.namespace, account.name) else {
            throw TokenFailure("serviceaccounts \(FieldCause.quoted(account.name)) not found")
        }
        if isGone(stored, now) {
            throw TokenFailure("service account \(claims.namespace)/\(account.name) has been deleted")
        }
        if stored.uid != account.uid {
            throw TokenFailure("service account UID (\(stored.uid)) does not match claim (\(account.uid))")
        }
        if let secret = claims.secret { try check(.secret, secret, claims.namespace, now) }
        if let pod = claims.pod { try check(.pod, pod, claims.namespace, now) }
        // A pod's token outlives the node's object, a token for the node does not.
        if let node = claims.node, claims.pod == nil { try check(.node, node, "", now) }
    }

    private func check(
        _ kind: BoundObject.Kind, _ reference: ServiceAccountClaims.Reference, _ namespace: String, _ now: Int
    ) throws(TokenFailure) {
        guard let stored = lookup(kind, namespace, reference.name), !isGone(stored, now) else {
            throw TokenFailure("service account token has been invalidated")
        }
        if stored.uid != reference.uid {
            let word = kind.rawValue.lowercased()
            throw TokenFailure(
                "\(word) UID (\(stored.uid)) does not match service account \(word) ref claim (\(reference.uid))")
        }
    }

    private func isGone(_ object: BoundObject, _ now: Int) -> Bool {
        object.deletionTime.map { $0 < now - Self.leeway } ?? false
    }
}
