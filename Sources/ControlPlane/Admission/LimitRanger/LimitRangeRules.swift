internal import JSON
internal import KubeAPI

/// What a LimitRange does to objects of its namespace
/// (https://kubernetes.io/docs/concepts/policy/limit-range/).
struct LimitRangeRules {
    /// The limits for one type: "Container", "Pod", "PersistentVolumeClaim".
    private struct Item {
        var type: String
        var minimum: [(name: String, amount: Quantity)]
        var maximum: [(name: String, amount: Quantity)]
        var ratio: [(name: String, amount: Quantity)]
        var defaultLimit: [(name: String, amount: Quantity)]
        var defaultRequest: [(name: String, amount: Quantity)]
    }

    private let items: [Item]

    init(_ limitRange: JSONValue) {
        items = limitRange.list("spec", "limits").map { item in
            Item(
                type: item.text("type"), minimum: Amounts(item.at("min")).sorted,
                maximum: Amounts(item.at("max")).sorted,
                ratio: Amounts(item.at("maxLimitRequestRatio")).sorted,
                defaultLimit: Amounts(item.at("default")).sorted,
                defaultRequest: Amounts(item.at("defaultRequest")).sorted)
        }
    }

    // MARK: Defaults

    /// Fills in requests and limits of a pod's containers, and notes in an annotation what was filled in.
    func complete(_ pod: inout JSONValue) {
        var notes: [String] = []
        for item in items where item.type == "Container" {
            for (list, word) in [("containers", "container"), ("initContainers", "init container")] {
                var containers = pod.list("spec", list)
                for index in containers.indices {
                    let name = containers[index].text("name")
                    let requests = fill(&containers[index], "requests", item.defaultRequest)
                    if !requests.isEmpty {
                        notes.append("\(requests.joined(separator: ", ")) request for \(word) \(name)")
                    }
                    let limits = fill(&containers[index], "limits", item.defaultLimit)
                    if !limits.isEmpty { notes.append("\(limits.joined(separator: ", ")) limit for \(word) \(name)") }
                }
                if !containers.isEmpty { pod.set(.array(containers), at: "spec", list) }
            }
        }
        guard !notes.isEmpty else { return }
        let text = "LimitRanger plugin set: \(notes.joined(separator: "; "))"
        pod.set(.string(text), at: "metadata", "annotations", "kubernetes.io/limit-ranger")
    }

    /// Returns the names of what was filled in.
    private func fill(_ container: inout JSONValue, _ part: String, _ defaults: [(name: String, amount: Quantity)])
        -> [String]
    {
        defaults.compactMap { name, amount in
            guard container.at("resources", part, name) == nil else { return nil }
            container.set(amount.json, at: "resources", part, name)
            return name
        }
    }

    // MARK: Bounds

    /// Why a pod is refused.
    func problems(pod: JSONValue) -> [String] {
        let containers = (pod.list("spec", "containers") + pod.list("spec", "initContainers")).map {
            (requests: Amounts($0.at("resources", "requests")), limits: Amounts($0.at("resources", "limits")))
        }
        var problems: [String] = []
        for item in items {
            switch item.type {
            case "Container":
                for container in containers { problems += check(item, container.requests, container.limits) }
            case "Pod":
                // Without the overhead, as upstream's.
                let requests = PodAmounts.of(pod, .requests, withOverhead: false)
                problems += check(item, requests, PodAmounts.of(pod, .limits, withOverhead: false))
            default: break
            }
        }
        return problems
    }

    /// Why a PersistentVolumeClaim is refused.
    func problems(claim: JSONValue) -> [String] {
        let requests = Amounts(claim.at("spec", "resources", "requests"))
        return items.filter { $0.type == "PersistentVolumeClaim" }.flatMap { item in
            item.minimum.compactMap { minimum(item, $0.name, $0.amount, requests[$0.name], nil) }
                + item.maximum.compactMap { name, bound -> String? in
                    guard let request = requests[name] else { return nil }
                    return request > bound
                        ? "maximum \(name) usage per \(item.type) is \(bound), but request is \(request)" : nil
                }
        }
    }

    private func check(_ item: Item, _ requests: Amounts, _ limits: Amounts) -> [String] {
        item.minimum.compactMap { minimum(item, $0.name, $0.amount, requests[$0.name], limits[$0.name]) }
            + item.maximum.compactMap { maximum(item, $0.name, $0.amount, requests[$0.name], limits[$0.name]) }
            + item.ratio.compactMap { ratio(item, $0.name, $0.amount, requests[$0.name], limits[$0.name]) }
    }

    private func minimum(_ item: Item, _ name: String, _ bound: Quantity, _ request: Quantity?, _ limit: Quantity?)
        -> String?
    {
        let rule = "minimum \(name) usage per \(item.type) is \(bound)"
        guard let request else { return "\(rule).  No request is specified" }
        if request < bound { return "\(rule), but request is \(request)" }
        if let limit, limit < bound { return "\(rule), but limit is \(limit)" }
        return nil
    }

    private func maximum(_ item: Item, _ name: String, _ bound: Quantity, _ request: Quantity?, _ limit: Quantity?)
        -> String?
    {
        let rule = "maximum \(name) usage per \(item.type) is \(bound)"
        guard let limit else { return "\(rule).  No limit is specified" }
        if limit > bound { return "\(rule), but limit is \(limit)" }
        if let request, request > bound { return "\(rule), but request is \(request)" }
        return nil
    }

    private func ratio(_ item: Item, _ name: String, _ bound: Quantity, _ request: Quantity?, _ limit: Quantity?)
        -> String?
    {
        let rule = "\(name) max limit to request ratio per \(item.type) is \(bound)"
        guard let request, !request.isZero else { return "\(rule), but no request is specified or request is 0" }
        guard let limit, !limit.isZero else { return "\(rule), but no limit is specified or limit is 0" }
        let observed = Double(limit.nanos) / Double(request.nanos)
        guard observed > Double(bound.nanos) / 1e9 else { return nil }
        return "\(rule), but provided ratio is \(sixDigits(observed))"
    }

    private func sixDigits(_ value: Double) -> String {
        let micros = Int((value * 1_000_000).rounded())
        let rest = String(micros % 1_000_000)
        return "\(micros / 1_000_000).\(String(repeating: "0", count: 6 - rest.utf8.count))\(rest)"
    }
}
