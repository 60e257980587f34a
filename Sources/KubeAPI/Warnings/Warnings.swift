package import JSON

/// What is allowed and unwise, in upstream's words: sent to clients as `Warning` headers.
package enum Warnings {
    /// Of every request for a resource that should no longer be used.
    package static func deprecation(of type: ResourceType) -> String? {
        if let custom = type.custom { return custom.deprecation }
        switch type.groupResource {
        case GroupResource(group: "", resource: "endpoints"):
            return "v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice"
        case GroupResource(group: "", resource: "componentstatuses"):
            return "v1 ComponentStatus is deprecated in v1.19+"
        default: return nil
        }
    }

    package static func creating(_ object: JSONValue, _ type: ResourceType) -> [String] {
        let place = Place(object)
        switch type.kind {
        case _ where type.isCustom: return []
        case "Pod" where type.group.isEmpty:
            return hostName(place, "the Pod's hostname") + PodWarnings.of(place)
        case "Service" where type.group.isEmpty: return ServiceWarnings.of(place)
        case "Ingress": return ingress(place)
        case "PersistentVolume": return volume(place)
        default:
            guard let path = templates[type.kind] else { return [] }
            let names = type.kind == "DaemonSet" ? [] : hostName(place, "Pod names and hostnames")
            return names + PodWarnings.of(path.reduce(place) { $0[$1] })
        }
    }

    /// Pods are not warned about again, and workloads only when their specification changes: most updates are made by
    /// controllers, which read no warnings.
    package static func updating(_ object: JSONValue, from old: JSONValue, _ type: ResourceType) -> [String] {
        switch type.kind {
        case "Pod": return []
        case let kind where templates[kind] != nil:
            let generations = [object, old].map { $0.member("metadata")?.member("generation")?.int }
            return generations[0] == generations[1] ? [] : creating(object, type)
        default: return creating(object, type)
        }
    }

    /// Where kinds keep the pods that they make.
    private static let templates = [
        "Deployment": ["spec", "template"], "ReplicaSet": ["spec", "template"], "DaemonSet": ["spec", "template"],
        "StatefulSet": ["spec", "template"], "ReplicationController": ["spec", "template"],
        "Job": ["spec", "template"], "CronJob": ["spec", "jobTemplate", "spec", "template"],
    ]

    private static func hostName(_ object: Place, _ use: String) -> [String] {
        let problems = NameSyntax.label(object["metadata"]["name"].text)
        if problems.isEmpty { return [] }
        return [
            "metadata.name: this is used in \(use), which can result in surprising behavior; a DNS label is"
                + " recommended: [\(problems.joined(separator: " "))]"
        ]
    }

    private static func ingress(_ ingress: Place) -> [String] {
        let annotation = "kubernetes.io/ingress.class"
        guard ingress["metadata"]["annotations"][annotation].isThere, !ingress["spec"]["ingressClassName"].isThere
        else { return [] }
        return ["annotation \"\(annotation)\" is deprecated, please use 'spec.ingressClassName' instead"]
    }

    private static func volume(_ volume: Place) -> [String] {
        guard volume["spec"]["persistentVolumeReclaimPolicy"].text == "Recycle" else { return [] }
        return [
            "spec.persistentVolumeReclaimPolicy: The Recycle reclaim policy is deprecated. Instead, the recommended"
                + " approach is to use dynamic provisioning."
        ]
    }
}
