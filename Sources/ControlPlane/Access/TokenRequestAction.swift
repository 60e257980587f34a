internal import Identity
internal import JSON
internal import KubeAPI

/// `POST …/serviceaccounts/name/token`: a signed token for the account.
final class TokenRequestAction: Action {
    private let issuer: TokenIssuer
    private let lookup: BoundObject.Lookup
    private let restriction: NodeRestriction

    init(_ issuer: TokenIssuer, lookup: @escaping BoundObject.Lookup, restriction: NodeRestriction) {
        self.issuer = issuer
        self.lookup = lookup
        self.restriction = restriction
    }

    func run(_ call: ActionCall) {
        do throws(APIStatus) {
            // A kubelet gets tokens for pods on its node alone.
            try restriction.admit(
                NodeRestriction.Write(
                    user: call.user, operation: .create, resource: call.type.groupResource, subresource: "token",
                    namespace: call.namespace, name: call.name, object: call.body))
            call.succeed(
                try issuer.answer(
                    call.body, namespace: call.namespace, serviceAccount: call.name, lookup: lookup, now: .now))
        } catch {
            call.fail(error)
        }
    }
}

/// ServiceAccounts: plain objects, but for the tokens.
final class ServiceAccountStrategy: ResourceStrategy {
    private let tokens: TokenRequestAction

    init(_ tokens: TokenRequestAction) { self.tokens = tokens }

    func action(_ subresource: String) -> (any Action)? { subresource == "token" ? tokens : nil }
}
