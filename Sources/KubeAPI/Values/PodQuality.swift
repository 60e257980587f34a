package import JSON

/// A pod's quality-of-service class, which its requests and limits of cpu and memory decide
/// (https://kubernetes.io/docs/concepts/workloads/pods/pod-qos/).
package enum PodQuality: String {
    case guaranteed = "Guaranteed"
    case burstable = "Burstable"
    case bestEffort = "BestEffort"

    package init(spec: JSONValue) {
        var (requests, limits) = (Amounts(), Amounts())
        var everyLimitIsSet = true
        // What is said of the pod as a whole counts instead of what its containers say.
        let whole = spec.member("resources").flatMap { Self.saysSomething($0) ? $0 : nil }
        let containers = spec.list("containers") + spec.list("initContainers")
        for resources in whole.map({ [$0] }) ?? containers.map({ $0.member("resources") ?? .null }) {
            requests = requests + Self.amounts(resources, .requests)
            let set = Self.amounts(resources, .limits)
            limits = limits + set
            if set.names.count < 2 { everyLimitIsSet = false }
        }
        if requests.isEmpty && limits.isEmpty {
            self = .bestEffort
        } else if everyLimitIsSet && requests == limits {
            self = .guaranteed
        } else {
            self = .burstable
        }
    }

    private static func saysSomething(_ resources: JSONValue) -> Bool {
        ["requests", "limits"].contains { list in
            resources.object(at: list).members.contains { PodAmounts.isForWholePods($0.key) }
        }
    }

    /// Of cpu and memory, what is more than nothing.
    private static func amounts(_ resources: JSONValue, _ part: PodAmounts.Part) -> Amounts {
        let all = Amounts(resources.member(part.rawValue))
        return all.filter { ($0 == "cpu" || $0 == "memory") && all[$0].map { $0 > .zero } == true }
    }
}
