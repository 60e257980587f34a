internal import JSON
internal import KubeAPI

/// Volumes and claims begin with a finalizer, which `StorageProtection` takes off when nobody uses them
/// (https://kubernetes.io/docs/concepts/storage/persistent-volumes/#storage-object-in-use-protection).
final class StorageObjectInUseProtectionPlugin: AdmissionPlugin {
    let name = "StorageObjectInUseProtection"

    func admit(_ operation: WriteOperation) throws(APIStatus) {
        guard operation.verb == .create, operation.subresource.isEmpty,
            let finalizer = StorageProtection.finalizers[operation.storage],
            !operation.object.texts("metadata", "finalizers").contains(finalizer)
        else { return }
        operation.object.append(.string(finalizer), at: "metadata", "finalizers")
    }
}

/// A claim grows only when its class says that its volumes can
/// (https://kubernetes.io/docs/reference/access-authn-authz/admission-controllers/#persistentvolumeclaimresize).
final class PersistentVolumeClaimResizePlugin: AdmissionPlugin {
    let name = "PersistentVolumeClaimResize"

    func validate(_ operation: WriteOperation) throws(APIStatus) {
        guard operation.storage == .persistentVolumeClaims, operation.verb == .update, operation.subresource.isEmpty,
            let old = operation.old, let before = Self.size(old), let after = Self.size(operation.object),
            after > before
        else { return }
        if old.text("status", "phase") != "Bound" {
            throw refusal(operation, "Only bound persistent volume claims can be expanded")
        }
        let beta = operation.object.text("metadata", "annotations", "volume.beta.kubernetes.io/storage-class")
        let name = beta.isEmpty ? operation.object.text("spec", "storageClassName") : beta
        let type = operation.cluster.object(.storageClasses, namespace: "", name: name)
        if name.isEmpty || type?.flag("allowVolumeExpansion") != true {
            throw refusal(
                operation,
                "only dynamically provisioned pvc can be resized and the storageclass that provisions the pvc must support resize"
            )
        }
    }

    private static func size(_ claim: JSONValue) -> Quantity? {
        claim.at("spec", "resources", "requests", "storage").flatMap { Quantity(json: $0) }
    }

    private func refusal(_ operation: WriteOperation, _ why: String) -> APIStatus {
        .forbidden(operation.type.groupResource, operation.name, why)
    }
}
