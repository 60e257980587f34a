internal import JSON
internal import KubeAPI

/// Namespaces: they hold what is in them, and end when the namespace controller has emptied them
/// (https://kubernetes.io/docs/concepts/overview/working-with-objects/namespaces/).
final class NamespaceStrategy: ResourceStrategy {
    /// The server's own finalizer, in the spec, where it was before objects in general had any.
    static let finalizer = "kubernetes"
    static let nameLabel = "kubernetes.io/metadata.name"
    /// Those that every cluster has.
    static let system = ["default", "kube-system", "kube-public", "kube-node-lease"]

    func prepareForCreate(_ operation: WriteOperation) throws(APIStatus) {
        operation.object.set(["phase": "Active"], at: "status")
        if !operation.object.texts("spec", "finalizers").contains(Self.finalizer) {
            operation.object.append(.string(Self.finalizer), at: "spec", "finalizers")
        }
        label(operation)
    }

    func prepareForUpdate(_ operation: WriteOperation) throws(APIStatus) {
        if operation.subresource.isEmpty {
            operation.object.set(operation.old?.at("spec", "finalizers"), at: "spec", "finalizers")
        }
        label(operation)
    }

    private func label(_ operation: WriteOperation) {
        operation.object.set(.string(operation.name), at: "metadata", "labels", Self.nameLabel)
    }

    func prepareForDelete(_ operation: WriteOperation) throws(APIStatus) {
        operation.object.set("Terminating", at: "status", "phase")
    }

    func isFinalized(_ object: JSONValue) -> Bool { object.list("spec", "finalizers").isEmpty }

    func part(_ subresource: String, of old: JSONValue, from new: JSONValue) -> JSONValue? {
        guard subresource == "finalize" else { return nil }
        var namespace = old
        namespace.set(new.at("spec", "finalizers"), at: "spec", "finalizers")
        return namespace
    }

    static func object(_ name: String) -> JSONValue {
        ["apiVersion": "v1", "kind": "Namespace", "metadata": ["name": .string(name)]]
    }
}
