internal import JSON
internal import KubeAPI

/// Nothing is made in a namespace that is not there or is being deleted, and three namespaces stay for good
/// (https://kubernetes.io/docs/reference/access-authn-authz/admission-controllers/#namespacelifecycle).
final class NamespaceLifecycle: AdmissionPlugin {
    let name = "NamespaceLifecycle"
    private static let immortal: Set<String> = ["default", "kube-system", "kube-public"]

    func admit(_ operation: WriteOperation) throws(APIStatus) {
        if operation.verb == .delete, operation.storage == .namespaces, Self.immortal.contains(operation.name) {
            throw .forbidden(operation.type.groupResource, operation.name, "this namespace may not be deleted")
        }
        guard operation.verb == .create, !operation.namespace.isEmpty else { return }
        let namespace = operation.namespace
        guard let home = operation.cluster.cache.object(.namespaces, namespace) else {
            throw .notFound(GroupResource(group: "", resource: "namespaces"), namespace)
        }
        if home.isBeingDeleted { throw Self.isTerminating(operation) }
    }

    private static func isTerminating(_ operation: WriteOperation) -> APIStatus {
        let namespace = operation.namespace
        var status = APIStatus.forbidden(
            operation.type.groupResource, operation.name,
            "unable to create new content in namespace \(namespace) because it is being terminated")
        status.details?.causes = [
            APIStatus.Cause(
                reason: "NamespaceTerminating", message: "namespace \(namespace) is being terminated",
                field: "metadata.namespace")
        ]
        return status
    }
}
