package import JSON
internal import KubeAPI

/// One rule of a role: these verbs on these resources or paths (rbac.authorization.k8s.io PolicyRule).
package struct PolicyRule: Hashable, Sendable {
    /// `*` is every verb.
    package var verbs: [String]
    /// `*` is every group, "" the core.
    package var apiGroups: [String]
    /// `pods`, `pods/log`, `*` for everything, `*/scale` for a subresource of everything.
    package var resources: [String]
    /// Empty for every object.
    package var resourceNames: [String]
    /// `*`, a path, or the beginning of paths with `*` after it.
    package var nonResourceURLs: [String]

    package init(
        verbs: [String], apiGroups: [String] = [], resources: [String] = [], resourceNames: [String] = [],
        nonResourceURLs: [String] = []
    ) {
        self.verbs = verbs
        self.apiGroups = apiGroups
        self.resources = resources
        self.resourceNames = resourceNames
        self.nonResourceURLs = nonResourceURLs
    }

    /// From an element of a role's `rules`; what is missing or of another type is empty, and so grants nothing.
    package init(json: JSONValue) {
        func list(_ key: String) -> [String] { json.member(key)?.array?.compactMap(\.string) ?? [] }
        self.init(
            verbs: list("verbs"), apiGroups: list("apiGroups"), resources: list("resources"),
            resourceNames: list("resourceNames"), nonResourceURLs: list("nonResourceURLs"))
    }

    package var json: JSONValue {
        var object = JSONObject()
        func put(_ key: String, _ list: [String]) {
            if !list.isEmpty { object.append(key, .array(list.map { .string($0) })) }
        }
        object.append("verbs", .array(verbs.map { .string($0) }))
        put("apiGroups", apiGroups)
        put("resources", resources)
        put("resourceNames", resourceNames)
        put("nonResourceURLs", nonResourceURLs)
        return .object(object)
    }

    package static func list(_ json: JSONValue?) -> [PolicyRule] { json?.array?.map { PolicyRule(json: $0) } ?? [] }

    /// How upstream's messages print a rule: `{APIGroups:[""], Resources:["pods"], Verbs:["get" "list"]}`.
    var text: String {
        let lists = [
            ("APIGroups", apiGroups), ("Resources", resources), ("NonResourceURLs", nonResourceURLs),
            ("ResourceNames", resourceNames), ("Verbs", verbs),
        ]
        let parts = lists.filter { !$0.1.isEmpty }.map { "\($0.0):\(Self.quoted($0.1))" }
        return "{\(parts.joined(separator: ", "))}"
    }

    /// A list as Go's %q prints it.
    static func quoted(_ list: [String]) -> String {
        "[\(list.map(FieldCause.quoted).joined(separator: " "))]"
    }
}
