internal import JSON

/// Which labels a kubelet may set on its own Node: its own and those outside kubernetes.io and k8s.io.
enum NodeLabels {
    private static let own: Set<String> = [
        "kubernetes.io/hostname", "kubernetes.io/os", "kubernetes.io/arch", "beta.kubernetes.io/os",
        "beta.kubernetes.io/arch", "node.kubernetes.io/instance-type", "beta.kubernetes.io/instance-type",
        "topology.kubernetes.io/zone", "topology.kubernetes.io/region", "failure-domain.beta.kubernetes.io/zone",
        "failure-domain.beta.kubernetes.io/region",
    ]

    static func labels(of object: JSONValue?) -> [String: String] {
        var labels: [String: String] = [:]
        for member in object?.member(at: "metadata", "labels")?.object?.members ?? [] {
            labels[member.key] = member.value.string ?? ""
        }
        return labels
    }

    /// The labels that differ and must not, sorted.
    static func forbidden(from old: JSONValue?, to new: JSONValue?) -> [String] {
        let (old, new) = (labels(of: old), labels(of: new))
        return Set(old.keys).union(new.keys).filter { old[$0] != new[$0] && isForbidden($0) }.sorted()
    }

    private static func isForbidden(_ label: String) -> Bool {
        guard let slash = label.firstIndex(of: "/") else { return false }
        let domain = label[..<slash]
        func isIn(_ parent: String) -> Bool { domain == parent || domain.hasSuffix(".\(parent)") }
        if isIn("node-restriction.kubernetes.io") { return true }
        if !isIn("kubernetes.io") && !isIn("k8s.io") { return false }
        return !own.contains(label) && !isIn("kubelet.kubernetes.io") && !isIn("node.kubernetes.io")
    }
}
