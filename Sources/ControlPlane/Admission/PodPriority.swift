internal import JSON

/// The number behind a pod's priority class
/// (https://kubernetes.io/docs/concepts/scheduling-eviction/pod-priority-preemption/).
enum PodPriority {
    /// Why a pod is refused, as the text after "is forbidden: ".
    struct Refusal: Error, Equatable {
        var reason: String
    }

    /// The classes that every cluster has.
    static let systemClasses: [(name: String, value: Int, description: String)] = [
        (
            "system-node-critical", 2_000_001_000,
            "Used for system critical pods that must not be moved from their current node."
        ),
        (
            "system-cluster-critical", 2_000_000_000,
            "Used for system critical pods that must run in the cluster, but can be moved to another node if necessary."
        ),
    ]

    /// Of a new pod, given all classes that there are.
    static func resolve(_ pod: inout JSONValue, classes: [JSONValue]) throws(Refusal) {
        var name = pod.text("spec", "priorityClassName")
        let found: JSONValue?
        if name.isEmpty {
            // Of several defaults the lowest counts.
            found = classes.filter { $0.flag("globalDefault") }.min { $0.integer("value") < $1.integer("value") }
            name = found?.text("metadata", "name") ?? ""
        } else {
            found = classes.first { $0.text("metadata", "name") == name }
            if found == nil { throw Refusal(reason: "no PriorityClass with name \(name) was found") }
        }
        let value = found?.integer("value") ?? 0
        if let given = pod.at("spec", "priority")?.int, given != value {
            throw Refusal(
                reason:
                    "the integer value of priority (\(given)) must not be provided in pod spec; priority admission controller computed \(value) from the given PriorityClass name"
            )
        }
        let policy = found?.at("preemptionPolicy")?.string ?? "PreemptLowerPriority"
        if let given = pod.at("spec", "preemptionPolicy")?.string, given != policy {
            throw Refusal(
                reason:
                    "the string value of PreemptionPolicy (\(given)) must not be provided in pod spec; priority admission controller computed \(policy) from the given PriorityClass name"
            )
        }
        if !name.isEmpty { pod.set(.string(name), at: "spec", "priorityClassName") }
        pod.set(.number(JSONNumber(value)), at: "spec", "priority")
        pod.set(.string(policy), at: "spec", "preemptionPolicy")
    }

    /// Of a pod that is replaced by a client that does not know the fields.
    static func keep(_ pod: inout JSONValue, old: JSONValue) {
        for field in ["priority", "preemptionPolicy"] where pod.at("spec", field) == nil {
            pod.set(old.at("spec", field), at: "spec", field)
        }
    }

    /// A class that is to be the default when another is.
    static func checkDefault(_ new: JSONValue, classes: [JSONValue]) throws(Refusal) {
        guard new.flag("globalDefault") else { return }
        let name = new.text("metadata", "name")
        guard let other = classes.first(where: { $0.flag("globalDefault") && $0.text("metadata", "name") != name })
        else { return }
        throw Refusal(
            reason:
                "PriorityClass \(other.text("metadata", "name")) is already marked as default. Only one default can exist"
        )
    }
}
