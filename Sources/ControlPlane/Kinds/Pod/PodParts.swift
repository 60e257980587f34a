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

    /// Takes nothing over but resources and resize policies. Lists that name other containers are taken over as they are:
    /// validation says what is wrong with them, and nothing is written.
    static func resized(by new: JSONValue, _ old: JSONValue) -> JSONValue {
        var pod = old
        pod.set(new.at("spec", "resources"), at: "spec", "resources")
        for list in ["containers", "initContainers"] {
            var containers = old.list("spec", list)
            let wanted = new.list("spec", list)
            if containers.map({ $0.text("name") }) == wanted.map({ $0.text("name") }) {
                for index in containers.indices {
                    containers[index].set(wanted[index].at("resources"), at: "resources")
                    containers[index].set(wanted[index].at("resizePolicy"), at: "resizePolicy")
                }
            } else {
                containers = wanted
            }
            if !containers.isEmpty || pod.at("spec", list) != nil { pod.set(.array(containers), at: "spec", list) }
        }
        return pod
    }
}
