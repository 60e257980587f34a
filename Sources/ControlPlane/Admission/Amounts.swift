internal import JSON
internal import KubeAPI

/// Amounts of resources by their names: a ResourceList.
struct Amounts: Equatable {
    private(set) var byName: [String: Quantity] = [:]

    init() {}

    /// From a map of quantities; what is no quantity is left out, as validation refuses it.
    init(_ json: JSONValue?) {
        for member in json?.pairs() ?? [] {
            if let amount = Quantity(json: member.value) { byName[member.key] = amount }
        }
    }

    subscript(name: String) -> Quantity? {
        get { byName[name] }
        set { byName[name] = newValue }
    }

    var isEmpty: Bool { byName.isEmpty }
    var names: Set<String> { Set(byName.keys) }

    /// In the order of their names.
    static func sorted(_ json: JSONValue?) -> [(name: String, amount: Quantity)] {
        Amounts(json).byName.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    }

    static func + (a: Self, b: Self) -> Self {
        var sum = a
        for (name, amount) in b.byName { sum.byName[name] = (sum.byName[name] ?? .zero) + amount }
        return sum
    }

    static func - (a: Self, b: Self) -> Self {
        var rest = a
        for (name, amount) in b.byName { rest.byName[name] = (rest.byName[name] ?? .zero) - amount }
        return rest
    }

    /// The larger amount of each name.
    func maximum(_ other: Self) -> Self {
        var result = self
        for (name, amount) in other.byName { result.byName[name] = max(result.byName[name] ?? amount, amount) }
        return result
    }

    func filter(_ isIncluded: (String) -> Bool) -> Self {
        var result = Amounts()
        result.byName = byName.filter { isIncluded($0.key) }
        return result
    }

    var json: JSONValue {
        .object(JSONObject(byName.sorted { $0.key < $1.key }.map { ($0.key, $0.value.json) }))
    }

    /// As upstream prints a list of them: `cpu=1,memory=2Gi`.
    var text: String { byName.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: ",") }

    /// What a pod takes of a node: its containers together, or one of its init containers, whichever is more; sidecars
    /// run besides both (https://kubernetes.io/docs/concepts/workloads/pods/sidecar-containers/). `part` is "requests" or
    /// "limits".
    static func ofPod(_ pod: JSONValue, _ part: String) -> Amounts {
        var total = Amounts()
        for container in pod.list("spec", "containers") { total = total + Amounts(container.at("resources", part)) }
        var sidecars = Amounts()
        var peak = Amounts()
        for container in pod.list("spec", "initContainers") {
            let own = Amounts(container.at("resources", part))
            if container.text("restartPolicy") == "Always" {
                sidecars = sidecars + own
                peak = peak.maximum(sidecars)
            } else {
                peak = peak.maximum(sidecars + own)
            }
        }
        total = (total + sidecars).maximum(peak)
        for (name, amount) in Amounts(pod.at("spec", "resources", part)).byName { total[name] = amount }
        // An overhead adds to limits only where there are some.
        for (name, amount) in Amounts(pod.at("spec", "overhead")).byName where part == "requests" || total[name] != nil
        {
            total[name] = (total[name] ?? .zero) + amount
        }
        return total
    }
}
