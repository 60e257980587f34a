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

    static func resizeCauses(_ new: JSONValue, old: JSONValue) -> [FieldCause] {
        let before = PodQuality(spec: old.at("spec") ?? .null)
        let after = PodQuality(spec: new.at("spec") ?? .null)
        if before == after { return [] }
        return [.invalid("spec", .string(after.rawValue), "Pod QOS Class may not change as a result of resizing")]
    }
}
