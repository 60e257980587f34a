internal import JSON
internal import KubeAPI

/// What one object counts for in quotas (https://kubernetes.io/docs/concepts/policy/resource-quotas/).
enum QuotaUsage {
    /// The kinds that are counted by their plain names besides `count/…`.
    private static let counted: Set<String> = [
        "configmaps", "persistentvolumeclaims", "replicationcontrollers", "resourcequotas", "secrets", "services",
    ]

    /// Everything that an object of the type counts for, whether or not a quota asks for it.
    static func of(_ object: JSONValue, _ type: ResourceType) -> Amounts {
        var usage = Amounts()
        let resource = type.groupResource.description
        usage["count/\(resource)"] = Quantity(1)
        if counted.contains(resource) { usage[resource] = Quantity(1) }
        switch resource {
        case "pods": return usage + pod(object)
        case "services": return usage + service(object)
        case "persistentvolumeclaims": return usage + claim(object)
        default: return usage
        }
    }

    /// Finished pods hold nothing but their place in etcd.
    private static func pod(_ pod: JSONValue) -> Amounts {
        var usage = Amounts()
        if ["Succeeded", "Failed"].contains(pod.text("status", "phase")) { return usage }
        usage["pods"] = Quantity(1)
        let requests = PodAmounts.of(pod, .requests)
        let limits = PodAmounts.of(pod, .limits)
        for (name, amount) in requests.byName {
            usage["requests.\(name)"] = amount
            if ["cpu", "memory", "ephemeral-storage"].contains(name) || name.hasPrefix("hugepages-") {
                usage[name] = amount
            }
        }
        for (name, amount) in limits.byName where ["cpu", "memory", "ephemeral-storage"].contains(name) {
            usage["limits.\(name)"] = amount
        }
        return usage
    }

    private static func service(_ object: JSONValue) -> Amounts {
        let service = ServiceNetworking(service: object)
        var usage = Amounts()
        usage["services.loadbalancers"] = Quantity(service.type == .loadBalancer ? 1 : 0)
        let ports = service.allocatesNodePorts ? service.ports.count : service.ports.count { $0.nodePort != 0 }
        usage["services.nodeports"] = Quantity(service.needsNodePorts ? ports : 0)
        return usage
    }

    private static func claim(_ claim: JSONValue) -> Amounts {
        var usage = Amounts()
        let storageClass = claim.text("spec", "storageClassName")
        let prefix = "\(storageClass).storageclass.storage.k8s.io/"
        if let storage = Quantity(json: claim.at("spec", "resources", "requests", "storage") ?? .null) {
            usage["requests.storage"] = storage
            if !storageClass.isEmpty { usage[prefix + "requests.storage"] = storage }
        }
        if !storageClass.isEmpty { usage[prefix + "persistentvolumeclaims"] = Quantity(1) }
        return usage
    }

    /// The names in a quota that every new pod must say something about, as it could not be counted otherwise.
    static func missing(_ pod: JSONValue, hard: Set<String>) -> [String] {
        var missing: Set<String> = []
        let parts = [
            ("cpu", "requests", "cpu"), ("memory", "requests", "memory"), ("requests.cpu", "requests", "cpu"),
            ("requests.memory", "requests", "memory"), ("limits.cpu", "limits", "cpu"),
            ("limits.memory", "limits", "memory"),
        ]
        for (name, part, resource) in parts where hard.contains(name) {
            if pod.at("spec", "resources", part, resource) != nil { continue }
            let containers = pod.list("spec", "containers") + pod.list("spec", "initContainers")
            if containers.contains(where: { $0.at("resources", part, resource) == nil }) { missing.insert(name) }
        }
        return missing.sorted()
    }
}
