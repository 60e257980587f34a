internal import JSON
internal import KubeAPI

/// CustomResourceDefinitions, and the rule that nothing is made of a kind whose definition goes.
final class CustomResourceDefinitionStrategy: ResourceStrategy {
    static let finalizer = "customresourcecleanup.apiextensions.k8s.io"
    let allowsUnconditionalUpdate = false

    func prepareForCreate(_ operation: WriteOperation) throws(APIStatus) {
        complete(&operation.object)
        operation.object.set(
            ["acceptedNames": ["plural": "", "kind": ""], "conditions": [], "storedVersions": []], at: "status")
        noteStorageVersion(&operation.object)
    }

    func prepareForUpdate(_ operation: WriteOperation) throws(APIStatus) {
        guard operation.subresource.isEmpty else { return }
        complete(&operation.object)
        noteStorageVersion(&operation.object)
    }

    func validate(_ operation: WriteOperation) -> [FieldCause] {
        operation.subresource.isEmpty ? CustomResourceDefinitionRules.causes(operation.object, old: operation.old) : []
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

    /// Names that follow from others.
    private func complete(_ definition: inout JSONValue) {
        let kind = definition.text("spec", "names", "kind")
        if definition.text("spec", "names", "singular").isEmpty, !kind.isEmpty {
            definition.set(.string(kind.lowercased()), at: "spec", "names", "singular")
        }
        if definition.text("spec", "names", "listKind").isEmpty, !kind.isEmpty {
            definition.set(.string(kind + "List"), at: "spec", "names", "listKind")
        }
        if definition.at("spec", "conversion") == nil {
            definition.set(["strategy": "None"], at: "spec", "conversion")
        }
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
