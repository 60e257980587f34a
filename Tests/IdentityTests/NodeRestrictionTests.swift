import Identity
import JSON
import KubeAPI
import Testing

@Suite("NodeRestriction")
struct NodeRestrictionTests {
    static let user = User(name: "system:node:a", groups: ["system:nodes", "system:authenticated"])
    static let pods = GroupResource(group: "", resource: "pods")

    static func restriction() -> NodeRestriction {
        let stored: [String: JSONValue] = [
            "pods/n/mine": [
                "metadata": ["name": "mine", "namespace": "n", "uid": "u1"],
                "spec": [
                    "nodeName": "a", "serviceAccountName": "web",
                    "volumes": [
                        [
                            "projected": [
                                "sources": [
                                    ["serviceAccountToken": ["path": "t"]],
                                    ["serviceAccountToken": ["path": "v", "audience": "vault"]],
                                ]
                            ]
                        ], ["csi": ["driver": "d"]],
                    ],
                ],
            ],
            "pods/n/other": ["metadata": ["name": "other", "uid": "u2"], "spec": ["nodeName": "b"]],
            "nodes//a": ["metadata": ["name": "a", "uid": "node-uid"]],
            "csidrivers//d": ["spec": ["tokenRequests": [["audience": "cloud"]]]],
        ]
        return NodeRestriction(
            lookup: { stored["\($0.resource)/\($1)/\($2)"] },
            authorize: {
                $0.verb == "request-serviceaccounts-token-audience" && $0.resource == "granted" ? .allow : .noOpinion()
            })
    }

    static func mirror(_ change: (inout JSONValue) -> Void = { _ in }) -> JSONValue {
        var pod: JSONValue = [
            "metadata": [
                "name": "static-a", "namespace": "n", "annotations": ["kubernetes.io/config.mirror": "h"],
                "ownerReferences": [
                    ["apiVersion": "v1", "kind": "Node", "name": "a", "uid": "node-uid", "controller": true]
                ],
            ],
            "spec": ["nodeName": "a"],
        ]
        change(&pod)
        return pod
    }

    static func mirror(spec members: (String, JSONValue)...) -> JSONValue {
        mirror { pod in pod.setMember("spec", .object(JSONObject([("nodeName", "a")] + members))) }
    }

    static func mirror(owner members: (String, JSONValue)...) -> JSONValue {
        mirror { pod in
            var metadata = pod.member("metadata") ?? .null
            var owner = metadata.member("ownerReferences")?.array?[0] ?? .null
            for (key, value) in members { owner.setMember(key, value) }
            metadata.setMember("ownerReferences", [owner])
            pod.setMember("metadata", metadata)
        }
    }

    static func node(_ labels: JSONValue = [:], taints: JSONValue? = nil) -> JSONValue {
        var node: JSONValue = ["metadata": ["name": "a", "labels": labels], "spec": [:]]
        if let taints { node.setMember("spec", ["taints": taints]) }
        return node
    }

    struct Case: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var operation: NodeRestriction.Operation
        var resource: String
        var group = ""
        var subresource = ""
        var namespace = "n"
        var name = ""
        var object: JSONValue?
        var old: JSONValue?
        /// nil: admitted; else what the message ends with.
        var refusal: String?
    }

    static let podCases: [Case] = [
        Case(testDescription: "a mirror pod", operation: .create, resource: "pods", object: mirror()),
        Case(
            testDescription: "a pod that is no mirror", operation: .create, resource: "pods",
            object: ["metadata": ["name": "x"], "spec": ["nodeName": "a"]],
            refusal:
                #"pods "x" is forbidden: pod does not have "kubernetes.io/config.mirror" annotation, node "a" can "#
                + "only create mirror pods"),
        Case(
            testDescription: "a mirror pod for another node", operation: .create, resource: "pods",
            object: mirror { $0.setMember("spec", ["nodeName": "b"]) },
            refusal: #"node "a" can only create pods with spec.nodeName set to itself"#),
        Case(
            testDescription: "owned by another node", operation: .create, resource: "pods",
            object: mirror(owner: ("name", "b")),
            refusal: #"node "a" can only create pods with an owner reference set to itself"#),
        Case(
            testDescription: "owned by an earlier node of the name", operation: .create, resource: "pods",
            object: mirror(owner: ("uid", "old")), refusal: "node a UID mismatch: expected old got node-uid"),
        Case(
            testDescription: "not controlled", operation: .create, resource: "pods",
            object: mirror(owner: ("controller", false)),
            refusal: #"node "a" can only create pods with a controller owner reference set to itself"#),
        Case(
            testDescription: "with a service account", operation: .create, resource: "pods",
            object: mirror(spec: ("serviceAccountName", "web")),
            refusal: #"node "a" can not create pods that reference a service account"#),
        Case(
            testDescription: "with a secret", operation: .create, resource: "pods",
            object: mirror(spec: ("volumes", [["secret": ["secretName": "s"]]])),
            refusal: #"node "a" can not create pods that reference secrets"#),
        Case(
            testDescription: "with a claim", operation: .create, resource: "pods",
            object: mirror(spec: ("volumes", [["persistentVolumeClaim": ["claimName": "s"]]])),
            refusal: #"node "a" can not create pods that reference persistentvolumeclaims"#),
        Case(testDescription: "deleting its own pod", operation: .delete, resource: "pods", name: "mine"),
        Case(
            testDescription: "deleting another's", operation: .delete, resource: "pods", name: "other",
            refusal: #"node "a" can only delete pods with spec.nodeName set to itself"#),
        Case(
            testDescription: "deleting none", operation: .delete, resource: "pods", name: "gone",
            refusal: #"pods "gone" not found"#),
        Case(
            testDescription: "updating a pod", operation: .update, resource: "pods", name: "mine",
            refusal: #"unexpected operation "UPDATE", node "a" can only create and delete mirror pods"#),
        Case(
            testDescription: "status of its own", operation: .update, resource: "pods", subresource: "status",
            object: ["spec": ["nodeName": "a"], "status": ["phase": "Running"]], old: ["spec": ["nodeName": "a"]]),
        Case(
            testDescription: "status of another's", operation: .update, resource: "pods", subresource: "status",
            object: ["spec": ["nodeName": "a"]], old: ["spec": ["nodeName": "b"]],
            refusal: #"node "a" can only update pod status for pods with spec.nodeName set to itself"#),
        Case(
            testDescription: "labels through the status", operation: .update, resource: "pods", subresource: "status",
            object: ["metadata": ["labels": ["x": "y"]], "spec": ["nodeName": "a"]], old: ["spec": ["nodeName": "a"]],
            refusal: #"node "a" cannot update labels through pod status"#),
        Case(
            testDescription: "evicting its own", operation: .create, resource: "pods", subresource: "eviction",
            name: "mine"),
        Case(
            testDescription: "evicting another's", operation: .create, resource: "pods", subresource: "eviction",
            name: "other", refusal: "node a can only evict pods with spec.nodeName set to itself"),
        Case(
            testDescription: "binding a pod", operation: .create, resource: "pods", subresource: "binding",
            name: "mine",
            refusal: #"unexpected pod subresource "binding", only 'status' and 'eviction' are allowed"#),
    ]

    static func token(_ members: (String, JSONValue)..., audiences: JSONValue = []) -> JSONValue {
        let reference = JSONObject([("apiVersion", "v1"), ("kind", "Pod"), ("name", "mine"), ("uid", "u1")] + members)
        return ["spec": ["boundObjectRef": .object(reference), "audiences": audiences]]
    }

    static let otherCases: [Case] = [
        Case(
            testDescription: "its Node", operation: .create, resource: "nodes",
            object: node(["kubernetes.io/os": "linux"])),
        Case(
            testDescription: "another Node", operation: .update, resource: "nodes", name: "b",
            refusal: #"nodes "b" is forbidden: node "a" is not allowed to modify node "b""#),
        Case(
            testDescription: "registering with labels that steer", operation: .create, resource: "nodes",
            object: node([
                "node-restriction.kubernetes.io/x": "1", "example.com/y": "1", "foo.k8s.io/z": "1",
                "node-role.kubernetes.io/control-plane": "",
            ]),
            refusal: #"node "a" is not allowed to set the following labels: foo.k8s.io/z, "#
                + "node-restriction.kubernetes.io/x, node-role.kubernetes.io/control-plane"),
        Case(
            testDescription: "labels of its own", operation: .update, resource: "nodes", name: "a",
            object: node(["kubelet.kubernetes.io/x": "1", "a.node.kubernetes.io/y": "1", "z": "1"]), old: node()),
        Case(
            testDescription: "removing a label that steers", operation: .update, resource: "nodes", name: "a",
            object: node(), old: node(["a.node-restriction.kubernetes.io/x": "1"]),
            refusal: "is not allowed to modify labels: a.node-restriction.kubernetes.io/x"),
        Case(
            testDescription: "removing its taints", operation: .update, resource: "nodes", name: "a", object: node(),
            old: node(taints: [["key": "x"]]), refusal: #"node "a" is not allowed to modify taints"#),
        Case(
            testDescription: "empty taints are none", operation: .update, resource: "nodes", name: "a",
            object: node(taints: []), old: node()),
        Case(
            testDescription: "its lease", operation: .create, resource: "leases", group: "coordination.k8s.io",
            namespace: "kube-node-lease", object: ["metadata": ["name": "a"]]),
        Case(
            testDescription: "another's lease", operation: .create, resource: "leases", group: "coordination.k8s.io",
            namespace: "kube-node-lease", object: ["metadata": ["name": "b"]],
            refusal: "can only access node lease with the same name as the requesting node"),
        Case(
            testDescription: "another's CSINode", operation: .update, resource: "csinodes", group: "storage.k8s.io",
            name: "b", refusal: "can only access CSINode with the same name as the requesting node"),
        Case(
            testDescription: "a claim's status", operation: .update, resource: "persistentvolumeclaims",
            subresource: "status", object: ["status": ["capacity": ["storage": "2Gi"]]], old: ["status": [:]]),
        Case(
            testDescription: "a claim's phase", operation: .update, resource: "persistentvolumeclaims",
            subresource: "status", object: ["status": ["phase": "Bound"]], old: ["status": [:]],
            refusal: "status.capacity and status.conditions"),
        Case(
            testDescription: "a claim itself", operation: .update, resource: "persistentvolumeclaims",
            refusal: "may only update PVC status"),
        Case(
            testDescription: "its slice", operation: .create, resource: "resourceslices", group: "resource.k8s.io",
            object: ["spec": ["nodeName": "a"]]),
        Case(
            testDescription: "another's slice", operation: .delete, resource: "resourceslices",
            group: "resource.k8s.io", name: "x", old: ["spec": ["nodeName": "b"]],
            refusal: "can only delete ResourceSlice with the same NodeName as the requesting node"),
        Case(
            testDescription: "a pod's token", operation: .create, resource: "serviceaccounts", subresource: "token",
            name: "web", object: token()),
        Case(
            testDescription: "a token not bound", operation: .create, resource: "serviceaccounts", subresource: "token",
            name: "web", object: ["spec": [:]], refusal: "node requested token not bound to a pod"),
        Case(
            testDescription: "a token without a uid", operation: .create, resource: "serviceaccounts",
            subresource: "token", name: "web", object: token(("uid", "")),
            refusal: "node requested token with a pod binding without a uid"),
        Case(
            testDescription: "a token for an earlier pod", operation: .create, resource: "serviceaccounts",
            subresource: "token", name: "web", object: token(("uid", "old")),
            refusal: "The object might have been deleted and then recreated"),
        Case(
            testDescription: "a token for another node's pod", operation: .create, resource: "serviceaccounts",
            subresource: "token", name: "web", object: token(("name", "other"), ("uid", "u2")),
            refusal: "node requested token bound to a pod scheduled on a different node"),
        Case(
            testDescription: "an audience of a volume", operation: .create, resource: "serviceaccounts",
            subresource: "token", name: "web", object: token(audiences: ["vault"])),
        Case(
            testDescription: "an audience of a CSI driver", operation: .create, resource: "serviceaccounts",
            subresource: "token", name: "web", object: token(audiences: ["cloud"])),
        Case(
            testDescription: "an audience that RBAC grants", operation: .create, resource: "serviceaccounts",
            subresource: "token", name: "web", object: token(audiences: ["granted"])),
        Case(
            testDescription: "any other audience", operation: .create, resource: "serviceaccounts",
            subresource: "token", name: "web", object: token(audiences: ["x"]),
            refusal: #"audience "x" not found in pod spec volume"#),
        Case(testDescription: "anything else", operation: .create, resource: "events", object: [:]),
    ]

    @Test("what a node may write", arguments: podCases + otherCases)
    func table(_ scenario: Case) {
        let write = NodeRestriction.Write(
            user: Self.user, operation: scenario.operation,
            resource: GroupResource(group: scenario.group, resource: scenario.resource),
            subresource: scenario.subresource, namespace: scenario.namespace, name: scenario.name,
            object: scenario.object, old: scenario.old)
        var message: String?
        do throws(APIStatus) { try Self.restriction().admit(write) } catch { message = error.message }
        if let refusal = scenario.refusal {
            #expect(message?.hasSuffix(refusal) == true, "\(message ?? "admitted")")
        } else {
            #expect(message == nil)
        }
    }

    @Test("others are not restricted")
    func others() throws {
        try Self.restriction().admit(
            NodeRestriction.Write(user: User(name: "jane"), operation: .delete, resource: Self.pods, name: "other"))
    }
}
