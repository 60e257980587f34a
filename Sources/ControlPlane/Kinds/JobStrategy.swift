internal import JSON
internal import KubeAPI

/// Jobs: unless they bring a selector of their own, the server gives them one that no other Job has.
final class JobStrategy: ResourceStrategy {
    /// Upstream has always left the dependents alone, unless it is told otherwise.
    let defaultPropagation: DeleteOptions.Propagation? = .orphan

    func prepareForCreate(_ operation: WriteOperation) throws(APIStatus) {
        guard !operation.object.flag("spec", "manualSelector"), operation.object.at("spec", "selector") == nil else {
            return
        }
        let uid = operation.object.at("metadata", "uid") ?? ""
        let name = JSONValue.string(operation.name)
        let labels: [(String, JSONValue)] = [
            ("batch.kubernetes.io/controller-uid", uid), ("batch.kubernetes.io/job-name", name),
            // Their names before they had a prefix.
            ("controller-uid", uid), ("job-name", name),
        ]
        for (key, value) in labels {
            operation.object.set(value, at: "spec", "template", "metadata", "labels", key)
        }
        operation.object.set(
            ["matchLabels": ["batch.kubernetes.io/controller-uid": uid]], at: "spec", "selector")
    }
}
