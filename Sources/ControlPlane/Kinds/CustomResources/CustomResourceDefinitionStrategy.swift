internal import JSON
internal import KubeAPI

/// CustomResourceDefinitions, and the rule that nothing is made of a kind whose definition goes.
final class CustomResourceDefinitionStrategy: ResourceStrategy {
    static let finalizer = "customresourcecleanup.apiextensions.k8s.io"
    private static let approval = "api-approved.kubernetes.io"
    let allowsUnconditionalUpdate = false

    func prepareForCreate(_ operation: WriteOperation) throws(APIStatus) {
        operation.object.set(
            ["acceptedNames": ["plural": "", "kind": ""], "conditions": [], "storedVersions": []], at: "status")
        noteStorageVersion(&operation.object)
    }

    func prepareForUpdate(_ operation: WriteOperation) throws(APIStatus) {
        guard operation.subresource.isEmpty else { return }
        noteStorageVersion(&operation.object)
    }

    func validate(_ operation: WriteOperation) -> [FieldCause] {
        guard operation.subresource.isEmpty else { return [] }
        let definition = operation.object
        var causes: [FieldCause] = []
        if let strategy = definition.at("spec", "conversion", "strategy")?.string, strategy != "None" {
            causes.append(.notSupported("spec.conversion.strategy", .string(strategy), ["None"]))
        }
        let group = definition.text("spec", "group")
        let isProtected = ["k8s.io", "kubernetes.io"].contains { group == $0 || group.hasSuffix(".\($0)") }
        if isProtected, definition.text("metadata", "annotations", Self.approval).isEmpty {
            causes.append(
                .required(
                    "metadata.annotations[\(Self.approval)]",
                    "protected groups must have approval annotation \"\(Self.approval)\", see "
                        + "https://github.com/kubernetes/enhancements/pull/1111"))
        }
        return causes
    }

    /// The definition stays until all objects of its kind are gone.
    func prepareForDelete(_ operation: WriteOperation) throws(APIStatus) {
        guard operation.object.at("metadata", "deletionTimestamp") == nil,
            !operation.object.texts("metadata", "finalizers").contains(Self.finalizer)
        else { return }
        operation.object.append(.string(Self.finalizer), at: "metadata", "finalizers")
        let condition: JSONValue = [
            "type": "Terminating", "status": "True", "reason": "InstanceDeletionPending",
            "message": "CustomResourceDefinition marked for deletion; CustomResource deletion will begin soon",
        ]
        operation.object.setCondition(condition, now: operation.cluster.timestamp)
    }

    /// Objects may from now on be kept in this version.
    private func noteStorageVersion(_ definition: inout JSONValue) {
        guard let version = definition.list("spec", "versions").first(where: { $0.flag("storage") }) else { return }
        if definition.texts("status", "storedVersions").contains(version.text("name")) { return }
        definition.append(.string(version.text("name")), at: "status", "storedVersions")
    }
}

/// Custom resources: no overwriting without a resourceVersion, and none of a kind whose definition goes.
final class CustomResourceLifecycle: AdmissionPlugin {
    let name = "CustomResourceLifecycle"

    func admit(_ operation: WriteOperation) throws(APIStatus) {
        guard operation.verb == .create, operation.type.isCustom else { return }
        let definition = operation.cluster.cache.object(
            .customResourceDefinitions, operation.type.groupResource.description)
        guard definition?.header.deletionTimestamp != nil else { return }
        throw APIStatus(
            code: 405, reason: "MethodNotAllowed",
            message: "create not allowed while custom resource definition is terminating",
            details: .init(group: operation.type.group, kind: operation.type.plural))
    }
}
