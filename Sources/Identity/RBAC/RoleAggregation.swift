package import JSON

/// ClusterRoles whose rules are those of all ClusterRoles with certain labels (`aggregationRule`).
package enum RoleAggregation {
    /// The rules that this ClusterRole should have; nil when it aggregates nothing. `others` are all ClusterRoles, itself
    /// among them or not.
    package static func rules(of role: JSONValue, from others: [JSONValue]) -> [PolicyRule]? {
        guard let selectors = role.member(at: "aggregationRule", "clusterRoleSelectors")?.array else { return nil }
        let name = role.member(at: "metadata", "name")?.string
        var rules: [PolicyRule] = []
        var seen: Set<PolicyRule> = []
        let candidates = others.compactMap { other in
            other.member(at: "metadata", "name")?.string.map { (name: $0, role: other) }
        }.sorted { $0.name < $1.name }
        for selector in selectors {
            for (otherName, other) in candidates where otherName != name && matches(other, selector) {
                for rule in PolicyRule.list(other.member("rules")) where seen.insert(rule).inserted {
                    rules.append(rule)
                }
            }
        }
        return rules
    }

    /// Whether an object with these labels is selected (metav1.LabelSelector); an empty selector selects everything.
    static func matches(_ object: JSONValue, _ selector: JSONValue) -> Bool {
        let labels = object.member(at: "metadata", "labels")
        func label(_ key: String) -> String? { labels?.member(key)?.string }
        for member in selector.member("matchLabels")?.object?.members ?? [] {
            if label(member.key) != member.value.string { return false }
        }
        for expression in selector.member("matchExpressions")?.array ?? [] {
            let value = label(expression.member("key")?.string ?? "")
            let values = expression.member("values")?.array?.compactMap(\.string) ?? []
            let holds =
                switch expression.member("operator")?.string {
                case "In": value.map(values.contains) ?? false
                case "NotIn": value.map { !values.contains($0) } ?? true
                case "Exists": value != nil
                case "DoesNotExist": value == nil
                default: false
                }
            if !holds { return false }
        }
        return true
    }
}
