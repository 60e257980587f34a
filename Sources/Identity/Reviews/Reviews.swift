package import JSON
package import KubeAPI

/// All resources that are asked rather than stored, behind one call: what the API server does with a `create` of one.
package struct Reviews {
    private let authenticator: Authenticator
    private let authorizer: Authorizer

    package init(authenticator: Authenticator, authorizer: Authorizer) {
        self.authenticator = authenticator
        self.authorizer = authorizer
    }

    package static let resources: Set<GroupResource> = Set(
        ["selfsubjectreviews", "tokenreviews"].map { GroupResource(group: "authentication.k8s.io", resource: $0) }
            + [
                "localsubjectaccessreviews", "selfsubjectaccessreviews", "selfsubjectrulesreviews",
                "subjectaccessreviews",
            ].map { GroupResource(group: "authorization.k8s.io", resource: $0) })

    /// The review with its status. Throws Invalid or BadRequest for a review that asks nothing; `user` is who asks.
    package func answer(
        _ review: JSONValue, resource: GroupResource, namespace: String = "", user: User, now: Timestamp
    ) throws(APIStatus) -> JSONValue {
        switch resource.resource {
        case "tokenreviews":
            return try IdentityReview.answer(tokenReview: review, authenticator: authenticator, now: now)
        case "selfsubjectreviews": return IdentityReview.answer(selfReview: review, user: user)
        case "selfsubjectrulesreviews":
            return try RulesReview.answer(review, user: user, policy: authorizer.policy)
        case "selfsubjectaccessreviews": return try access(.own, review, namespace, user)
        case "localsubjectaccessreviews": return try access(.local, review, namespace, user)
        case "subjectaccessreviews": return try access(.subject, review, namespace, user)
        default: throw .methodNotSupported(resource, "create")
        }
    }

    private func access(_ kind: AccessReview.Kind, _ review: JSONValue, _ namespace: String, _ user: User)
        throws(APIStatus) -> JSONValue
    {
        try AccessReview(kind, decide: authorizer.decide).answer(review, namespace: namespace, user: user)
    }
}
