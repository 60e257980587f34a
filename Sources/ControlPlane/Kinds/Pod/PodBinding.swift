internal import JSON
internal import KubeAPI

/// What a Binding does to a pod: it names the node, once.
struct PodBinding {
    let binding: JSONValue
    /// RFC 3339.
    let now: String

    static let resource = GroupResource(group: "", resource: "pods/binding")

    /// What is wrong with the Binding itself.
    func causes() -> [FieldCause] {
        var causes: [FieldCause] = []
        let kind = binding.text("target", "kind")
        if !kind.isEmpty && kind != "Node" {
            causes.append(.notSupported("target.kind", .string(kind), ["Node", "<empty>"]))
        }
        if binding.text("target", "name").isEmpty { causes.append(.required("target.name")) }
        return causes
    }

    /// The pod with its node; a conflict when it has one already, is being deleted, or is held back.
    func bind(_ pod: JSONValue) throws(APIStatus) -> JSONValue {
        let name = pod.text("metadata", "name")
        func conflict(_ why: String) -> APIStatus { .conflict(Self.resource, name, why) }
        let uid = binding.text("metadata", "uid")
        if !uid.isEmpty && uid != pod.text("metadata", "uid") {
            throw conflict(
                "Precondition failed: UID in precondition: \(uid), UID in object meta: \(pod.text("metadata", "uid"))")
        }
        if pod.at("metadata", "deletionTimestamp") != nil {
            throw conflict("pod \(name) is being deleted, cannot be assigned to a host")
        }
        let present = pod.text("spec", "nodeName")
        if !present.isEmpty { throw conflict("pod \(name) is already assigned to node \"\(present)\"") }
        if !pod.list("spec", "schedulingGates").isEmpty {
            throw conflict("pod \(name) has non-empty .spec.schedulingGates")
        }
        var pod = pod
        pod.set(binding.at("target", "name"), at: "spec", "nodeName")
        for annotation in binding.pairs("metadata", "annotations") {
            pod.set(annotation.value, at: "metadata", "annotations", annotation.key)
        }
        // The scheduler may say where the node lies.
        for label in binding.pairs("metadata", "labels") where label.key.hasPrefix("topology.kubernetes.io/") {
            pod.set(label.value, at: "metadata", "labels", label.key)
        }
        pod.setCondition(["type": "PodScheduled", "status": "True"], now: now)
        return pod
    }
}
