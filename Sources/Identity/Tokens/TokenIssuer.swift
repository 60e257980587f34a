internal import Crypto
package import JSON
package import KubeAPI

/// Answers TokenRequests: `POST …/serviceaccounts/NAME/token`.
package struct TokenIssuer: Sendable {
    /// The `iss` of the tokens.
    package let issuer: String
    /// For whom tokens are when the request does not say, and whose tokens the server itself takes.
    package let audiences: [String]
    package let keys: TokenKeys
    /// Gives kubelets' hourly tokens a year, with a mark after the hour, for clients that never read a token again.
    package let extendsExpiration: Bool

    /// Without audiences the issuer itself is the audience.
    package init(issuer: String, audiences: [String] = [], keys: TokenKeys, extendsExpiration: Bool = true) {
        self.issuer = issuer
        self.audiences = audiences.isEmpty ? [issuer] : audiences
        self.keys = keys
        self.extendsExpiration = extendsExpiration
    }

    /// What kubelets ask for when a pod's specification does not say.
    private static let usualExpiration = 3607
    private static let extendedExpiration = 365 * 86400

    /// The completed TokenRequest. Throws Invalid for a bad duration, NotFound for a bound object that is not there,
    /// Conflict for one with another uid, BadRequest for one that tokens cannot be bound to.
    package func answer(
        _ request: JSONValue, namespace: String, serviceAccount name: String, lookup: BoundObject.Lookup,
        now: Timestamp
    ) throws(APIStatus) -> JSONValue {
        guard let account = lookup(.serviceAccount, namespace, name) else {
            throw .notFound(GroupResource(group: "", resource: "serviceaccounts"), name)
        }
        let spec = request.member("spec")
        let expiration = try Self.expiration(spec)
        var requested = spec?.member("audiences")?.array?.compactMap(\.string) ?? []
        if requested.isEmpty { requested = audiences }

        var claims = ServiceAccountClaims(
            namespace: namespace, serviceAccount: .init(name: name, uid: account.uid))
        if let reference = spec?.member("boundObjectRef"), !reference.isNull {
            try bind(reference, &claims, lookup)
        }
        var lifetime = expiration
        if extendsExpiration && claims.pod != nil && expiration == Self.usualExpiration && requested == audiences {
            claims.warnAfter = now.seconds + expiration
            lifetime = Self.extendedExpiration
        }
        let token = try sign(claims, requested, lifetime, now)
        return Self.complete(
            request, namespace, name, audiences: requested, expiration: expiration, token: token, now: now)
    }

    private static func expiration(_ spec: JSONValue?) throws(APIStatus) -> Int {
        let field = "spec.expirationSeconds"
        guard let value = spec?.member("expirationSeconds"), !value.isNull else { return 3600 }
        let kind = GroupKind(group: "authentication.k8s.io", kind: "TokenRequest")
        guard let seconds = value.int else {
            throw .invalid(kind, "", [.typeInvalid(field, value, "must be an integer")])
        }
        if seconds < 600 {
            throw .invalid(kind, "", [.invalid(field, value, "may not specify a duration less than 10 minutes")])
        }
        if seconds > 1 << 32 {
            throw .invalid(kind, "", [.invalid(field, value, "may not specify a duration larger than 2^32 seconds")])
        }
        return seconds
    }

    private func bind(_ reference: JSONValue, _ claims: inout ServiceAccountClaims, _ lookup: BoundObject.Lookup)
        throws(APIStatus)
    {
        let version = reference.member("apiVersion")?.string ?? ""
        let kind = reference.member("kind")?.string ?? ""
        let name = reference.member("name")?.string ?? ""
        guard version == "v1", let bound = BoundObject.Kind(rawValue: kind), bound != .serviceAccount else {
            let printed = version.contains("/") ? version : "/\(version)"
            throw .badRequest("cannot bind token to object of type \(printed), Kind=\(kind)")
        }
        let resource = GroupResource(group: "", resource: "\(kind.lowercased())s")
        guard let object = lookup(bound, bound == .node ? "" : claims.namespace, name) else {
            throw .notFound(resource, name)
        }
        if bound == .pod && object.serviceAccountName != claims.serviceAccount.name {
            throw .badRequest(
                "cannot bind token for serviceaccount \(FieldCause.quoted(claims.serviceAccount.name)) to pod running "
                    + "with serviceaccount \(FieldCause.quoted(object.serviceAccountName))")
        }
        if let uid = reference.member("uid")?.string, !uid.isEmpty, uid != object.uid {
            throw .conflict(
                GroupResource(group: "", resource: kind), name,
                "the UID in the bound object reference (\(uid)) does not match the UID in record. "
                    + "The object might have been deleted and then recreated")
        }
        let held = ServiceAccountClaims.Reference(name: name, uid: object.uid)
        switch bound {
        case .secret: claims.secret = held
        case .node: claims.node = held
        default:
            claims.pod = held
            // A pod's token is for the pod's node too; a node that is gone is known by its name only.
            if !object.nodeName.isEmpty {
                claims.node = .init(name: object.nodeName, uid: lookup(.node, "", object.nodeName)?.uid ?? "")
            }
        }
    }

    private func sign(_ claims: ServiceAccountClaims, _ audiences: [String], _ lifetime: Int, _ now: Timestamp)
        throws(APIStatus) -> String
    {
        do {
            let subject = User.serviceAccountName(namespace: claims.namespace, name: claims.serviceAccount.name)
            let payload: JSONValue = [
                "aud": .array(audiences.map { .string($0) }), "exp": .number(JSONNumber(now.seconds + lifetime)),
                "iat": .number(JSONNumber(now.seconds)), "iss": .string(issuer),
                "jti": .string(try RandomBytes.uuid()), "kubernetes.io": claims.json,
                "nbf": .number(JSONNumber(now.seconds)), "sub": .string(subject),
            ]
            return try JSONWebToken.sign(payload, with: keys.signing, keyID: keys.signingID)
        } catch {
            throw APIStatus.internalError("failed to generate token: \(error)")
        }
    }

    private static func complete(
        _ request: JSONValue, _ namespace: String, _ name: String, audiences: [String], expiration: Int, token: String,
        now: Timestamp
    ) -> JSONValue {
        var answer = request
        answer.setMember("kind", "TokenRequest")
        answer.setMember("apiVersion", "authentication.k8s.io/v1")
        answer.setMember(
            "metadata",
            ["name": .string(name), "namespace": .string(namespace), "creationTimestamp": .string(now.time)])
        var spec = request.member("spec") ?? .null
        spec.setMember("audiences", .array(audiences.map { .string($0) }))
        spec.setMember("expirationSeconds", .number(JSONNumber(expiration)))
        if spec.member("boundObjectRef") == nil { spec.setMember("boundObjectRef", .null) }
        answer.setMember("spec", spec)
        answer.setMember(
            "status",
            [
                "token": .string(token),
                "expirationTimestamp": .string(now.advanced(bySeconds: expiration).time),
            ])
        return answer
    }
}
