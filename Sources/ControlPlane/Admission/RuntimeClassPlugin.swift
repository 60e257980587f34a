internal import JSON
internal import KubeAPI

/// A pod gets what its RuntimeClass says it costs and where it can run
/// (https://kubernetes.io/docs/reference/access-authn-authz/admission-controllers/#runtimeclass).
final class RuntimeClassPlugin: AdmissionPlugin {
    let name = "RuntimeClass"

    func admit(_ operation: WriteOperation) throws(APIStatus) {
        guard operation.storage == .pods, operation.verb == .create, operation.subresource.isEmpty,
            let runtime = try runtimeClass(operation)
        else { return }
        let overhead = runtime.at("overhead", "podFixed")
        if let overhead {
            let given = operation.object.at("spec", "overhead")
            if let given, !given.isEquivalent(to: overhead) {
                throw refusal(operation, "Pod's Overhead doesn't match RuntimeClass's defined Overhead")
            }
            operation.object.set(overhead, at: "spec", "overhead")
        }
        try addSelector(runtime, operation)
        for toleration in runtime.list("scheduling", "tolerations")
        where !operation.object.list("spec", "tolerations").contains(toleration) {
            operation.object.append(toleration, at: "spec", "tolerations")
        }
    }

    func validate(_ operation: WriteOperation) throws(APIStatus) {
        guard operation.storage == .pods, operation.verb == .create, operation.subresource.isEmpty else { return }
        let overhead = try runtimeClass(operation)?.at("overhead", "podFixed")
        if overhead == nil, operation.object.at("spec", "overhead") != nil {
            throw refusal(operation, "Pod Overhead set without corresponding RuntimeClass defined Overhead")
        }
    }

    private func runtimeClass(_ operation: WriteOperation) throws(APIStatus) -> JSONValue? {
        let name = operation.object.text("spec", "runtimeClassName")
        if name.isEmpty { return nil }
        guard let runtime = operation.cluster.object(.runtimeClasses, namespace: "", name: name) else {
            throw refusal(operation, "RuntimeClass \(FieldCause.quoted(name)) not found")
        }
        return runtime
    }

    private func addSelector(_ runtime: JSONValue, _ operation: WriteOperation) throws(APIStatus) {
        for label in runtime.pairs("scheduling", "nodeSelector") {
            let present = operation.object.at("spec", "nodeSelector", label.key)
            if let present, present != label.value {
                throw .forbidden(
                    operation.type.groupResource, operation.name,
                    "conflict: runtimeClass.scheduling.nodeSelector[\(label.key)] = \(label.value.string ?? ""); "
                        + "pod.spec.nodeSelector[\(label.key)] = \(present.string ?? "")")
            }
            operation.object.set(label.value, at: "spec", "nodeSelector", label.key)
        }
    }

    private func refusal(_ operation: WriteOperation, _ why: String) -> APIStatus {
        .forbidden(operation.type.groupResource, operation.name, "pod rejected: \(why)")
    }
}
