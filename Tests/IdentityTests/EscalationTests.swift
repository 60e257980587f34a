import Identity
import JSON
import KubeAPI
import Testing

@Suite("Nobody grants what they do not hold")
struct EscalationTests {
    /// jane may write roles and bindings in "a", and holds what `view` grants there; ann may bind `edit` anywhere and
    /// escalate roles in "a".
    static func check() -> EscalationCheck {
        let policy = RBACTests.bootstrapped()
        let group = "rbac.authorization.k8s.io"
        policy.setRole(
            namespace: "a", name: "writer",
            rules: [
                PolicyRule(verbs: ["*"], apiGroups: [group], resources: ["roles", "rolebindings"]),
                PolicyRule(verbs: ["get", "list"], apiGroups: [""], resources: ["pods"], resourceNames: ["p"]),
            ])
        policy.setBinding(
            RoleBinding(
                name: "j", namespace: "a", role: RoleReference(kind: .clusterRole, name: "view"),
                subjects: [RoleSubject(kind: .user, name: "jane")]))
        policy.setRole(
            namespace: "", name: "binder",
            rules: [
                PolicyRule(verbs: ["bind"], apiGroups: [group], resources: ["clusterroles"], resourceNames: ["edit"]),
                PolicyRule(verbs: ["escalate"], apiGroups: [group], resources: ["roles"]),
            ])
        policy.setBinding(
            RoleBinding(
                name: "b", role: RoleReference(kind: .clusterRole, name: "binder"),
                subjects: [RoleSubject(kind: .user, name: "ann")]))
        return EscalationCheck(policy: policy, authorize: policy.decide)
    }

    static let jane = User(name: "jane", groups: ["system:authenticated"])
    static let ann = User(name: "ann", groups: ["system:authenticated"])

    static func role(_ rules: PolicyRule..., labels: JSONValue = [:]) -> JSONValue {
        ["metadata": ["name": "r", "namespace": "a", "labels": labels], "rules": .array(rules.map(\.json))]
    }

    static func binding(_ kind: String, _ name: String) -> JSONValue {
        [
            "metadata": ["name": "b", "namespace": "a"], "roleRef": ["kind": .string(kind), "name": .string(name)],
            "subjects": [["kind": "User", "name": "x"]],
        ]
    }

    static let readPods = PolicyRule(verbs: ["get", "list"], apiGroups: [""], resources: ["pods"])
    static let writePods = PolicyRule(verbs: ["get", "create", "delete"], apiGroups: [""], resources: ["pods"])

    struct Case: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var user: User
        var resource = "roles"
        var namespace = "a"
        var object: JSONValue
        var old: JSONValue?
        /// nil: it passes.
        var code: Int?
    }

    static let cases: [Case] = [
        Case(testDescription: "what one holds", user: jane, object: role(readPods), code: nil),
        Case(testDescription: "more than one holds", user: jane, object: role(writePods), code: 403),
        Case(
            testDescription: "a single object of what one holds", user: jane,
            object: role(PolicyRule(verbs: ["get"], apiGroups: [""], resources: ["pods"], resourceNames: ["x"])),
            code: nil),
        Case(
            testDescription: "everything", user: jane,
            object: role(PolicyRule(verbs: ["*"], apiGroups: ["*"], resources: ["*"])), code: 403),
        Case(testDescription: "another namespace", user: jane, namespace: "b", object: role(readPods), code: 403),
        Case(testDescription: "escalate allows it", user: ann, object: role(writePods), code: nil),
        Case(
            testDescription: "escalate on roles is not for clusterroles", user: ann, resource: "clusterroles",
            namespace: "", object: role(writePods), code: 403),
        Case(
            testDescription: "masters may", user: User(name: "m", groups: ["system:masters"]),
            object: role(writePods), code: nil),
        Case(
            testDescription: "an unchanged role with more than one holds, relabelled", user: jane,
            object: role(writePods, labels: ["x": "y"]), old: role(writePods), code: 403),
        Case(
            testDescription: "nothing but a finalizer changes", user: jane,
            object: {
                var object = role(writePods)
                object.setMember(
                    "metadata",
                    ["name": "r", "namespace": "a", "labels": [:], "finalizers": ["x"], "resourceVersion": "2"])
                return object
            }(), old: role(writePods), code: nil),
        Case(
            testDescription: "an aggregated role is everything", user: jane, resource: "clusterroles", namespace: "",
            object: ["metadata": ["name": "r"], "aggregationRule": ["clusterRoleSelectors": []], "rules": []],
            code: 403),
        Case(
            testDescription: "binding what one holds", user: jane, resource: "rolebindings",
            object: binding("ClusterRole", "view"), code: nil),
        Case(
            testDescription: "binding more", user: jane, resource: "rolebindings",
            object: binding("ClusterRole", "edit"), code: 403),
        Case(
            testDescription: "bind allows it", user: ann, resource: "rolebindings",
            object: binding("ClusterRole", "edit"), code: nil),
        Case(
            testDescription: "bind of another role", user: ann, resource: "rolebindings",
            object: binding("ClusterRole", "admin"), code: 403),
        Case(
            testDescription: "binding for the whole cluster", user: jane, resource: "clusterrolebindings",
            namespace: "", object: binding("ClusterRole", "view"), code: 403),
        Case(
            testDescription: "binding a role that is not there", user: jane, resource: "rolebindings",
            object: binding("Role", "gone"), code: 404),
        Case(testDescription: "other resources", user: jane, resource: "pods", object: [:], code: nil),
    ]

    @Test("who may write which role", arguments: cases)
    func table(_ scenario: Case) {
        var code: Int?
        do throws(APIStatus) {
            try Self.check().check(
                resource: scenario.resource, namespace: scenario.namespace, object: scenario.object, old: scenario.old,
                user: scenario.user)
        } catch {
            code = error.code
        }
        #expect(code == scenario.code)
    }

    @Test("the refusal lists what is missing, as upstream does")
    func message() {
        let status = #expect(throws: APIStatus.self) {
            try Self.check().check(
                resource: "roles", namespace: "a", object: Self.role(Self.writePods), old: nil, user: Self.jane)
        }
        #expect(
            status?.message
                == #"roles.rbac.authorization.k8s.io "r" is forbidden: user "jane" (groups=["system:authenticated"]) "#
                + "is attempting to grant RBAC permissions not currently held:\n"
                + #"{APIGroups:[""], Resources:["pods"], Verbs:["create" "delete"]}"#)
    }

    @Test(
        "rules cover others when each part of them is covered",
        arguments: [
            (["get"], [""], ["pods"], [String](), ["*"], ["*"], ["*"], [String](), true),
            (["get"], [""], ["pods/log"], [], ["get"], [""], ["pods"], [], false),
            (["get"], [""], ["pods/log"], [], ["get"], [""], ["*/log"], [], true),
            (["get"], ["a", "b"], ["x"], [], ["get"], ["a"], ["x"], [], false),
            (["get"], [""], ["x"], [], ["get"], [""], ["x"], ["one"], false),
            (["get"], [""], ["x"], ["one"], ["get"], [""], ["x"], ["one", "two"], true),
            (["get"], [""], ["x"], ["one", "three"], ["get"], [""], ["x"], ["one", "two"], false),
        ])
    func coverage(
        _ verbs: [String], _ groups: [String], _ resources: [String], _ names: [String], _ heldVerbs: [String],
        _ heldGroups: [String], _ heldResources: [String], _ heldNames: [String], _ covered: Bool
    ) {
        let wanted = PolicyRule(verbs: verbs, apiGroups: groups, resources: resources, resourceNames: names)
        let held = PolicyRule(
            verbs: heldVerbs, apiGroups: heldGroups, resources: heldResources, resourceNames: heldNames)
        #expect(RuleCoverage.missing([wanted], from: [held]).isEmpty == covered)
    }

    @Test("labels decide which roles are aggregated, in the order of their names")
    func aggregation() {
        func role(_ name: String, _ labels: JSONValue, _ resource: String) -> JSONValue {
            let rule = PolicyRule(verbs: ["get"], apiGroups: [""], resources: [resource])
            return ["metadata": ["name": .string(name), "labels": labels], "rules": [rule.json]]
        }
        let all: JSONValue = [
            "metadata": ["name": "all", "labels": ["to": "x"]],
            "aggregationRule": [
                "clusterRoleSelectors": [
                    ["matchLabels": ["to": "x"]],
                    ["matchExpressions": [["key": "tier", "operator": "In", "values": ["1", "2"]]]],
                ]
            ],
        ]
        let roles = [
            role("z", ["to": "x"], "z"), role("b", ["to": "x"], "b"), role("c", ["to": "y"], "c"),
            role("d", ["tier": "2"], "d"), role("e", ["to": "x"], "b"), all,
        ]
        #expect(RoleAggregation.rules(of: all, from: roles)?.map(\.resources) == [["b"], ["z"], ["d"]])
        #expect(RoleAggregation.rules(of: roles[0], from: roles) == nil)
    }
}
