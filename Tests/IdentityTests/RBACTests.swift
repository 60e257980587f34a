import Identity
import JSON
import KubeAPI
import TestSupport
import Testing

@Suite("RBAC")
struct RBACTests {
    static func bootstrapped() -> RBACPolicy {
        let policy = RBACPolicy()
        for item in BootstrapPolicy.items {
            policy.apply(resource: item.resource, namespace: item.namespace, name: item.name, object: item.object)
        }
        return policy
    }

    static func user(_ name: String, _ groups: String...) -> User {
        User(name: name, groups: groups + [User.Group.authenticated])
    }

    /// A policy with roles for each kind of rule.
    static func scenario() -> RBACPolicy {
        let policy = bootstrapped()
        policy.setRole(
            namespace: "", name: "reader",
            rules: [
                PolicyRule(verbs: ["get", "list"], apiGroups: [""], resources: ["pods", "pods/log"]),
                PolicyRule(verbs: ["get"], apiGroups: ["apps"], resources: ["*/scale"]),
                PolicyRule(
                    verbs: ["get", "update"], apiGroups: [""], resources: ["configmaps"],
                    resourceNames: ["mine", "own"]),
                PolicyRule(verbs: ["get"], nonResourceURLs: ["/logs", "/logs/*", "/debug/**"]),
                PolicyRule(verbs: ["*"], apiGroups: ["example.com"], resources: ["*"]),
                PolicyRule(verbs: ["use"], apiGroups: ["policy"], resources: ["things"]),
            ])
        policy.setRole(
            namespace: "a", name: "local", rules: [PolicyRule(verbs: ["delete"], apiGroups: [""], resources: ["pods"])])
        let subjects = [RoleSubject(kind: .user, name: "jane"), RoleSubject(kind: .group, name: "ops")]
        policy.setBinding(
            RoleBinding(name: "readers", role: RoleReference(kind: .clusterRole, name: "reader"), subjects: subjects))
        policy.setBinding(
            RoleBinding(
                name: "in-a", namespace: "a", role: RoleReference(kind: .role, name: "local"),
                subjects: [
                    RoleSubject(kind: .user, name: "jane"), RoleSubject(kind: .serviceAccount, name: "robot"),
                    RoleSubject(kind: .serviceAccount, name: "robot", namespace: "b"),
                ]))
        policy.setBinding(
            RoleBinding(
                name: "edit-b", namespace: "b", role: RoleReference(kind: .clusterRole, name: "edit"),
                subjects: [RoleSubject(kind: .group, name: "developers")]))
        return policy
    }

    struct Case: CustomTestStringConvertible, Sendable {
        var who: User
        var verb: String
        /// `group/resource/sub` without the group for the core, or a path.
        var what: String
        var namespace = ""
        var name = ""
        var allowed: Bool

        var testDescription: String { "\(who.name) \(verb) \(what) \(namespace)/\(name)" }

        var request: AccessRequest {
            if what.hasPrefix("/") { return AccessRequest(user: who, verb: verb, path: what) }
            let parts = what.split(separator: ":").map(String.init)
            let resource = parts[parts.count - 1].split(separator: "/").map(String.init)
            return AccessRequest(
                user: who, verb: verb, apiGroup: parts.count > 1 ? parts[0] : "", resource: resource[0],
                subresource: resource.count > 1 ? resource[1] : "", namespace: namespace, name: name)
        }
    }

    static let jane = user("jane")
    static let cases: [Case] = [
        // Resources, subresources, groups.
        Case(who: jane, verb: "get", what: "pods", namespace: "x", name: "p", allowed: true),
        Case(who: jane, verb: "list", what: "pods", allowed: true),
        Case(who: jane, verb: "watch", what: "pods", allowed: false),
        Case(who: jane, verb: "get", what: "pods/log", namespace: "x", allowed: true),
        Case(who: jane, verb: "get", what: "pods/exec", namespace: "x", allowed: false),
        Case(who: jane, verb: "get", what: "apps:pods", namespace: "x", allowed: false),
        Case(who: user("joe", "ops"), verb: "get", what: "pods", allowed: true),
        Case(who: user("joe"), verb: "get", what: "pods", allowed: false),
        Case(who: user("ops"), verb: "get", what: "pods", allowed: false),
        Case(who: user("Jane"), verb: "get", what: "pods", allowed: false),
        // */scale
        Case(who: jane, verb: "get", what: "apps:deployments/scale", namespace: "x", allowed: true),
        Case(who: jane, verb: "get", what: "apps:deployments", namespace: "x", allowed: false),
        Case(who: jane, verb: "get", what: "batch:jobs/scale", namespace: "x", allowed: false),
        // resourceNames
        Case(who: jane, verb: "get", what: "configmaps", namespace: "x", name: "mine", allowed: true),
        Case(who: jane, verb: "update", what: "configmaps", namespace: "x", name: "own", allowed: true),
        Case(who: jane, verb: "get", what: "configmaps", namespace: "x", name: "other", allowed: false),
        Case(who: jane, verb: "get", what: "configmaps", namespace: "x", allowed: false),
        // Wildcards and verbs of one's own
        Case(who: jane, verb: "anything", what: "example.com:whatever/sub", namespace: "x", allowed: true),
        Case(who: jane, verb: "use", what: "policy:things", allowed: true),
        Case(who: jane, verb: "abuse", what: "policy:things", allowed: false),
        // Paths
        Case(who: jane, verb: "get", what: "/logs", allowed: true),
        Case(who: jane, verb: "get", what: "/logs/a/b", allowed: true),
        Case(who: jane, verb: "get", what: "/logsx", allowed: false),
        Case(who: jane, verb: "post", what: "/logs", allowed: false),
        Case(who: jane, verb: "get", what: "/debug/x", allowed: true),
        // Namespaces
        Case(who: jane, verb: "delete", what: "pods", namespace: "a", name: "p", allowed: true),
        Case(who: jane, verb: "delete", what: "pods", namespace: "b", name: "p", allowed: false),
        Case(who: jane, verb: "delete", what: "pods", allowed: false),
        Case(who: user("system:serviceaccount:a:robot"), verb: "delete", what: "pods", namespace: "a", allowed: true),
        Case(who: user("system:serviceaccount:b:robot"), verb: "delete", what: "pods", namespace: "a", allowed: true),
        Case(who: user("system:serviceaccount:c:robot"), verb: "delete", what: "pods", namespace: "a", allowed: false),
        Case(who: user("robot"), verb: "delete", what: "pods", namespace: "a", allowed: false),
        // The bootstrap roles
        Case(who: user("d", "developers"), verb: "create", what: "apps:deployments", namespace: "b", allowed: true),
        Case(who: user("d", "developers"), verb: "get", what: "secrets", namespace: "b", allowed: true),
        Case(who: user("d", "developers"), verb: "get", what: "services", namespace: "b", allowed: true),
        Case(
            who: user("d", "developers"), verb: "create", what: "rbac.authorization.k8s.io:roles", namespace: "b",
            allowed: false),
        Case(who: user("d", "developers"), verb: "create", what: "apps:deployments", namespace: "c", allowed: false),
        Case(who: user("r", "system:masters"), verb: "delete", what: "nodes", name: "n", allowed: true),
        Case(who: user("r", "system:masters"), verb: "post", what: "/anything", allowed: true),
        Case(who: .anonymous, verb: "get", what: "/version", allowed: true),
        Case(who: .anonymous, verb: "get", what: "/healthz", allowed: true),
        Case(who: .anonymous, verb: "get", what: "/api", allowed: false),
        Case(who: .anonymous, verb: "get", what: "/metrics", allowed: false),
        Case(who: .anonymous, verb: "list", what: "pods", allowed: false),
        Case(who: jane, verb: "get", what: "/apis/apps/v1", allowed: true),
        Case(who: jane, verb: "get", what: "/openapi/v3/api/v1", allowed: true),
        Case(
            who: jane, verb: "create", what: "authorization.k8s.io:selfsubjectaccessreviews", allowed: true),
        Case(who: jane, verb: "create", what: "authorization.k8s.io:subjectaccessreviews", allowed: false),
        Case(who: user("system:kube-proxy"), verb: "watch", what: "services", allowed: true),
        Case(who: user("system:kube-proxy"), verb: "watch", what: "secrets", allowed: false),
        Case(
            who: user("system:kube-scheduler"), verb: "create", what: "pods/binding", namespace: "x", allowed: true),
        Case(
            who: user("system:kube-scheduler"), verb: "update", what: "coordination.k8s.io:leases",
            namespace: "kube-system", name: "kube-scheduler", allowed: true),
        Case(who: user("system:kube-scheduler"), verb: "get", what: "secrets", namespace: "x", allowed: false),
        Case(
            who: user("system:kube-controller-manager"), verb: "get", what: "configmaps", namespace: "kube-system",
            name: "extension-apiserver-authentication", allowed: true),
        Case(
            who: user("system:serviceaccount:kube-system:endpointslice-controller"), verb: "create",
            what: "discovery.k8s.io:endpointslices", namespace: "x", allowed: true),
        Case(
            who: user("system:serviceaccount:kube-system:endpointslice-controller"), verb: "delete", what: "pods",
            namespace: "x", allowed: false),
        Case(
            who: user("system:serviceaccount:kube-system:generic-garbage-collector"), verb: "delete",
            what: "example.com:widgets", namespace: "x", allowed: true),
        Case(
            who: user("system:serviceaccount:default:x", "system:serviceaccounts"), verb: "get",
            what: "/openid/v1/jwks", allowed: true),
        Case(who: user("system:node:n", "system:nodes"), verb: "get", what: "secrets", namespace: "x", allowed: false),
    ]

    @Test("who may do what", arguments: cases)
    func decisions(_ scenario: Case) {
        #expect(Self.scenario().decide(scenario.request).isAllowed == scenario.allowed)
    }

    @Test(
        "anonymous clients get health, version and discovery, and nothing else",
        arguments: [
            ("get", "/version", true), ("get", "/livez", true), ("get", "/api", true), ("get", "/apis/apps/v1", true),
            ("get", "/openapi/v3", true), ("get", "/metrics", false), ("get", "/openid/v1/jwks", false),
            ("post", "/api", false), ("get", "/logs/x", false),
        ])
    func anonymous(verb: String, path: String, isAllowed: Bool) {
        let authorizer = Authorizer()
        for item in BootstrapPolicy.items {
            authorizer.policy.apply(
                resource: item.resource, namespace: item.namespace, name: item.name, object: item.object)
        }
        let request = AccessRequest(user: .anonymous, verb: verb, path: path)
        #expect(authorizer.decide(request).isAllowed == isAllowed)
        let pods = AccessRequest(user: .anonymous, verb: "list", apiGroup: "", resource: "pods")
        #expect(!authorizer.decide(pods).isAllowed)
        #expect(
            !Authorizer(anonymousDiscovery: false).decide(AccessRequest(user: .anonymous, verb: "get", path: "/api"))
                .isAllowed)
    }

    @Test("an allowed request says which binding allowed it")
    func reasons() {
        let policy = Self.scenario()
        func reason(_ user: User, _ verb: String, _ namespace: String) -> String {
            policy.decide(
                AccessRequest(user: user, verb: verb, apiGroup: "", resource: "pods", namespace: namespace)
            ).reason
        }
        #expect(
            reason(Self.jane, "get", "a")
                == #"RBAC: allowed by ClusterRoleBinding "readers" of ClusterRole "reader" to User "jane""#)
        #expect(
            reason(Self.jane, "delete", "a") == #"RBAC: allowed by RoleBinding "in-a/a" of Role "local" to User "jane""#
        )
        #expect(
            reason(Self.user("system:serviceaccount:a:robot"), "delete", "a")
                == #"RBAC: allowed by RoleBinding "in-a/a" of Role "local" to ServiceAccount "robot/a""#)
        #expect(
            reason(Self.user("d", "developers"), "create", "b")
                == #"RBAC: allowed by RoleBinding "edit-b/b" of ClusterRole "edit" to Group "developers""#)
    }

    @Test("a refusal is upstream's sentence")
    func refusals() {
        func message(_ request: AccessRequest, _ reason: String = "") -> String { request.forbidden(reason).message }
        let x = User(name: "x")
        #expect(
            message(AccessRequest(user: x, verb: "list", apiGroup: "", resource: "pods", namespace: "y"))
                == #"pods is forbidden: User "x" cannot list resource "pods" in API group "" in the namespace "y""#)
        #expect(
            message(
                AccessRequest(
                    user: x, verb: "patch", apiGroup: "apps", resource: "deployments", subresource: "scale",
                    namespace: "y", name: "web"))
                == #"deployments.apps "web" is forbidden: User "x" cannot patch resource "deployments/scale" "#
                + #"in API group "apps" in the namespace "y""#)
        #expect(
            message(AccessRequest(user: x, verb: "list", apiGroup: "", resource: "nodes"))
                == #"nodes is forbidden: User "x" cannot list resource "nodes" in API group "" at the cluster scope"#)
        #expect(
            message(AccessRequest(user: .anonymous, verb: "get", path: "/metrics"))
                == #"forbidden: User "system:anonymous" cannot get path "/metrics""#)
        #expect(
            message(
                AccessRequest(user: x, verb: "get", apiGroup: "", resource: "pods", namespace: "y", name: "p"),
                "because")
                == #"pods "p" is forbidden: User "x" cannot get resource "pods" in API group "" in the namespace "y": because"#
        )
        let status = AccessRequest(user: x, verb: "get", apiGroup: "apps", resource: "deployments", name: "w")
            .forbidden("")
        #expect((status.code, status.reason) == (403, "Forbidden"))
        #expect(status.details?.kind == "deployments" && status.details?.group == "apps")
    }

    @Test("a binding to a role that is missing grants nothing and says so")
    func missing() {
        let policy = RBACPolicy()
        policy.setBinding(
            RoleBinding(
                name: "b", role: RoleReference(kind: .clusterRole, name: "gone"),
                subjects: [RoleSubject(kind: .user, name: "x")]))
        let request = AccessRequest(user: User(name: "x"), verb: "get", apiGroup: "", resource: "pods")
        #expect(policy.decide(request) == .noOpinion(#"RBAC: clusterrole.rbac.authorization.k8s.io "gone" not found"#))
    }

    @Test("changes count at once: bindings and roles come, change and go")
    func changes() {
        let policy = RBACPolicy()
        let request = AccessRequest(
            user: User(name: "x"), verb: "get", apiGroup: "", resource: "pods", namespace: "n")
        func binding(_ user: String) -> JSONValue {
            [
                "metadata": ["name": "b", "namespace": "n"], "roleRef": ["kind": "Role", "name": "r"],
                "subjects": [["kind": "User", "name": .string(user)]],
            ]
        }
        let role: JSONValue = [
            "metadata": ["name": "r"], "rules": [["verbs": ["get"], "apiGroups": [""], "resources": ["pods"]]],
        ]
        policy.apply(resource: "rolebindings", namespace: "n", name: "b", object: binding("x"))
        #expect(!policy.decide(request).isAllowed)
        policy.apply(resource: "roles", namespace: "n", name: "r", object: role)
        #expect(policy.decide(request).isAllowed)
        policy.apply(resource: "rolebindings", namespace: "n", name: "b", object: binding("y"))
        #expect(!policy.decide(request).isAllowed)
        policy.apply(resource: "rolebindings", namespace: "n", name: "b", object: binding("x"))
        policy.apply(resource: "rolebindings", namespace: "n", name: "b", object: binding("x"))
        #expect(policy.decide(request).isAllowed)
        policy.apply(resource: "rolebindings", namespace: "n", name: "b", object: nil)
        #expect(!policy.decide(request).isAllowed)
        policy.apply(resource: "rolebindings", namespace: "n", name: "b", object: binding("x"))
        policy.apply(resource: "rolebindings", namespace: "n", name: "b", object: ["metadata": ["name": "b"]])
        #expect(!policy.decide(request).isAllowed)
    }

    @Test("a decision with the bootstrap set takes microseconds")
    func speed() {
        let policy = Self.scenario()
        let requests = Self.cases.map(\.request)
        var allowed = 0
        let rounds = 300
        let start = ThreadTime.now
        for _ in 0..<rounds {
            for request in requests where policy.decide(request).isAllowed { allowed += 1 }
        }
        let each = (ThreadTime.now - start) / (rounds * requests.count)
        #expect(allowed > 0)
        // A debug build; the release figure is below 1 µs.
        #expect(each < .microseconds(200), "\(each)")
        print("RBAC decision: \(each)")
    }
}
