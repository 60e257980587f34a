internal import JSON
internal import KubeAPI

/// The plugins that fill in pods; what they fill in is in the files of `DefaultTolerationSeconds`, `PodPriority` and
/// `ServiceAccountMount`.
final class DefaultTolerationSecondsPlugin: AdmissionPlugin {
    let name = "DefaultTolerationSeconds"

    func admit(_ operation: WriteOperation) throws(APIStatus) {
        guard operation.storage == .pods, operation.verb != .delete, operation.subresource.isEmpty else { return }
        DefaultTolerationSeconds.apply(to: &operation.object)
    }
}

final class PriorityPlugin: AdmissionPlugin {
    let name = "Priority"

    func admit(_ operation: WriteOperation) throws(APIStatus) {
        guard operation.storage == .pods, operation.subresource.isEmpty else { return }
        switch operation.verb {
        case .create:
            let classes = operation.cluster.objects(.priorityClasses)
            do throws(PodPriority.Refusal) {
                try PodPriority.resolve(&operation.object, classes: classes)
            } catch {
                throw .forbidden(operation.type.groupResource, operation.name, error.reason)
            }
        case .update: if let old = operation.old { PodPriority.keep(&operation.object, old: old) }
        case .delete: break
        }
    }

    func validate(_ operation: WriteOperation) throws(APIStatus) {
        guard operation.storage == .priorityClasses, operation.verb != .delete else { return }
        do throws(PodPriority.Refusal) {
            try PodPriority.checkDefault(operation.object, classes: operation.cluster.objects(.priorityClasses))
        } catch {
            throw .forbidden(operation.type.groupResource, operation.name, error.reason)
        }
    }
}

final class ServiceAccountPlugin: AdmissionPlugin {
    let name = "ServiceAccount"
    private static let mirrorAnnotation = "kubernetes.io/config.mirror"

    func admit(_ operation: WriteOperation) throws(APIStatus) {
        guard operation.storage == .pods, operation.subresource.isEmpty else { return }
        if operation.verb == .update, let old = operation.old {
            for field in ["serviceAccountName", "serviceAccount"] where operation.object.at("spec", field) == nil {
                operation.object.set(old.at("spec", field), at: "spec", field)
            }
        }
        guard operation.verb == .create else { return }
        if operation.object.at("metadata", "annotations", Self.mirrorAnnotation) != nil {
            return try checkMirror(operation)
        }
        var name = operation.object.text("spec", "serviceAccountName")
        if name.isEmpty { name = operation.object.text("spec", "serviceAccount") }
        if name.isEmpty { name = "default" }
        operation.object.set(.string(name), at: "spec", "serviceAccountName")
        let account = operation.cluster.object(.serviceAccounts, namespace: operation.namespace, name: name)
        guard let account else {
            let place = "\(operation.namespace)/\(name)"
            throw forbidden(
                operation, "error looking up service account \(place): serviceaccount \"\(name)\" not found")
        }
        try checkSecrets(operation, account)
        ServiceAccountMount.apply(to: &operation.object, account: account, suffix: ObjectMetadata.generatedName(""))
    }

    /// A mirror of a static pod has come from a node's disk: nothing of the cluster's may be given to it.
    private func checkMirror(_ operation: WriteOperation) throws(APIStatus) {
        let pod = operation.object
        if !pod.text("spec", "serviceAccountName").isEmpty || !pod.text("spec", "serviceAccount").isEmpty {
            throw forbidden(operation, "a mirror pod may not reference service accounts")
        }
        if !Self.secrets(of: pod).isEmpty { throw forbidden(operation, "a mirror pod may not reference secrets") }
        for volume in pod.list("spec", "volumes") {
            let projects = volume.list("projected", "sources").contains { $0.at("serviceAccountToken") != nil }
            if projects {
                throw forbidden(operation, "a mirror pod may not use ServiceAccountToken volume projections")
            }
        }
    }

    /// An account can demand that its pods use no secrets but those that it lists.
    private func checkSecrets(_ operation: WriteOperation, _ account: JSONValue) throws(APIStatus) {
        let annotation = account.text("metadata", "annotations", "kubernetes.io/enforce-mountable-secrets")
        guard annotation == "true" else { return }
        let mountable = Set(account.list("secrets").map { $0.text("name") })
        for secret in Self.secrets(of: operation.object) where !mountable.contains(secret) {
            let account = account.text("metadata", "name")
            throw forbidden(
                operation,
                "volume with secret.secretName=\"\(secret)\" is not allowed because service account \(account) does not reference that secret"
            )
        }
    }

    private static func secrets(of pod: JSONValue) -> [String] {
        pod.list("spec", "volumes").compactMap { $0.at("secret", "secretName")?.string }
    }

    private func forbidden(_ operation: WriteOperation, _ why: String) -> APIStatus {
        .forbidden(operation.type.groupResource, operation.name, why)
    }
}
