internal import JSON
internal import KubeAPI

/// The parts of a pod's spec that have paths of their own: ephemeral containers, and resources of running containers.
enum PodParts {
    /// Takes nothing over but ephemeral containers.
    static func withEphemeralContainers(of new: JSONValue, in old: JSONValue) -> JSONValue {
        var pod = old
        pod.set(new.at("spec", "ephemeralContainers"), at: "spec", "ephemeralContainers")
        return pod
    }

    /// Takes nothing over but the containers' resources and resize policies, by the containers' names.
    static func resized(by new: JSONValue, _ old: JSONValue) -> JSONValue {
        var pod = old
        for list in ["containers", "initContainers"] {
            var containers = old.list("spec", list)
            let wanted = new.list("spec", list)
            for index in containers.indices {
                let name = containers[index].text("name")
                guard let source = wanted.first(where: { $0.text("name") == name }) else { continue }
                containers[index].set(source.at("resources"), at: "resources")
                containers[index].set(source.at("resizePolicy"), at: "resizePolicy")
            }
            if !containers.isEmpty { pod.set(.array(containers), at: "spec", list) }
        }
        return pod
    }

    /// What may not be resized so (https://kubernetes.io/docs/tasks/configure-pod-container/resize-container-resources/).
    static func resizeCauses(_ new: JSONValue, old: JSONValue) -> [FieldCause] {
        if old.at("metadata", "annotations", "kubernetes.io/config.mirror") != nil {
            return [.forbidden("", "static pods cannot be resized")]
        }
        var causes: [FieldCause] = []
        for list in ["containers", "initContainers"] {
            for (index, pair) in zip(old.list("spec", list), new.list("spec", list)).enumerated()
            where pair.0.at("resources") != pair.1.at("resources") {
                let path = "spec.\(list)[\(index)].resources"
                if list == "initContainers", pair.0.text("restartPolicy") != "Always" {
                    causes.append(.forbidden(path, "resources for non-sidecar init containers are immutable"))
                } else {
                    causes += resourceCauses(path, pair.0, pair.1)
                }
            }
        }
        let before = PodQuality(spec: old.at("spec") ?? .null)
        let after = PodQuality(spec: new.at("spec") ?? .null)
        if before != after {
            causes.append(
                .invalid("spec", .string(after.rawValue), "Pod QOS Class may not change as a result of resizing"))
        }
        return causes
    }

    /// Amounts of cpu and memory may change; none may go, and nothing else may change.
    private static func resourceCauses(_ path: String, _ old: JSONValue, _ new: JSONValue) -> [FieldCause] {
        var causes: [FieldCause] = []
        for part in ["limits", "requests"] {
            for resource in ["cpu", "memory"]
            where old.at("resources", part, resource) != nil && new.at("resources", part, resource) == nil {
                causes.append(.forbidden("\(path).\(part)", "resource \(part) cannot be removed"))
                break
            }
        }
        func rest(_ container: JSONValue) -> JSONValue {
            var container = container
            for part in ["limits", "requests"] {
                for resource in ["cpu", "memory"] { container.set(nil, at: "resources", part, resource) }
                if container.pairs("resources", part).isEmpty { container.set(nil, at: "resources", part) }
            }
            return container.at("resources") ?? [:]
        }
        if !rest(old).isEquivalent(to: rest(new)) {
            causes.append(.forbidden("spec", "only cpu and memory resources are mutable"))
        }
        return causes
    }
}
