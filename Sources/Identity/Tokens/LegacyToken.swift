package import Crypto
internal import JSON

/// The tokens of old, which stand in Secrets of type `kubernetes.io/service-account-token` and never end: they are good as
/// long as the Secret and the account are there.
package struct LegacyToken: Hashable, Sendable {
    package static let secretType = "kubernetes.io/service-account-token"
    package static let nameAnnotation = "kubernetes.io/service-account.name"
    package static let uidAnnotation = "kubernetes.io/service-account.uid"
    /// A label with which upstream's cleaner takes an unused token out of service.
    package static let invalidLabel = "kubernetes.io/legacy-token-invalid-since"
    static let issuer = "kubernetes/serviceaccount"
    private static let prefix = "kubernetes.io/serviceaccount/"

    package var namespace: String
    package var secret: String
    package var account: String
    package var accountUID: String

    package init(namespace: String, secret: String, account: String, accountUID: String) {
        self.namespace = namespace
        self.secret = secret
        self.account = account
        self.accountUID = accountUID
    }

    /// From a token's claims; nil when they are not of this kind.
    init?(_ claims: JSONValue) {
        func text(_ key: String) -> String { claims.member(Self.prefix + key)?.string ?? "" }
        self.init(
            namespace: text("namespace"), secret: text("secret.name"), account: text("service-account.name"),
            accountUID: text("service-account.uid"))
        guard claims.member("iss")?.string == Self.issuer, !namespace.isEmpty, !secret.isEmpty, !account.isEmpty,
            !accountUID.isEmpty, claims.member("sub")?.string == subject
        else { return nil }
    }

    var subject: String { User.serviceAccountName(namespace: namespace, name: account) }

    var claims: JSONValue {
        .object(
            JSONObject([
                ("iss", .string(Self.issuer)), ("\(Self.prefix)namespace", .string(namespace)),
                ("\(Self.prefix)secret.name", .string(secret)),
                ("\(Self.prefix)service-account.name", .string(account)),
                ("\(Self.prefix)service-account.uid", .string(accountUID)), ("sub", .string(subject)),
            ]))
    }

    package func signed(by keys: TokenKeys) throws(CryptoError) -> String {
        try JSONWebToken.sign(claims, with: keys.signing, keyID: keys.signingID)
    }

    var user: User {
        User(
            name: subject, uid: accountUID,
            groups: [User.Group.serviceAccounts, User.Group.serviceAccounts(in: namespace), User.Group.authenticated])
    }
}
