import Identity
import JSON
import KubeAPI
import Testing

@Suite("Nodes")
struct NodeTests {
    static func pod(_ name: String, _ node: String, _ spec: [(String, JSONValue)] = [], mirror: Bool = false)
        -> JSONValue
    {
        let annotations: JSONValue = mirror ? ["kubernetes.io/config.mirror": "x"] : [:]
        return [
            "metadata": [
                "name": .string(name), "namespace": "n", "uid": .string("uid-\(name)"), "annotations": annotations,
            ],
            "spec": .object(JSONObject([("nodeName", .string(node))] + spec)),
        ]
    }

    /// Node a runs pod p, which refers to one of everything; node b runs q.
    static func authorizer() -> Authorizer {
        let authorizer = Authorizer()
        for item in BootstrapPolicy.items {
            authorizer.policy.apply(
                resource: item.resource, namespace: item.namespace, name: item.name, object: item.object)
        }
        let spec: [(String, JSONValue)] = [
            ("serviceAccountName", "web"), ("imagePullSecrets", [["name": "pull"]]),
            (
                "containers",
                [
                    [
                        "envFrom": [["configMapRef": ["name": "env-map"]], ["secretRef": ["name": "env-secret"]]],
                        "env": [
                            ["valueFrom": ["secretKeyRef": ["name": "key-secret"]]],
                            ["valueFrom": ["configMapKeyRef": ["name": "key-map"]]],
                        ],
                    ]
                ]
            ),
            ("initContainers", [["envFrom": [["secretRef": ["name": "init-secret"]]]]]),
            (
                "volumes",
                [
                    ["secret": ["secretName": "volume-secret"]], ["configMap": ["name": "volume-map"]],
                    ["projected": ["sources": [["secret": ["name": "projected-secret"]]]]],
                    ["persistentVolumeClaim": ["claimName": "claim"]], ["name": "scratch", "ephemeral": [:]],
                ]
            ),
            ("resourceClaims", [["name": "gpu", "resourceClaimName": "gpu-claim"]]),
        ]
        let graph = authorizer.graph
        graph.apply(resource: "pods", namespace: "n", name: "p", object: pod("p", "a", spec))
        graph.apply(resource: "pods", namespace: "n", name: "q", object: pod("q", "b"))
        graph.apply(
            resource: "pods", namespace: "n", name: "m",
            object: pod("m", "a", [("imagePullSecrets", [["name": "mirror-secret"]])], mirror: true))
        graph.apply(
            resource: "persistentvolumes", namespace: "", name: "pv",
            object: [
                "spec": [
                    "claimRef": ["namespace": "n", "name": "claim"],
                    "csi": ["nodePublishSecretRef": ["name": "csi-secret", "namespace": "csi"]],
                ]
            ])
        graph.apply(
            resource: "volumeattachments", namespace: "", name: "va", object: ["spec": ["nodeName": "a"]])
        return authorizer
    }

    static let none = "no relationship found between node 'a' and this object"

    struct Case: Sendable, CustomTestStringConvertible {
        var verb: String
        var what: String
        var namespace = "n"
        var name = ""
        var fields: [String: String] = [:]
        /// nil: allowed.
        var reason: String?
        var testDescription: String { "\(verb) \(what) \(namespace)/\(name) \(fields)" }
    }

    static let cases: [Case] = [
        Case(verb: "get", what: "secrets", name: "pull"), Case(verb: "list", what: "secrets", name: "env-secret"),
        Case(verb: "watch", what: "secrets", name: "key-secret"),
        Case(verb: "get", what: "secrets", name: "init-secret"),
        Case(verb: "get", what: "secrets", name: "volume-secret"),
        Case(verb: "get", what: "secrets", name: "projected-secret"),
        Case(verb: "get", what: "secrets", namespace: "csi", name: "csi-secret"),
        Case(verb: "get", what: "secrets", name: "other", reason: none),
        Case(verb: "get", what: "secrets", namespace: "x", name: "pull", reason: none),
        Case(verb: "get", what: "secrets", name: "mirror-secret", reason: none),
        Case(verb: "list", what: "secrets", reason: "No Object name found"),
        Case(
            verb: "list", what: "secrets", namespace: "", reason: "can only read namespaced object of this type"),
        Case(verb: "update", what: "secrets", name: "pull", reason: "can only read resources of this type"),
        Case(verb: "get", what: "configmaps", name: "env-map"), Case(verb: "get", what: "configmaps", name: "key-map"),
        Case(verb: "watch", what: "configmaps", name: "volume-map"),
        Case(verb: "get", what: "configmaps", name: "other", reason: none),
        Case(verb: "get", what: "persistentvolumeclaims", name: "claim"),
        Case(verb: "get", what: "persistentvolumeclaims", name: "p-scratch"),
        Case(verb: "get", what: "persistentvolumeclaims", name: "x", reason: none),
        Case(
            verb: "list", what: "persistentvolumeclaims", name: "claim",
            reason: "can only get individual resources of this type"),
        Case(verb: "patch", what: "persistentvolumeclaims/status", name: "claim"),
        Case(verb: "patch", what: "persistentvolumeclaims/status", name: "x", reason: none),
        Case(verb: "get", what: "persistentvolumes", namespace: "", name: "pv"),
        Case(verb: "get", what: "persistentvolumes", namespace: "", name: "x", reason: none),
        Case(verb: "get", what: "resource.k8s.io:resourceclaims", name: "gpu-claim"),
        Case(verb: "get", what: "storage.k8s.io:volumeattachments", namespace: "", name: "va"),
        Case(verb: "get", what: "storage.k8s.io:volumeattachments", namespace: "", name: "vb", reason: none),
        Case(verb: "create", what: "serviceaccounts/token", name: "web"),
        Case(verb: "create", what: "serviceaccounts/token", name: "other", reason: none),
        Case(
            verb: "create", what: "serviceaccounts", name: "web",
            reason: "can only create token subresource of serviceaccount"),
        Case(verb: "get", what: "serviceaccounts", name: "web"),
        Case(verb: "update", what: "coordination.k8s.io:leases", namespace: "kube-node-lease", name: "a"),
        Case(verb: "create", what: "coordination.k8s.io:leases", namespace: "kube-node-lease"),
        Case(
            verb: "update", what: "coordination.k8s.io:leases", namespace: "kube-node-lease", name: "b",
            reason: "can only access node lease with the same name as the requesting node"),
        Case(
            verb: "get", what: "coordination.k8s.io:leases", namespace: "kube-system", name: "a",
            reason: #"can only access leases in the "kube-node-lease" system namespace"#),
        Case(verb: "patch", what: "storage.k8s.io:csinodes", namespace: "", name: "a"),
        Case(
            verb: "patch", what: "storage.k8s.io:csinodes", namespace: "", name: "b",
            reason: "can only access CSINode with the same name as the requesting node"),
        Case(verb: "get", what: "nodes", namespace: "", name: "a"),
        Case(verb: "watch", what: "nodes", namespace: "", fields: ["metadata.name": "a"]),
        Case(
            verb: "get", what: "nodes", namespace: "", name: "b",
            reason: "node 'a' cannot read 'b', only its own Node object"),
        Case(
            verb: "list", what: "nodes", namespace: "",
            reason: "node 'a' cannot read all nodes, only its own Node object"),
        Case(verb: "create", what: "nodes", namespace: ""),
        Case(verb: "patch", what: "nodes/status", namespace: "", name: "a"),
        Case(verb: "delete", what: "nodes", namespace: "", name: "a", reason: ""),
        Case(verb: "list", what: "pods", namespace: "", fields: ["spec.nodeName": "a"]),
        Case(
            verb: "list", what: "pods", namespace: "", fields: ["spec.nodeName": "b"],
            reason: "can only list/watch pods with spec.nodeName field selector"),
        Case(verb: "get", what: "pods", name: "p"), Case(verb: "get", what: "pods", name: "q", reason: none),
        Case(verb: "patch", what: "pods/status", name: "p"), Case(verb: "create", what: "pods/eviction", name: "p"),
        Case(verb: "create", what: "pods/exec", name: "p", reason: ""),
        Case(verb: "list", what: "services", namespace: ""), Case(verb: "create", what: "events"),
        Case(verb: "delete", what: "services", name: "x", reason: ""),
        Case(verb: "create", what: "apps:deployments", reason: ""),
        Case(
            verb: "list", what: "resource.k8s.io:resourceslices", namespace: "", fields: ["spec.nodeName": "a"]),
        Case(verb: "create", what: "certificates.k8s.io:certificatesigningrequests", namespace: ""),
    ]

    @Test("what node a may do", arguments: cases)
    func table(_ scenario: Case) {
        let parts = scenario.what.split(separator: ":").map(String.init)
        let resource = parts[parts.count - 1].split(separator: "/").map(String.init)
        let request = AccessRequest(
            user: User(name: "system:node:a", groups: ["system:nodes", "system:authenticated"]), verb: scenario.verb,
            apiGroup: parts.count > 1 ? parts[0] : "", resource: resource[0],
            subresource: resource.count > 1 ? resource[1] : "", namespace: scenario.namespace, name: scenario.name,
            fieldRequirements: scenario.fields)
        let decision = Self.authorizer().decide(request)
        #expect(decision.isAllowed == (scenario.reason == nil), "\(decision.reason)")
        if let reason = scenario.reason { #expect(decision.reason == reason) }
    }

    @Test("a node's rights end with the pod, and move with it")
    func changes() {
        let authorizer = Self.authorizer()
        func may(_ node: String, _ kind: String = "secrets", _ name: String = "pull", in namespace: String = "n")
            -> Bool
        {
            authorizer.decide(
                AccessRequest(
                    user: User(name: "system:node:\(node)", groups: ["system:nodes"]), verb: "get", apiGroup: "",
                    resource: kind, namespace: namespace, name: name)
            ).isAllowed
        }
        #expect(may("a") && !may("b"))
        let other = Self.pod("q", "b", [("imagePullSecrets", [["name": "pull"]])])
        authorizer.graph.apply(resource: "pods", namespace: "n", name: "q", object: other)
        #expect(may("a") && may("b"))
        #expect(may("a", "secrets", "csi-secret", in: "csi"))
        authorizer.graph.apply(resource: "pods", namespace: "n", name: "p", object: nil)
        #expect(!may("a") && may("b"))
        #expect(!may("a", "secrets", "csi-secret", in: "csi") && !may("a", "persistentvolumes", "pv", in: ""))
        authorizer.graph.apply(resource: "pods", namespace: "n", name: "q", object: Self.pod("q", ""))
        #expect(!may("b"))
        authorizer.graph.apply(resource: "persistentvolumes", namespace: "", name: "pv", object: nil)
    }

    @Test("only system:node: users of the group system:nodes are nodes")
    func identity() {
        let authorizer = Self.authorizer()
        for user in [
            User(name: "system:node:a", groups: ["system:authenticated"]), User(name: "a", groups: ["system:nodes"]),
            User(name: "system:node:", groups: ["system:nodes"]),
        ] {
            let request = AccessRequest(
                user: user, verb: "get", apiGroup: "", resource: "secrets", namespace: "n", name: "pull")
            #expect(!authorizer.decide(request).isAllowed, "\(user.name)")
        }
    }
}
