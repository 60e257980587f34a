internal import JSON
internal import KubeAPI

/// Pods: a kubelet makes mirror pods of its static pods, deletes, evicts and reports on its own, and asks for their
/// tokens.
extension NodeRestriction {
    private static let pods = GroupResource(group: "", resource: "pods")
    private static let nodes = GroupResource(group: "", resource: "nodes")
    private static let mirrorAnnotation = "kubernetes.io/config.mirror"

    func admitPod(_ write: Write, _ node: String) throws(APIStatus) {
        switch write.operation {
        case .create: try admitMirrorPod(write, node)
        case .delete:
            let pod = try existingPod(write, write.name)
            if Self.node(of: pod) != node {
                throw write.forbidden(
                    "node \(FieldCause.quoted(node)) can only delete pods with spec.nodeName set to itself")
            }
        case .update:
            throw write.forbidden(
                "unexpected operation \(FieldCause.quoted(write.operation.rawValue)), "
                    + "node \(FieldCause.quoted(node)) can only create and delete mirror pods")
        }
    }

    private func admitMirrorPod(_ write: Write, _ node: String) throws(APIStatus) {
        let quoted = FieldCause.quoted(node)
        let pod = write.object ?? .null
        if pod.member(at: "metadata", "annotations", Self.mirrorAnnotation) == nil {
            throw write.forbidden(
                "pod does not have \(FieldCause.quoted(Self.mirrorAnnotation)) annotation, "
                    + "node \(quoted) can only create mirror pods")
        }
        if Self.node(of: pod) != node {
            throw write.forbidden("node \(quoted) can only create pods with spec.nodeName set to itself")
        }
        try admitOwner(Self.list(pod, "metadata", "ownerReferences"), write, node)
        let referred: [(Bool, String)] = [
            (pod.member(at: "spec", "serviceAccountName")?.string?.isEmpty == false, "a service account"),
            (!ObjectReferences.secrets(of: pod).isEmpty, "secrets"),
            (!ObjectReferences.configMaps(of: pod).isEmpty, "configmaps"),
            (
                ObjectReferences.volumes(of: pod).contains { volume in
                    ObjectReferences.projectedSources(of: volume).contains { $0.member("clusterTrustBundle") != nil }
                }, "clustertrustbundles"
            ),
            (
                ObjectReferences.volumes(of: pod).contains { $0.member("persistentVolumeClaim") != nil },
                "persistentvolumeclaims"
            ),
            (!Self.list(pod, "spec", "resourceClaims").isEmpty, "resourceclaims"),
        ]
        for (isReferred, what) in referred where isReferred {
            throw write.forbidden("node \(quoted) can not create pods that reference \(what)")
        }
    }

    private func admitOwner(_ owners: [JSONValue], _ write: Write, _ node: String) throws(APIStatus) {
        let quoted = FieldCause.quoted(node)
        if owners.count > 1 {
            throw write.forbidden("node \(quoted) can only create pods with a single owner reference set to itself")
        }
        let owner = owners.first
        if owner?.member("apiVersion")?.string != "v1" || owner?.member("kind")?.string != "Node"
            || owner?.member("name")?.string != node
        {
            throw write.forbidden("node \(quoted) can only create pods with an owner reference set to itself")
        }
        if owner?.member("controller")?.bool != true {
            throw write.forbidden("node \(quoted) can only create pods with a controller owner reference set to itself")
        }
        if owner?.member("blockOwnerDeletion")?.bool == true {
            throw write.forbidden("node \(quoted) must not set blockOwnerDeletion on an owner reference")
        }
        guard let stored = lookup(Self.nodes, "", node) else { throw .notFound(Self.nodes, node) }
        let (claimed, uid) = (owner?.member("uid")?.string ?? "", Self.uid(of: stored))
        if claimed != uid { throw write.forbidden("node \(node) UID mismatch: expected \(claimed) got \(uid)") }
    }

    func admitPodStatus(_ write: Write, _ node: String) throws(APIStatus) {
        guard write.operation == .update else { throw unexpected(write) }
        let quoted = FieldCause.quoted(node)
        if Self.node(of: write.old) != node {
            throw write.forbidden("node \(quoted) can only update pod status for pods with spec.nodeName set to itself")
        }
        if NodeLabels.labels(of: write.old) != NodeLabels.labels(of: write.object) {
            throw write.forbidden("node \(quoted) cannot update labels through pod status")
        }
        let claims = "resourceClaimStatuses"
        if Self.list(write.old, "status", claims) != Self.list(write.object, "status", claims) {
            throw write.forbidden("node \(quoted) cannot update resource claim statues")
        }
    }

    func admitEviction(_ write: Write, _ node: String) throws(APIStatus) {
        guard write.operation == .create else {
            throw write.forbidden("unexpected operation \(write.operation.rawValue)")
        }
        let name = write.name.isEmpty ? write.object?.member(at: "metadata", "name")?.string ?? "" : write.name
        if name.isEmpty { throw write.forbidden("could not determine pod from request data") }
        if Self.node(of: try existingPod(write, name)) != node {
            throw write.forbidden("node \(node) can only evict pods with spec.nodeName set to itself")
        }
    }

    func admitToken(_ write: Write, _ node: String) throws(APIStatus) {
        let reference = write.object?.member(at: "spec", "boundObjectRef")
        guard reference?.member("apiVersion")?.string == "v1", reference?.member("kind")?.string == "Pod",
            let name = reference?.member("name")?.string, !name.isEmpty
        else { throw write.forbidden("node requested token not bound to a pod") }
        guard let uid = reference?.member("uid")?.string, !uid.isEmpty else {
            throw write.forbidden("node requested token with a pod binding without a uid")
        }
        let pod = try existingPod(write, name)
        if Self.uid(of: pod) != uid {
            throw write.forbidden(
                "the UID in the bound object reference (\(uid)) does not match the UID in record. "
                    + "The object might have been deleted and then recreated")
        }
        if Self.node(of: pod) != node {
            throw write.forbidden("node requested token bound to a pod scheduled on a different node")
        }
        try admitAudience(write, pod)
    }

    /// A node may ask for tokens only for audiences that the pod's volumes name, or that RBAC gives it.
    private func admitAudience(_ write: Write, _ pod: JSONValue) throws(APIStatus) {
        let audiences = Self.list(write.object, "spec", "audiences").compactMap(\.string)
        if audiences.count > 1 { throw write.forbidden("node may only request 0 or 1 audiences") }
        let audience = audiences.first ?? ""
        if ServiceAccountAudiences.named(by: pod, lookup).contains(audience) { return }
        let request = AccessRequest(
            user: write.user, verb: "request-serviceaccounts-token-audience", apiGroup: "", apiVersion: "v1",
            resource: audience, namespace: write.namespace,
            name: pod.member(at: "spec", "serviceAccountName")?.string ?? "")
        if !authorize(request).isAllowed {
            throw write.forbidden("audience \(FieldCause.quoted(audience)) not found in pod spec volume")
        }
    }

    private func existingPod(_ write: Write, _ name: String) throws(APIStatus) -> JSONValue {
        guard let pod = lookup(Self.pods, write.namespace, name) else { throw .notFound(Self.pods, name) }
        return pod
    }

    private static func node(of pod: JSONValue?) -> String { pod?.member(at: "spec", "nodeName")?.string ?? "" }
    private static func uid(of object: JSONValue) -> String { object.member(at: "metadata", "uid")?.string ?? "" }
}
