internal import JSON
internal import KubeAPI

/// Keeps pods and volume claims within the LimitRanges of their namespace.
final class LimitRanger: AdmissionPlugin {
    let name = "LimitRanger"

    func admit(_ operation: WriteOperation) throws(APIStatus) {
        guard operation.verb == .create, operation.storage == .pods, operation.subresource.isEmpty else { return }
        for limitRange in limitRanges(operation) { LimitRangeRules(limitRange).complete(&operation.object) }
    }

    func validate(_ operation: WriteOperation) throws(APIStatus) {
        guard operation.verb != .delete else { return }
        var problems: [String] = []
        switch operation.storage {
        case .pods where operation.verb == .create || operation.subresource == "resize":
            for limitRange in limitRanges(operation) {
                problems += LimitRangeRules(limitRange).problems(pod: operation.object)
            }
        case .persistentVolumeClaims where operation.subresource.isEmpty:
            for limitRange in limitRanges(operation) {
                problems += LimitRangeRules(limitRange).problems(claim: operation.object)
            }
        default: return
        }
        guard !problems.isEmpty else { return }
        let text = problems.count == 1 ? problems[0] : "[\(problems.joined(separator: ", "))]"
        throw .forbidden(operation.type.groupResource, operation.name, text)
    }

    private func limitRanges(_ operation: WriteOperation) -> [JSONValue] {
        operation.cluster.objects(.limitRanges, namespace: operation.namespace)
    }
}
