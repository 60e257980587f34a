package import JSON

/// What pods ask for and may use, together.
package enum PodAmounts {
    /// One of the two lists of amounts.
    package enum Part: String {
        case requests
        case limits
    }

    /// What may be said of a pod as a whole (https://kubernetes.io/docs/tasks/configure-pod-container/assign-pod-level-resources/).
    package static func isForWholePods(_ name: String) -> Bool {
        name == "cpu" || name == "memory" || ResourceRules.isHugePages(name)
    }

    /// What a pod takes of a node. What it says of itself as a whole counts instead of what its containers say.
    package static func of(_ pod: JSONValue, _ part: Part, withOverhead: Bool = true) -> Amounts {
        let spec = pod.member("spec") ?? .null
        var total = ofContainers(spec, part)
        for (name, amount) in Amounts(spec.at(["resources", part.rawValue])).byName where isForWholePods(name) {
            total[name] = amount
        }
        guard withOverhead else { return total }
        // An overhead adds to limits only where there are some.
        for (name, amount) in Amounts(spec.member("overhead")).byName where part == .requests || total[name] != nil {
            total[name] = (total[name] ?? .zero) + amount
        }
        return total
    }

    /// What a pod's containers take: together, or one of its init containers, whichever is more; sidecars run besides
    /// both (https://kubernetes.io/docs/concepts/workloads/pods/sidecar-containers/).
    package static func ofContainers(_ spec: JSONValue, _ part: Part) -> Amounts {
        func own(_ container: JSONValue) -> Amounts { Amounts(container.at(["resources", part.rawValue])) }
        var total = Amounts()
        for container in spec.list("containers") { total = total + own(container) }
        var sidecars = Amounts()
        var peak = Amounts()
        for container in spec.list("initContainers") {
            if container.text("restartPolicy") == "Always" {
                sidecars = sidecars + own(container)
                peak = peak.maximum(sidecars)
            } else {
                peak = peak.maximum(sidecars + own(container))
            }
        }
        return (total + sidecars).maximum(peak)
    }
}
