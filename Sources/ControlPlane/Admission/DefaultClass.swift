internal import JSON
internal import KubeAPI

/// The class that the cluster's administrator has marked as the default one of its kind.
struct DefaultClass {
    let storage: StoragePrefix
    /// Any of these, if it is "true", marks a class.
    let annotations: [String]

    /// Of several the newest, and of those of one second the first by name. Nil when none is marked.
    func name(in cluster: any Cluster) -> JSONValue? {
        let marked = cluster.objects(storage).filter { object in
            annotations.contains { object.text("metadata", "annotations", $0) == "true" }
        }
        // Times in RFC 3339 of one zone sort as they are; objects come in the order of their names.
        let newest = marked.map { $0.text("metadata", "creationTimestamp") }.max()
        return marked.first { $0.text("metadata", "creationTimestamp") == newest }?.at("metadata", "name")
    }
}

/// A claim that names no class gets the default one
/// (https://kubernetes.io/docs/reference/access-authn-authz/admission-controllers/#defaultstorageclass).
final class DefaultStorageClassPlugin: AdmissionPlugin {
    let name = "DefaultStorageClass"
    private let standard = DefaultClass(
        storage: .storageClasses,
        annotations: [
            "storageclass.kubernetes.io/is-default-class", "storageclass.beta.kubernetes.io/is-default-class",
        ])

    func admit(_ operation: WriteOperation) throws(APIStatus) {
        guard operation.storage == .persistentVolumeClaims, operation.verb == .create,
            operation.object.at("spec", "storageClassName") == nil,
            operation.object.at("metadata", "annotations", "volume.beta.kubernetes.io/storage-class") == nil,
            let name = standard.name(in: operation.cluster)
        else { return }
        operation.object.set(name, at: "spec", "storageClassName")
    }
}

/// The same of an Ingress
/// (https://kubernetes.io/docs/reference/access-authn-authz/admission-controllers/#defaultingressclass).
final class DefaultIngressClassPlugin: AdmissionPlugin {
    let name = "DefaultIngressClass"
    private let standard = DefaultClass(
        storage: .ingressClasses, annotations: ["ingressclass.kubernetes.io/is-default-class"])

    func admit(_ operation: WriteOperation) throws(APIStatus) {
        guard operation.storage == .ingresses, operation.verb == .create,
            operation.object.at("spec", "ingressClassName") == nil,
            operation.object.at("metadata", "annotations", "kubernetes.io/ingress.class") == nil,
            let name = standard.name(in: operation.cluster)
        else { return }
        operation.object.set(name, at: "spec", "ingressClassName")
    }
}
