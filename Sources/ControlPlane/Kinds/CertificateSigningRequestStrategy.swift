internal import Identity
internal import JSON
internal import KubeAPI

/// Requests for certificates: the server says who asks, and only the path `approval` says whether they get one
/// (https://kubernetes.io/docs/reference/access-authn-authz/certificate-signing-requests/).
final class CertificateSigningRequestStrategy: ResourceStrategy {
    private static let verdicts: Set<String> = ["Approved", "Denied"]

    func prepareForCreate(_ operation: WriteOperation) throws(APIStatus) {
        let user = operation.user
        operation.object.set(.string(user.name), at: "spec", "username")
        operation.object.set(user.uid.isEmpty ? nil : .string(user.uid), at: "spec", "uid")
        operation.object.set(.texts(user.groups), at: "spec", "groups")
        let extra = user.extra.sorted { $0.key < $1.key }.map { ($0.key, JSONValue.texts($0.value)) }
        operation.object.set(extra.isEmpty ? nil : .object(JSONObject(extra)), at: "spec", "extra")
    }

    func prepareForUpdate(_ operation: WriteOperation) throws(APIStatus) {
        guard let old = operation.old else { return }
        operation.object.set(old.at("spec"), at: "spec")
        switch operation.subresource {
        case "status":
            // The signer reports; it does not decide.
            let conditions = Self.verdicts(in: old) + Self.others(in: operation.object)
            operation.object.set(conditions.isEmpty ? nil : .array(conditions), at: "status", "conditions")
        case "approval": break
        default: return
        }
        stamp(operation, old)
    }

    func part(_ subresource: String, of old: JSONValue, from new: JSONValue) -> JSONValue? {
        guard subresource == "approval" else { return nil }
        var request = StatusPart.metadata(of: new, in: old)
        request.set(new.at("status", "conditions"), at: "status", "conditions")
        return request
    }

    func validate(_ operation: WriteOperation) -> [FieldCause] {
        guard operation.subresource == "approval", let old = operation.old else { return [] }
        let path = "status.conditions"
        var causes: [FieldCause] = []
        let present = Set(operation.object.list("status", "conditions").map { $0.text("type") })
        for condition in Self.verdicts(in: old) where !present.contains(condition.text("type")) {
            causes.append(.forbidden(path, "updates may not remove a condition of type \"\(condition.text("type"))\""))
        }
        if present.isSuperset(of: Self.verdicts) {
            causes.append(
                .invalid(path, .texts(present.sorted()), "Approved and Denied conditions are mutually exclusive"))
        }
        return causes
    }

    private static func verdicts(in request: JSONValue) -> [JSONValue] {
        request.list("status", "conditions").filter { verdicts.contains($0.text("type")) }
    }

    private static func others(in request: JSONValue) -> [JSONValue] {
        request.list("status", "conditions").filter { !verdicts.contains($0.text("type")) }
    }

    /// The times of conditions, where clients left them out.
    private func stamp(_ operation: WriteOperation, _ old: JSONValue) {
        var conditions = operation.object.list("status", "conditions")
        for index in conditions.indices {
            if conditions[index].text("status").isEmpty { conditions[index].set("True", at: "status") }
            let former = old.condition(conditions[index].text("type"))
            for field in ["lastUpdateTime", "lastTransitionTime"] where conditions[index].at(field) == nil {
                conditions[index].set(former?.at(field) ?? .string(operation.cluster.timestamp), at: field)
            }
        }
        if !conditions.isEmpty { operation.object.set(.array(conditions), at: "status", "conditions") }
    }
}
