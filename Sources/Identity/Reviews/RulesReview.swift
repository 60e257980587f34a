package import JSON
package import KubeAPI

/// SelfSubjectRulesReview: all that whoever asks may do in a namespace (`kubectl auth can-i --list`).
package enum RulesReview {
    /// The review with its status; throws BadRequest without a namespace.
    package static func answer(_ review: JSONValue, user: User, policy: RBACPolicy) throws(APIStatus) -> JSONValue {
        guard let namespace = review.member(at: "spec", "namespace")?.string, !namespace.isEmpty else {
            throw .badRequest("no namespace on request")
        }
        var (rules, problem) = policy.rules(of: user, namespace: namespace)
        var problems = problem.map { [$0] } ?? []
        if user.isMaster {
            rules.insert(PolicyRule(verbs: ["*"], apiGroups: ["*"], resources: ["*"]), at: 0)
            rules.insert(PolicyRule(verbs: ["*"], nonResourceURLs: ["*"]), at: 1)
        }
        // What a kubelet may do depends on its pods and is no list of rules.
        if user.nodeName != nil { problems.append("node authorizer does not support user rule resolution") }

        var status = JSONObject()
        status.append("resourceRules", .array(rules.filter { !$0.resources.isEmpty }.map(\.json)))
        status.append("nonResourceRules", .array(rules.filter { !$0.nonResourceURLs.isEmpty }.map(\.json)))
        status.append("incomplete", .bool(!problems.isEmpty))
        if !problems.isEmpty { status.append("evaluationError", .string(problems.joined(separator: ", "))) }
        var answer = review
        answer.setMember("status", .object(status))
        return answer
    }
}
