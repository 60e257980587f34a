import Identity
import JSON
import Testing

@Suite("The bootstrap policy")
struct BootstrapPolicyTests {
    static func item(_ resource: String, _ name: String) -> BootstrapPolicy.Item? {
        BootstrapPolicy.items.first { $0.resource == resource && $0.name == name }
    }

    @Test("every binding refers to a role that is there, and every object is labelled and annotated")
    func complete() {
        for item in BootstrapPolicy.items {
            let metadata = item.object.member("metadata")
            #expect(metadata?.member(at: "labels", "kubernetes.io/bootstrapping")?.string == "rbac-defaults")
            #expect(
                metadata?.member(at: "annotations", "rbac.authorization.kubernetes.io/autoupdate")?.string == "true")
            guard item.resource.hasSuffix("bindings") else { continue }
            let kind = item.object.member(at: "roleRef", "kind")?.string
            let role = item.object.member(at: "roleRef", "name")?.string ?? ""
            #expect(
                BootstrapPolicy.items.contains {
                    $0.resource == (kind == "Role" ? "roles" : "clusterroles") && $0.name == role
                        && $0.namespace == item.namespace
                }, "\(item.name)")
        }
    }

    @Test("no rule is empty or has a word of the table's left in it")
    func words() {
        for item in BootstrapPolicy.items where item.resource.hasSuffix("roles") {
            for rule in PolicyRule.list(item.object.member("rules")) {
                #expect(!rule.verbs.isEmpty, "\(item.name)")
                #expect(rule.resources.isEmpty != rule.nonResourceURLs.isEmpty, "\(item.name): \(rule)")
                #expect(rule.resources.isEmpty == rule.apiGroups.isEmpty, "\(item.name): \(rule)")
                for word in ["core", "read", "write", "all", "url", "named", "events"] {
                    #expect(!rule.verbs.contains(word) && !rule.apiGroups.contains(word), "\(item.name): \(rule)")
                }
            }
        }
    }

    @Test("admin has what edit has, and edit what view has")
    func aggregation() {
        func rules(_ name: String) -> [PolicyRule] {
            PolicyRule.list(Self.item("clusterroles", name)?.object.member("rules"))
        }
        #expect(rules("view") == rules("system:aggregate-to-view"))
        #expect(RuleCoverage.missing(rules("view"), from: rules("edit")).isEmpty)
        #expect(RuleCoverage.missing(rules("edit"), from: rules("admin")).isEmpty)
        #expect(!RuleCoverage.missing(rules("admin"), from: rules("edit")).isEmpty)
        #expect(!RuleCoverage.missing(rules("edit"), from: rules("view")).isEmpty)
        #expect(RuleCoverage.missing(rules("admin"), from: rules("cluster-admin")).isEmpty)
    }

    @Test("an absent object is created, an untouched one left alone")
    func unchanged() {
        for item in BootstrapPolicy.items {
            #expect(BootstrapReconciliation(of: item, existing: nil) == .create(item.object))
            #expect(BootstrapReconciliation(of: item, existing: item.object) == .none, "\(item.name)")
        }
    }

    @Test("what was taken away comes back, what was added stays")
    func role() throws {
        let item = try #require(Self.item("clusterroles", "system:node-proxier"))
        var existing = item.object
        let own = PolicyRule(verbs: ["get"], apiGroups: ["example.com"], resources: ["things"])
        let kept = Array(PolicyRule.list(existing.member("rules")).dropFirst())
        existing.setMember("rules", .array(([own] + kept).map(\.json)))
        existing.setMember("metadata", ["name": "system:node-proxier", "labels": ["mine": "yes"], "uid": "u"])
        guard case .update(let object) = BootstrapReconciliation(of: item, existing: existing) else {
            Issue.record("no update")
            return
        }
        let rules = PolicyRule.list(object.member("rules"))
        #expect(rules.contains(own))
        #expect(RuleCoverage.missing(PolicyRule.list(item.object.member("rules")), from: rules).isEmpty)
        #expect(object.member(at: "metadata", "labels", "mine")?.string == "yes")
        #expect(object.member(at: "metadata", "labels", "kubernetes.io/bootstrapping")?.string == "rbac-defaults")
        #expect(object.member(at: "metadata", "uid")?.string == "u")
        #expect(BootstrapReconciliation(of: item, existing: object) == .none)
    }

    @Test("with autoupdate false nothing is touched")
    func protected() throws {
        let item = try #require(Self.item("clusterroles", "edit"))
        let existing: JSONValue = [
            "metadata": [
                "name": "edit", "annotations": ["rbac.authorization.kubernetes.io/autoupdate": "false"],
            ],
            "rules": [],
        ]
        #expect(BootstrapReconciliation(of: item, existing: existing) == .none)
    }

    @Test("a binding gets its subjects back, and is made anew when it binds another role")
    func binding() throws {
        let item = try #require(Self.item("clusterrolebindings", "system:public-info-viewer"))
        var existing = item.object
        let own: JSONValue = ["kind": "User", "apiGroup": "rbac.authorization.k8s.io", "name": "me"]
        existing.setMember("subjects", [own])
        guard case .update(let object) = BootstrapReconciliation(of: item, existing: existing) else {
            Issue.record("no update")
            return
        }
        #expect(object.member("subjects")?.array?.count == 3)
        existing.setMember(
            "roleRef", ["apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": "cluster-admin"])
        #expect(BootstrapReconciliation(of: item, existing: existing) == .recreate(item.object))
    }
}
