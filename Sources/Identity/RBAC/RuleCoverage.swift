/// Whether rules grant no more than other rules do; what escalation and reconciliation ask (upstream's rule validation).
package enum RuleCoverage {
    /// The parts of `wanted`, each for one verb on one resource or path, that `held` does not cover; empty when it covers
    /// all.
    package static func missing(_ wanted: [PolicyRule], from held: [PolicyRule]) -> [PolicyRule] {
        wanted.flatMap(parts).filter { part in !held.contains { covers($0, part) } }
    }

    /// A rule as rules with one value in each list.
    static func parts(of rule: PolicyRule) -> [PolicyRule] {
        var parts: [PolicyRule] = []
        for group in rule.apiGroups {
            for resource in rule.resources {
                for verb in rule.verbs {
                    let names = rule.resourceNames.isEmpty ? [[]] : rule.resourceNames.map { [$0] }
                    for name in names {
                        parts.append(
                            PolicyRule(verbs: [verb], apiGroups: [group], resources: [resource], resourceNames: name))
                    }
                }
            }
        }
        for path in rule.nonResourceURLs {
            for verb in rule.verbs { parts.append(PolicyRule(verbs: [verb], nonResourceURLs: [path])) }
        }
        return parts
    }

    private static func covers(_ held: PolicyRule, _ part: PolicyRule) -> Bool {
        hasAll(held.verbs, part.verbs) && hasAll(held.apiGroups, part.apiGroups)
            && part.resources.allSatisfy { coversResource(held.resources, $0) }
            && part.nonResourceURLs.allSatisfy { path in
                held.nonResourceURLs.contains { CompiledRole.matches(path, $0) }
            }
            && (held.resourceNames.isEmpty
                || !part.resourceNames.isEmpty && part.resourceNames.allSatisfy(held.resourceNames.contains))
    }

    private static func hasAll(_ held: [String], _ wanted: [String]) -> Bool {
        held.contains("*") || wanted.allSatisfy(held.contains)
    }

    private static func coversResource(_ held: [String], _ resource: String) -> Bool {
        if held.contains("*") || held.contains(resource) { return true }
        guard let slash = resource.firstIndex(of: "/") else { return false }
        return held.contains("*\(resource[slash...])")
    }

    /// Rules for the same group, resource and name as one rule with all their verbs, for messages.
    static func compact(_ rules: [PolicyRule]) -> [PolicyRule] {
        var compacted: [PolicyRule] = []
        var places: [PolicyRule: Int] = [:]
        for rule in rules {
            let isSimple =
                rule.nonResourceURLs.isEmpty && rule.apiGroups.count == 1 && rule.resources.count == 1
                && rule.resourceNames.count <= 1
            var key = rule
            key.verbs = []
            if isSimple, let place = places[key] {
                compacted[place].verbs += rule.verbs
            } else {
                if isSimple { places[key] = compacted.count }
                compacted.append(rule)
            }
        }
        return compacted
    }
}
