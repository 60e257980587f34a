internal import JSON
internal import KubeAPI

/// A pod's quality-of-service class, which its requests and limits of cpu and memory decide
/// (https://kubernetes.io/docs/concepts/workloads/pods/pod-qos/).
enum PodQuality: String {
    case guaranteed = "Guaranteed"
    case burstable = "Burstable"
    case bestEffort = "BestEffort"

    init(spec: JSONValue) {
        var requests: [String: Quantity] = [:]
        var limits: [String: Quantity] = [:]
        var everyLimitIsSet = true
        // Resources of the pod as a whole, where they are given, count instead of the containers'.
        let parts =
            spec.at("resources").map { [["resources": $0]] } ?? spec.list("containers") + spec.list("initContainers")
        for part in parts {
            Self.add(part.pairs("resources", "requests"), to: &requests)
            let set = Self.add(part.pairs("resources", "limits"), to: &limits)
            if set < 2 { everyLimitIsSet = false }
        }
        if requests.isEmpty && limits.isEmpty {
            self = .bestEffort
        } else if everyLimitIsSet && requests == limits {
            self = .guaranteed
        } else {
            self = .burstable
        }
    }

    /// Sums up cpu and memory; returns how many of the two are more than nothing here.
    @discardableResult
    private static func add(_ amounts: [JSONObject.Member], to sums: inout [String: Quantity]) -> Int {
        var count = 0
        for member in amounts where member.key == "cpu" || member.key == "memory" {
            guard let amount = Quantity(json: member.value), amount > .zero else { continue }
            sums[member.key, default: .zero] += amount
            count += 1
        }
        return count
    }
}

extension Quantity {
    /// A quantity is written as a string, or as a bare number.
    init?(json: JSONValue) {
        guard let text = json.string ?? json.number?.literal else { return nil }
        self.init(text)
    }

    var json: JSONValue { .string(description) }
}
