internal import JSON
internal import KubeAPI

/// Which pods a ResourceQuota counts.
struct QuotaScope {
    private let name: String
    private let word: String
    private let values: [String]

    /// The scopes of a quota, in both of their forms; all must hold.
    static func all(of quota: JSONValue) -> [QuotaScope] {
        quota.texts("spec", "scopes").map { QuotaScope(name: $0, word: "Exists", values: []) }
            + quota.list("spec", "scopeSelector", "matchExpressions").map {
                QuotaScope(name: $0.text("scopeName"), word: $0.text("operator"), values: $0.texts("values"))
            }
    }

    private init(name: String, word: String, values: [String]) {
        self.name = name
        self.word = word
        self.values = values
    }

    /// For pods alone: a quota with scopes counts nothing else.
    func matches(_ pod: JSONValue) -> Bool {
        switch name {
        case "Terminating": return pod.at("spec", "activeDeadlineSeconds") != nil
        case "NotTerminating": return pod.at("spec", "activeDeadlineSeconds") == nil
        case "BestEffort": return PodQuality(spec: pod.at("spec") ?? .null) == .bestEffort
        case "NotBestEffort": return PodQuality(spec: pod.at("spec") ?? .null) != .bestEffort
        case "CrossNamespacePodAffinity": return Self.reachesOtherNamespaces(pod)
        case "PriorityClass":
            let priorityClass = pod.text("spec", "priorityClassName")
            switch word {
            case "In": return values.contains(priorityClass)
            case "NotIn": return !values.contains(priorityClass)
            case "DoesNotExist": return priorityClass.isEmpty
            default: return !priorityClass.isEmpty
            }
        default: return false
        }
    }

    private static func reachesOtherNamespaces(_ pod: JSONValue) -> Bool {
        ["podAffinity", "podAntiAffinity"].contains { kind in
            let affinity = pod.at("spec", "affinity", kind) ?? .null
            let terms =
                affinity.list("requiredDuringSchedulingIgnoredDuringExecution")
                + affinity.list("preferredDuringSchedulingIgnoredDuringExecution").compactMap {
                    $0.at("podAffinityTerm")
                }
            return terms.contains { !$0.list("namespaces").isEmpty || $0.at("namespaceSelector") != nil }
        }
    }
}
