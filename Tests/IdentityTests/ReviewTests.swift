import Identity
import JSON
import KubeAPI
import Testing

@Suite("Access reviews")
struct ReviewTests {
    static let jane = User(name: "jane", groups: ["system:authenticated"])

    static func answer(_ kind: AccessReview.Kind, _ spec: JSONValue, namespace: String = "") throws(APIStatus)
        -> JSONValue
    {
        let policy = RBACTests.scenario()
        return try AccessReview(kind, decide: policy.decide).answer(
            ["kind": .string(kind.rawValue), "spec": spec], namespace: namespace, user: jane)
    }

    @Test("about oneself: allowed with the reason, or not")
    func own() throws {
        let allowed = try Self.answer(
            .own, ["resourceAttributes": ["verb": "get", "resource": "pods", "namespace": "x"]])
        #expect(
            allowed.member("status") == [
                "allowed": true,
                "reason": #"RBAC: allowed by ClusterRoleBinding "readers" of ClusterRole "reader" to User "jane""#,
            ])
        let refused = try Self.answer(
            .own, ["resourceAttributes": ["verb": "get", "resource": "pods", "subresource": "exec", "namespace": "x"]])
        #expect(refused.member("status") == ["allowed": false])
        #expect(
            try Self.answer(.own, ["nonResourceAttributes": ["verb": "get", "path": "/logs/x"]])
                .member(at: "status", "allowed") == true)
        #expect(
            try Self.answer(
                .own, ["nonResourceAttributes": ["verb": "get", "path": "/logs/x"], "resourceAttributes": nil]
            )
            .member(at: "status", "allowed") == true)
        #expect(refused.member("spec") != nil)
    }

    @Test("about others: by user, by group")
    func subject() throws {
        let attributes: JSONValue = ["verb": "get", "resource": "pods", "version": "v1"]
        func allowed(_ members: [(String, JSONValue)]) throws -> JSONValue? {
            let spec = JSONObject([("resourceAttributes", attributes)] + members)
            return try Self.answer(.subject, .object(spec)).member(at: "status", "allowed")
        }
        #expect(try allowed([("user", "jane")]) == true)
        #expect(try allowed([("user", "joe")]) == false)
        #expect(try allowed([("user", "joe"), ("groups", ["ops"])]) == true)
        #expect(try allowed([("groups", ["ops"])]) == true)
    }

    static let path: JSONValue = ["verb": "get", "path": "/x"]
    static let resource: JSONValue = ["verb": "get", "resource": "pods", "namespace": "x"]

    static let invalids: [(AccessReview.Kind, JSONValue, String)] = [
        (.own, [:], "spec.resourceAttributes"),
        (.own, ["resourceAttributes": resource, "nonResourceAttributes": path], "spec.nonResourceAttributes"),
        (.subject, ["resourceAttributes": resource], "spec.user"),
        (.local, ["resourceAttributes": resource, "user": "x"], "spec.resourceAttributes.namespace"),
        (.local, ["nonResourceAttributes": path, "user": "x"], "spec.nonResourceAttributes"),
    ]

    @Test("a review that asks nothing, or too much, is invalid", arguments: invalids)
    func invalid(kind: AccessReview.Kind, spec: JSONValue, field: String) {
        let status = #expect(throws: APIStatus.self) { try Self.answer(kind, spec, namespace: "y") }
        #expect(status?.code == 422)
        #expect(status?.details?.causes.map(\.field) == [field])
        #expect(status?.details?.kind == kind.rawValue)
    }

    @Test("a local review answers for its namespace")
    func local() throws {
        let spec: JSONValue = ["resourceAttributes": Self.resource, "user": "jane"]
        #expect(try Self.answer(.local, spec, namespace: "x").member(at: "status", "allowed") == true)
    }

    @Test("the list of all that one may do")
    func rules() throws {
        let policy = RBACTests.scenario()
        func review(_ user: User, _ namespace: String) throws(APIStatus) -> JSONValue? {
            try RulesReview.answer(["spec": ["namespace": .string(namespace)]], user: user, policy: policy)
                .member("status")
        }
        let status = try review(Self.jane, "a")
        #expect(status?.member("incomplete") == false)
        let resources = PolicyRule.list(status?.member("resourceRules"))
        #expect(resources.contains(PolicyRule(verbs: ["delete"], apiGroups: [""], resources: ["pods"])))
        #expect(
            resources.contains(
                PolicyRule(
                    verbs: ["create"], apiGroups: ["authorization.k8s.io"],
                    resources: ["selfsubjectaccessreviews", "selfsubjectrulesreviews"])))
        #expect(PolicyRule.list(status?.member("nonResourceRules")).contains { $0.nonResourceURLs.contains("/logs/*") })
        let elsewhere = PolicyRule.list(try review(Self.jane, "b")?.member("resourceRules"))
        #expect(!elsewhere.contains(PolicyRule(verbs: ["delete"], apiGroups: [""], resources: ["pods"])))

        let master = try review(User(name: "root", groups: ["system:masters"]), "a")
        #expect(
            PolicyRule.list(master?.member("resourceRules")).first
                == PolicyRule(verbs: ["*"], apiGroups: ["*"], resources: ["*"]))
        let node = try review(User(name: "system:node:n", groups: ["system:nodes"]), "a")
        #expect(node?.member("incomplete") == true)
        #expect(
            node?.member("evaluationError")?.string == "node authorizer does not support user rule resolution")
        #expect(throws: APIStatus.self) { try review(Self.jane, "") }
    }

    @Test("each resource that is asked is answered, others are not")
    func dispatch() throws {
        let authorizer = Authorizer()
        let reviews = Reviews(authenticator: Authenticator(Authenticator.Sources()), authorizer: authorizer)
        let attributes: JSONValue = ["verb": "get", "resource": "pods", "namespace": "n"]
        let spec: JSONValue = [
            "token": "x", "namespace": "n", "user": "eve", "resourceAttributes": attributes,
        ]
        for resource in Reviews.resources {
            let answer = try reviews.answer(
                ["spec": spec], resource: resource, namespace: "n", user: Self.jane, now: Timestamp(seconds: 0))
            #expect(answer.member("status") != nil, "\(resource)")
        }
        #expect(throws: APIStatus.self) {
            try reviews.answer(
                [:], resource: GroupResource(group: "", resource: "pods"), user: Self.jane, now: Timestamp(seconds: 0))
        }
    }

    @Test("acting as others needs the verb impersonate on each part")
    func impersonation() throws {
        let policy = RBACPolicy()
        policy.setRole(
            namespace: "", name: "imp",
            rules: [
                PolicyRule(verbs: ["impersonate"], apiGroups: [""], resources: ["users"], resourceNames: ["bob"]),
                PolicyRule(verbs: ["impersonate"], apiGroups: [""], resources: ["groups"], resourceNames: ["ops"]),
                PolicyRule(verbs: ["impersonate"], apiGroups: [""], resources: ["serviceaccounts"]),
                PolicyRule(
                    verbs: ["impersonate"], apiGroups: ["authentication.k8s.io"], resources: ["userextras/team/x"]),
            ])
        policy.setBinding(
            RoleBinding(
                name: "b", role: RoleReference(kind: .clusterRole, name: "imp"),
                subjects: [RoleSubject(kind: .user, name: "jane")]))
        func act(_ headers: [(name: String, value: String)], as user: User = Self.jane) throws(APIStatus) -> User? {
            try Impersonation(headers: headers)?.apply(to: user, authorize: policy.decide)
        }
        #expect(try act([("Accept", "x")]) == nil)
        #expect(
            try act([("Impersonate-User", "bob"), ("Impersonate-Group", "ops"), ("Impersonate-Extra-Team%2fX", "1")])
                == User(name: "bob", groups: ["ops", "system:authenticated"], extra: ["team/x": ["1"]]))
        #expect(
            try act([("impersonate-user", "system:serviceaccount:n:robot")])?.groups
                == ["system:serviceaccounts", "system:serviceaccounts:n", "system:authenticated"])
        for (headers, code) in [
            ([("Impersonate-User", "eve")], 403), ([("Impersonate-User", "bob"), ("Impersonate-Group", "x")], 403),
            ([("Impersonate-User", "bob"), ("Impersonate-Uid", "1")], 403),
            ([("Impersonate-User", "bob"), ("Impersonate-Extra-Other", "1")], 403),
            ([("Impersonate-Group", "ops")], 500),
        ] {
            let status = #expect(throws: APIStatus.self) { try act(headers) }
            #expect(status?.code == code)
        }
        let refused = #expect(throws: APIStatus.self) { try act([("Impersonate-User", "eve")]) }
        #expect(
            refused?.message
                == #"users "eve" is forbidden: User "jane" cannot impersonate resource "users" in API group "" at the cluster scope"#
        )
    }
}
