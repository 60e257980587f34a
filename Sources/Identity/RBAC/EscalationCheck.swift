package import JSON
package import KubeAPI

/// Nobody grants what they do not hold, unless they may `escalate` the role or `bind` it: the check before each write to
/// RBAC's four resources.
package struct EscalationCheck {
    private let policy: RBACPolicy
    private let authorize: (AccessRequest) -> Decision

    /// `authorize` is the server's authorizers, asked for `escalate` and `bind`.
    package init(policy: RBACPolicy, authorize: @escaping (AccessRequest) -> Decision) {
        self.policy = policy
        self.authorize = authorize
    }

    /// Before a create (`old` nil) or update of an object of one of RBAC's resources; throws the 403, or the 404 of a role
    /// that a binding refers to. Objects of other resources pass.
    package func check(resource: String, namespace: String, object: JSONValue, old: JSONValue?, user: User)
        throws(APIStatus)
    {
        if user.isMaster || old.map({ Self.isForGarbageCollection(old: $0, new: object) }) == true { return }
        let name = object.member(at: "metadata", "name")?.string ?? ""
        switch resource {
        case "roles", "clusterroles":
            let escalate = AccessRequest(
                user: user, verb: "escalate", apiGroup: Self.group, apiVersion: "v1", resource: resource,
                namespace: namespace, name: old == nil ? "" : name)
            if authorize(escalate).isAllowed { return }
            var rules = PolicyRule.list(object.member("rules"))
            // Whoever aggregates decides by labels what the role will grant, so it must be everything.
            if object.member("aggregationRule").map({ !$0.isNull }) == true { rules = Self.everything }
            try confirm(rules, user, resource: resource, namespace: namespace, name: name)
        case "rolebindings", "clusterrolebindings":
            guard let role = RoleReference(json: object.member("roleRef")) else { return }
            let bind = AccessRequest(
                user: user, verb: "bind", apiGroup: Self.group, apiVersion: "v1",
                resource: role.kind == .clusterRole ? "clusterroles" : "roles", namespace: namespace, name: role.name)
            if authorize(bind).isAllowed { return }
            guard let rules = policy.rules(of: role, namespace: namespace) else {
                throw .notFound(GroupResource(group: Self.group, resource: bind.resource), role.name)
            }
            try confirm(rules, user, resource: resource, namespace: namespace, name: name)
        default: return
        }
    }

    private func confirm(_ rules: [PolicyRule], _ user: User, resource: String, namespace: String, name: String)
        throws(APIStatus)
    {
        let held = policy.rules(of: user, namespace: namespace)
        let missing = RuleCoverage.missing(rules, from: held.rules)
        if missing.isEmpty { return }
        let texts = Set(RuleCoverage.compact(missing).map(\.text)).sorted()
        var why =
            "user \(FieldCause.quoted(user.name)) (groups=\(PolicyRule.quoted(user.groups)))"
            + " is attempting to grant RBAC permissions not currently held:\n\(texts.joined(separator: "\n"))"
        if let problem = held.problem { why += "; resolution errors: [\(problem)]" }
        throw .forbidden(GroupResource(group: Self.group, resource: resource), name, why)
    }

    /// Owners and finalizers may change without a check, so that an object can always be deleted; labels may not, because
    /// they decide into which roles this one is aggregated.
    private static func isForGarbageCollection(old: JSONValue, new: JSONValue) -> Bool {
        func rest(_ object: JSONValue) -> JSONValue {
            var object = object
            var metadata = object.member("metadata") ?? .null
            for field in ["ownerReferences", "finalizers", "managedFields", "resourceVersion", "generation"] {
                metadata.setMember(field, nil)
            }
            object.setMember("metadata", metadata)
            return object
        }
        return rest(old) == rest(new)
    }

    private static let group = "rbac.authorization.k8s.io"
    private static let everything = [
        PolicyRule(verbs: ["*"], apiGroups: ["*"], resources: ["*"]),
        PolicyRule(verbs: ["*"], nonResourceURLs: ["*"]),
    ]
}
