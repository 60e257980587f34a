package import JSON
package import KubeAPI

/// The reviews of authentication.k8s.io: whose is this token, and who am I.
package enum IdentityReview {
    /// The TokenReview with its status; throws BadRequest without a token. A token that is not good is an answer, no error.
    package static func answer(tokenReview review: JSONValue, authenticator: Authenticator, now: Timestamp)
        throws(APIStatus) -> JSONValue
    {
        guard let token = review.member(at: "spec", "token")?.string, !token.isEmpty else {
            throw .badRequest("token is required for TokenReview in authentication")
        }
        let audiences = review.member(at: "spec", "audiences")?.array?.compactMap(\.string) ?? []
        var status = JSONObject()
        do throws(TokenFailure) {
            let identity = try authenticator.authenticate(
                token: token, audiences: audiences.isEmpty ? nil : audiences, now: now)
            status.append("authenticated", true)
            status.append("user", identity.user.userInfo)
            if !identity.audiences.isEmpty {
                status.append("audiences", .array(identity.audiences.map { .string($0) }))
            }
        } catch {
            // Upstream's authenticators all have a word.
            let reason = error.description
            status.append("user", [:])
            status.append(
                "error", .string(reason == "invalid bearer token" ? reason : "[invalid bearer token, \(reason)]"))
        }
        var answer = review
        answer.setMember("status", .object(status))
        return answer
    }

    /// The SelfSubjectReview with its status (`kubectl auth whoami`).
    package static func answer(selfReview review: JSONValue, user: User) -> JSONValue {
        var answer = review
        answer.setMember("status", ["userInfo": user.userInfo])
        return answer
    }
}
