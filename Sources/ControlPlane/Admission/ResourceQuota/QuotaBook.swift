internal import JSON
internal import KubeAPI

/// A ResourceQuota with what is used of it: whether a change fits, and the quota after it.
struct QuotaBook {
    let quota: JSONValue
    private let hard: Amounts
    private let scopes: [QuotaScope]

    init(_ quota: JSONValue) {
        self.quota = quota
        hard = Amounts(quota.at("spec", "hard"))
        scopes = QuotaScope.all(of: quota)
    }

    var name: String { quota.text("metadata", "name") }

    /// What an object counts for in this quota; nothing when its scopes leave the object out.
    func usage(of object: JSONValue, _ type: ResourceType) -> Amounts {
        guard scopes.isEmpty || (type.groupResource.description == "pods" && scopes.allSatisfy { $0.matches(object) })
        else { return Amounts() }
        return QuotaUsage.of(object, type).filter { hard[$0] != nil }
    }

    /// The quota with a change booked; nil when the change is none of its concern. Throws why it does not fit.
    func booked(old: JSONValue?, new: JSONValue, _ type: ResourceType) throws(Refusal) -> JSONValue? {
        let after = usage(of: new, type)
        let before = old.map { usage(of: $0, type) } ?? Amounts()
        let change = (after - before).filter { !(after[$0] ?? .zero).isEqual(before[$0]) }
        if old == nil, !after.isEmpty, type.groupResource.description == "pods" {
            let missing = QuotaUsage.missing(new, hard: hard.names)
            if !missing.isEmpty {
                let containers = Self.speechless(new, missing)
                throw Refusal(
                    reason: "failed quota: \(name): must specify "
                        + missing.map { "\($0) for: \(containers)" }.joined(separator: "; "))
            }
        }
        guard !change.isEmpty else { return nil }
        let used = Amounts(quota.at("status", "used"))
        let sum = used + change
        // Less is always fine, even of what is used beyond the limit.
        let exceeded = change.names.filter { name in
            guard let limit = hard[name], let amount = sum[name], let delta = change[name] else { return false }
            return delta > .zero && amount > limit
        }
        if !exceeded.isEmpty {
            let isExceeded = { (name: String) in exceeded.contains(name) }
            throw Refusal(
                reason: "exceeded quota: \(name), requested: \(change.filter(isExceeded).text), "
                    + "used: \(Self.shown(used, exceeded).text), limited: \(hard.filter(isExceeded).text)")
        }
        var quota = quota
        quota.set(sum.filter { hard[$0] != nil }.json, at: "status", "used")
        return quota
    }

    struct Refusal: Error {
        var reason: String
    }

    private static func shown(_ used: Amounts, _ names: Set<String>) -> Amounts {
        var result = used.filter { names.contains($0) }
        for name in names where result[name] == nil { result[name] = .zero }
        return result
    }

    private static func speechless(_ pod: JSONValue, _ missing: [String]) -> String {
        let containers = pod.list("spec", "containers") + pod.list("spec", "initContainers")
        let names = containers.filter { container in
            missing.contains { name in
                let resource = name.split(separator: ".").last.map(String.init) ?? name
                let part = name.hasPrefix("limits.") ? "limits" : "requests"
                return container.at("resources", part, resource) == nil
            }
        }
        return names.map { $0.text("name") }.joined(separator: ",")
    }

    /// The quota with what all objects of its namespace use; nil when its status says so already.
    func recounted(_ objects: (ResourceType) -> [JSONValue], _ types: [ResourceType]) -> JSONValue? {
        var used = Amounts()
        for name in hard.names { used[name] = .zero }
        for type in types where type.isNamespaced && concerns(type) {
            for object in objects(type) { used = used + usage(of: object, type) }
        }
        if Amounts(quota.at("status", "used")) == used && Amounts(quota.at("status", "hard")) == hard { return nil }
        var quota = quota
        quota.set(hard.json, at: "status", "hard")
        quota.set(used.json, at: "status", "used")
        return quota
    }

    /// Whether objects of a type can count for anything here.
    func concerns(_ type: ResourceType) -> Bool {
        let resource = type.groupResource.description
        return hard.names.contains { name in
            if name == "count/\(resource)" || name == resource { return true }
            switch resource {
            case "pods":
                return name.hasPrefix("requests.") || name.hasPrefix("limits.") || name.hasPrefix("hugepages-")
                    || ["cpu", "memory", "ephemeral-storage"].contains(name)
            case "services": return name.hasPrefix("services.")
            case "persistentvolumeclaims":
                return name == "requests.storage" || name.contains(".storageclass.storage.k8s.io/")
            default: return false
            }
        }
    }
}

extension Quantity {
    fileprivate func isEqual(_ other: Quantity?) -> Bool { self == (other ?? .zero) }
}
