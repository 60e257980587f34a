internal import Identity
internal import JSON
internal import KubeAPI

/// Nobody grants what they do not hold: RBAC's own check of its objects, after validation.
final class EscalationPlugin: AdmissionPlugin {
    let name = "RBACEscalation"
    private let check: EscalationCheck

    init(_ check: EscalationCheck) { self.check = check }

    func validate(_ operation: WriteOperation) throws(APIStatus) {
        guard operation.type.group == "rbac.authorization.k8s.io", operation.verb != .delete else { return }
        try check.check(
            resource: operation.type.plural, namespace: operation.namespace, object: operation.object,
            old: operation.old, user: operation.user)
    }
}

/// Keeps kubelets to what is theirs.
final class NodeRestrictionPlugin: AdmissionPlugin {
    let name = "NodeRestriction"
    private let restriction: NodeRestriction

    init(_ restriction: NodeRestriction) { self.restriction = restriction }

    func admit(_ operation: WriteOperation) throws(APIStatus) {
        let verb: NodeRestriction.Operation =
            switch operation.verb {
            case .create: .create
            case .update: .update
            case .delete: .delete
            }
        try restriction.admit(
            NodeRestriction.Write(
                user: operation.user, operation: verb, resource: operation.type.groupResource,
                subresource: operation.subresource, namespace: operation.namespace,
                name: operation.verb == .create ? "" : operation.name,
                object: operation.verb == .delete ? nil : operation.object, old: operation.old))
    }
}

/// Has certificates issued only by those who may: each signer is a permission.
final class SignerPlugin: AdmissionPlugin {
    let name = "CertificateSigners"
    private let check: SignerCheck

    init(_ check: SignerCheck) { self.check = check }

    func validate(_ operation: WriteOperation) throws(APIStatus) {
        guard operation.type.groupResource == SignerCheck.resource else { return }
        switch (operation.verb, operation.old) {
        case (.create, _): try check.checkCreation(operation.object)
        case (.update, let old?):
            try check.checkUpdate(
                operation.object, old: old, subresource: operation.subresource, user: operation.user)
        default: return
        }
    }
}
