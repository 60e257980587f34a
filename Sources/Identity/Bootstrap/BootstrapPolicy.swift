package import JSON

/// The roles and bindings that a cluster begins with, which are upstream's: read from the tables beside this file.
package enum BootstrapPolicy {
    /// An object and where it belongs.
    package struct Item: Hashable, Sendable {
        /// roles, clusterroles, rolebindings, clusterrolebindings.
        package var resource: String
        /// Empty for the cluster's.
        package var namespace: String
        package var name: String
        package var object: JSONValue
    }

    /// Everything, roles before bindings, the ClusterRoles with aggregated rules already in them.
    package static let items: [Item] = {
        let wide = aggregated(
            roles(in: clusterRoles).map(clusterRole)
                + roles(in: controllerRoles).map { role in
                    var role = role
                    role.name = controllerPrefix + role.name
                    return clusterRole(role)
                })
        let bindings =
            lines(of: clusterRoleBindings).map { words in
                binding(name: words[0], role: words[0], subjects: Array(words.dropFirst()))
            }
            + roles(in: controllerRoles).map { role in
                binding(
                    name: controllerPrefix + role.name, role: controllerPrefix + role.name,
                    subjects: ["serviceaccount:kube-system/\(role.name)"])
            }
        let namespaced =
            roles(in: namespacedRoles).map { role in
                let (namespace, name) = split(role.name, at: "/")
                let object = object("Role", name, namespace, [("rules", .array(role.rules.map(\.json)))])
                return Item(resource: "roles", namespace: namespace, name: name, object: object)
            }
            + lines(of: namespacedRoleBindings).map { words in
                let (namespace, name) = split(words[0], at: "/")
                return binding(name: name, namespace: namespace, role: words[1], subjects: Array(words.dropFirst(2)))
            }
        return wide + bindings + namespaced
    }()

    static let controllerPrefix = "system:controller:"
    private static let group = "rbac.authorization.k8s.io"
    private static let words = [
        "read": "get,list,watch", "write": "create,delete,deletecollection,patch,update",
        "all": "create,delete,deletecollection,get,list,patch,update,watch",
    ]

    // MARK: Reading the tables

    private struct RoleText {
        var name: String
        /// `+edit`, `*edit`.
        var marks: [String]
        var rules: [PolicyRule]
    }

    private static func lines(of table: String) -> [[String]] {
        table.split(separator: "\n").map { $0.split(separator: " ").map(String.init) }
    }

    private static func roles(in table: String) -> [RoleText] {
        var roles: [RoleText] = []
        for line in table.split(separator: "\n") {
            let words = line.split(separator: " ").map(String.init)
            if line.hasPrefix(" ") {
                roles[roles.count - 1].rules.append(rule(words))
            } else {
                roles.append(RoleText(name: words[0], marks: Array(words.dropFirst()), rules: []))
            }
        }
        return roles
    }

    private static func rule(_ words: [String]) -> PolicyRule {
        if words == ["events"] {
            return PolicyRule(
                verbs: ["create", "patch", "update"], apiGroups: ["", "events.k8s.io"], resources: ["events"])
        }
        let verbs = list(self.words[words[0]] ?? words[0])
        if words[1] == "url" { return PolicyRule(verbs: verbs, nonResourceURLs: list(words[2])) }
        return PolicyRule(
            verbs: verbs, apiGroups: list(words[1]).map { $0 == "core" ? "" : $0 }, resources: list(words[2]),
            resourceNames: words.count > 4 ? list(words[4]) : [])
    }

    private static func list(_ text: String) -> [String] { text.split(separator: ",").map(String.init).sorted() }

    private static func split(_ text: String, at separator: Character) -> (String, String) {
        let parts = text.split(separator: separator, maxSplits: 1).map(String.init)
        return (parts[0], parts[1])
    }

    // MARK: Objects

    private static func object(
        _ kind: String, _ name: String, _ namespace: String = "", labels: [(String, JSONValue)] = [],
        _ members: [(String, JSONValue)]
    ) -> JSONValue {
        var metadata = JSONObject([("name", .string(name))])
        if !namespace.isEmpty { metadata.append("namespace", .string(namespace)) }
        metadata.append("labels", .object(JSONObject([("kubernetes.io/bootstrapping", "rbac-defaults")] + labels)))
        metadata.append("annotations", ["rbac.authorization.kubernetes.io/autoupdate": "true"])
        return .object(
            JSONObject(
                [("apiVersion", .string("\(group)/v1")), ("kind", .string(kind)), ("metadata", .object(metadata))]
                    + members))
    }

    private static func aggregationLabel(_ mark: String) -> String {
        "rbac.authorization.k8s.io/aggregate-to-\(mark.dropFirst())"
    }

    private static func clusterRole(_ role: RoleText) -> Item {
        var labels: [(String, JSONValue)] = []
        var members: [(String, JSONValue)] = []
        for mark in role.marks {
            if mark.hasPrefix("+") { labels.append((aggregationLabel(mark), "true")) }
            if mark.hasPrefix("*") {
                let selector: JSONValue = .object(JSONObject([(aggregationLabel(mark), "true")]))
                members.append(("aggregationRule", ["clusterRoleSelectors": [["matchLabels": selector]]]))
            }
        }
        members.append(("rules", .array(role.rules.map(\.json))))
        return Item(
            resource: "clusterroles", namespace: "", name: role.name,
            object: object("ClusterRole", role.name, labels: labels, members))
    }

    /// Aggregation goes through several roles (view into edit into admin), so it is repeated until nothing changes.
    private static func aggregated(_ roles: [Item]) -> [Item] {
        var roles = roles
        while true {
            let objects = roles.map(\.object)
            var changed = false
            for index in roles.indices {
                guard let rules = RoleAggregation.rules(of: roles[index].object, from: objects) else { continue }
                if rules == PolicyRule.list(roles[index].object.member("rules")) { continue }
                roles[index].object.setMember("rules", .array(rules.map(\.json)))
                changed = true
            }
            if !changed { return roles }
        }
    }

    private static func binding(name: String, namespace: String = "", role: String, subjects: [String]) -> Item {
        let isClusterWide = namespace.isEmpty
        let roleReference: JSONValue = [
            "apiGroup": .string(group), "kind": isClusterWide ? "ClusterRole" : "Role", "name": .string(role),
        ]
        var members = [("roleRef", roleReference)]
        if !subjects.isEmpty { members.append(("subjects", .array(subjects.map { subject($0).json }))) }
        return Item(
            resource: isClusterWide ? "clusterrolebindings" : "rolebindings", namespace: namespace, name: name,
            object: object(isClusterWide ? "ClusterRoleBinding" : "RoleBinding", name, namespace, members))
    }

    private static func subject(_ text: String) -> RoleSubject {
        let (kind, name) = split(text, at: ":")
        switch kind {
        case "user": return RoleSubject(kind: .user, name: name)
        case "group": return RoleSubject(kind: .group, name: name)
        default:
            let (namespace, name) = split(name, at: "/")
            return RoleSubject(kind: .serviceAccount, name: name, namespace: namespace)
        }
    }
}
