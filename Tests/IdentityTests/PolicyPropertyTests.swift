import Identity
import JSON
import KubeAPI
import TestSupport
import Testing

/// The indexes say what a walk through everything says, after any changes.
@Suite("Policy after random changes")
struct PolicyPropertyTests {
    static let users = ["ann", "bob", "system:serviceaccount:a:x", "system:serviceaccount:b:x"]
    static let groups = ["ops", "devs", "system:authenticated"]
    static let namespaces = ["", "a", "b"]
    static let verbs = ["get", "list", "delete", "use", "*"]
    static let resources = ["pods", "pods/log", "*/log", "*", "services"]
    static let apiGroups = ["", "apps", "*"]
    static let paths = ["/x", "/x/*", "*", "/y"]

    struct Model {
        var roles: [String: [PolicyRule]] = [:]
        var bindings: [String: RoleBinding] = [:]

        func allows(_ request: AccessRequest) -> Bool {
            bindings.values.contains { binding in
                guard binding.namespace.isEmpty || binding.namespace == request.namespace,
                    binding.subjects.contains(where: { covers($0, binding, request.user) })
                else { return false }
                let place = binding.role.kind == .clusterRole ? "" : binding.namespace
                return roles["\(place)/\(binding.role.name)"]?.contains { covers($0, request) } ?? false
            }
        }

        private func covers(_ subject: RoleSubject, _ binding: RoleBinding, _ user: User) -> Bool {
            switch subject.kind {
            case .user: return subject.name == user.name
            case .group: return user.groups.contains(subject.name)
            case .serviceAccount:
                let namespace = subject.namespace.isEmpty ? binding.namespace : subject.namespace
                return !namespace.isEmpty && user.name == "system:serviceaccount:\(namespace):\(subject.name)"
            }
        }

        private func covers(_ rule: PolicyRule, _ request: AccessRequest) -> Bool {
            guard rule.verbs.contains("*") || rule.verbs.contains(request.verb) else { return false }
            if case .path(let path) = request.target {
                return rule.nonResourceURLs.contains { url in
                    url == path || url.hasSuffix("*") && path.hasPrefix(url.dropLast())
                }
            }
            let resource = request.resource + (request.subresource.isEmpty ? "" : "/\(request.subresource)")
            return (rule.apiGroups.contains("*") || rule.apiGroups.contains(request.apiGroup))
                && rule.resources.contains { held in
                    held == "*" || held == resource
                        || !request.subresource.isEmpty && held == "*/\(request.subresource)"
                } && (rule.resourceNames.isEmpty || rule.resourceNames.contains(request.name))
        }
    }

    @Test("a decision is that of a walk through all bindings")
    func decisions() {
        var random = SeededGenerator()
        func pick<Element>(_ list: [Element]) -> Element { list[Int.random(in: 0..<list.count, using: &random)] }
        func some(_ list: [String]) -> [String] { list.filter { _ in Bool.random(using: &random) } }
        func rule() -> PolicyRule {
            Int.random(in: 0..<4, using: &random) == 0
                ? PolicyRule(verbs: some(Self.verbs), nonResourceURLs: some(Self.paths))
                : PolicyRule(
                    verbs: some(Self.verbs), apiGroups: some(Self.apiGroups), resources: some(Self.resources),
                    resourceNames: Bool.random(using: &random) ? [] : some(["one", "two"]))
        }
        func subject() -> RoleSubject {
            switch Int.random(in: 0..<3, using: &random) {
            case 0: RoleSubject(kind: .user, name: pick(Self.users))
            case 1: RoleSubject(kind: .group, name: pick(Self.groups))
            default: RoleSubject(kind: .serviceAccount, name: "x", namespace: pick(Self.namespaces))
            }
        }
        let policy = RBACPolicy()
        var model = Model()
        for _ in 0..<4000 {
            let (namespace, name) = (pick(Self.namespaces), pick(["r1", "r2", "r3"]))
            switch Int.random(in: 0..<6, using: &random) {
            case 0:
                policy.removeRole(namespace: namespace, name: name)
                model.roles["\(namespace)/\(name)"] = nil
            case 1:
                policy.removeBinding(namespace: namespace, name: name)
                model.bindings["\(namespace)/\(name)"] = nil
            case 2, 3:
                let rules = (0..<2).map { _ in rule() }
                policy.setRole(namespace: namespace, name: name, rules: rules)
                model.roles["\(namespace)/\(name)"] = rules
            default:
                let kind: RoleReference.Kind = namespace.isEmpty || Bool.random(using: &random) ? .clusterRole : .role
                let binding = RoleBinding(
                    name: name, namespace: namespace, role: RoleReference(kind: kind, name: pick(["r1", "r2", "r3"])),
                    subjects: (0..<Int.random(in: 0..<4, using: &random)).map { _ in subject() })
                policy.setBinding(binding)
                model.bindings["\(namespace)/\(name)"] = binding
            }
            let user = User(name: pick(Self.users), groups: some(Self.groups))
            let request =
                Int.random(in: 0..<5, using: &random) == 0
                ? AccessRequest(user: user, verb: pick(["get", "use"]), path: pick(["/x", "/x/y", "/z", "/y/z"]))
                : AccessRequest(
                    user: user, verb: pick(["get", "list", "delete", "use", "odd"]), apiGroup: pick(["", "apps", "x"]),
                    resource: pick(["pods", "services", "other"]), subresource: pick(["", "", "log", "exec"]),
                    namespace: pick(Self.namespaces), name: pick(["", "one", "three"]))
            #expect(policy.decide(request).isAllowed == model.allows(request), "seed \(random.seed): \(request)")
        }
    }

    @Test("what a node may read is what a walk through all pods and volumes says")
    func nodes() {
        var random = SeededGenerator()
        func pick<Element>(_ list: [Element]) -> Element { list[Int.random(in: 0..<list.count, using: &random)] }
        let secrets = ["s1", "s2", "s3"]
        let claims = ["c1", "c2"]
        let authorizer = Authorizer()
        /// Node, secrets, claims by pod; claim and secret by volume.
        var pods: [String: (node: String, secrets: [String], claims: [String])] = [:]
        var volumes: [String: (claim: String, secret: String)] = [:]
        for _ in 0..<3000 {
            if Bool.random(using: &random) {
                let name = pick(["p1", "p2", "p3"])
                if Int.random(in: 0..<4, using: &random) == 0 {
                    pods[name] = nil
                    authorizer.graph.apply(resource: "pods", namespace: "n", name: name, object: nil)
                } else {
                    let pod = (
                        node: pick(["", "a", "b"]), secrets: secrets.filter { _ in Bool.random(using: &random) },
                        claims: claims.filter { _ in Bool.random(using: &random) }
                    )
                    pods[name] = pod
                    let mounts: [JSONValue] =
                        pod.secrets.map { ["secret": ["secretName": .string($0)]] }
                        + pod.claims.map { ["persistentVolumeClaim": ["claimName": .string($0)]] }
                    authorizer.graph.apply(
                        resource: "pods", namespace: "n", name: name,
                        object: ["spec": ["nodeName": .string(pod.node), "volumes": .array(mounts)]])
                }
            } else {
                let name = pick(["v1", "v2"])
                if Int.random(in: 0..<4, using: &random) == 0 {
                    volumes[name] = nil
                    authorizer.graph.apply(resource: "persistentvolumes", namespace: "", name: name, object: nil)
                } else {
                    let volume = (claim: pick(claims), secret: pick(secrets))
                    volumes[name] = volume
                    authorizer.graph.apply(
                        resource: "persistentvolumes", namespace: "", name: name,
                        object: [
                            "spec": [
                                "claimRef": ["namespace": "n", "name": .string(volume.claim)],
                                "csi": ["nodeStageSecretRef": ["namespace": "n", "name": .string(volume.secret)]],
                            ]
                        ])
                }
            }
            let (node, secret) = (pick(["a", "b"]), pick(secrets))
            let isRead = pods.values.contains { pod in
                pod.node == node
                    && (pod.secrets.contains(secret)
                        || volumes.values.contains { $0.secret == secret && pod.claims.contains($0.claim) })
            }
            let request = AccessRequest(
                user: User(name: "system:node:\(node)", groups: ["system:nodes"]), verb: "get", apiGroup: "",
                resource: "secrets", namespace: "n", name: secret)
            #expect(authorizer.decide(request).isAllowed == isRead, "seed \(random.seed)")
        }
    }
}
