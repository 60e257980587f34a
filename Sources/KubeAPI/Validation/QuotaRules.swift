internal import JSON

/// Which resources a ResourceQuota with scopes may bound.
enum QuotaRules {
    private static let compute: Set<String> = [
        "cpu", "memory", "limits.cpu", "limits.memory", "requests.cpu", "requests.memory",
    ]
    private static let standard =
        compute.union([
            "ephemeral-storage", "requests.ephemeral-storage", "limits.ephemeral-storage", "requests.storage", "pods",
            "resourcequotas", "services", "replicationcontrollers", "secrets", "persistentvolumeclaims", "configmaps",
            "services.nodeports", "services.loadbalancers",
        ])
    private static let scopes: Set<String> = [
        "Terminating", "NotTerminating", "BestEffort", "NotBestEffort", "PriorityClass", "CrossNamespacePodAffinity",
        "VolumeAttributesClass",
    ]

    static func checkScopes(_ spec: Place, _ report: inout Report) {
        let scopes = spec["scopes"]
        let resources = spec["hard"].entries.map(\.key).sorted()
        for scope in scopes.texts {
            if !Self.scopes.contains(scope) { report.invalid(scopes, "unsupported scope") }
            for resource in resources where standard.contains(resource) && !applies(scope, resource) {
                report.invalid(scopes, "unsupported scope applied to resource")
            }
        }
        for pair in [["BestEffort", "NotBestEffort"], ["Terminating", "NotTerminating"]]
        where pair.allSatisfy(scopes.texts.contains) {
            report.invalid(scopes, "conflicting scopes")
        }
    }

    /// Scopes choose among pods, or among claims; those without resources of their own are only counted.
    private static func applies(_ scope: String, _ resource: String) -> Bool {
        switch scope {
        case "BestEffort": resource == "pods"
        case "VolumeAttributesClass": resource == "persistentvolumeclaims" || resource == "requests.storage"
        case "Terminating", "NotTerminating", "NotBestEffort", "PriorityClass", "CrossNamespacePodAffinity":
            resource == "pods" || compute.contains(resource)
        default: true
        }
    }
}
