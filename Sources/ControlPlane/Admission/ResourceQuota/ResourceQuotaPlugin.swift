internal import JSON
internal import KubeAPI

/// Refuses what would exceed a quota, and books what does not in the quota's status, in the transaction of the write: so
/// no number of writes at once, through however many servers, exceeds it.
final class ResourceQuotaPlugin: AdmissionPlugin {
    let name = "ResourceQuota"

    func validate(_ operation: WriteOperation) throws(APIStatus) {
        guard operation.verb != .delete, !operation.namespace.isEmpty else { return }
        // A status tells of the past; a pod's end is counted by the controller.
        guard operation.subresource.isEmpty || operation.subresource == "resize" else { return }
        let cluster = operation.cluster
        guard let type = cluster.type(of: .resourceQuotas) else { return }
        var refusal: String?
        cluster.cache[.resourceQuotas].forEach(prefix: operation.namespace + "/") { object in
            guard let quota = object.decoded else { return true }
            do throws(QuotaBook.Refusal) {
                let booked = try QuotaBook(quota).booked(
                    old: operation.old, new: operation.object, operation.type)
                guard let booked else { return true }
                operation.companions.append(.update(type, booked, expected: object.revision))
            } catch {
                refusal = error.reason
                return false
            }
            return true
        }
        if let refusal { throw .forbidden(operation.type.groupResource, operation.name, refusal) }
    }
}
