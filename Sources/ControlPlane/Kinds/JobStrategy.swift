internal import JSON
internal import KubeAPI

/// Jobs: unless they bring a selector of their own, the server gives them one that no other Job has.
final class JobStrategy: ResourceStrategy {
    /// Upstream has always left the dependents alone, unless it is told otherwise.
    let defaultPropagation: DeleteOptions.Propagation? = .orphan

    func prepareForCreate(_ operation: WriteOperation) throws(APIStatus) {
        guard !operation.object.flag("spec", "manualSelector") else { return }
        let uid = operation.object.at("metadata", "uid") ?? ""
        let name = JSONValue.string(operation.name)
        let labels: [(String, JSONValue)] = [
            ("batch.kubernetes.io/controller-uid", uid), ("batch.kubernetes.io/job-name", name),
            // Their names before they had a prefix.
            ("controller-uid", uid), ("job-name", name),
        ]
        // What another Job left there stays, for validation to refuse: this one would take that one's pods.
        func fill(_ label: (key: String, value: JSONValue), _ path: [String]) {
            guard operation.object.at((path + [label.key])[...]) == nil else { return }
            operation.object.set(label.value, at: (path + [label.key])[...])
        }
        for label in labels { fill(label, ["spec", "template", "metadata", "labels"]) }
        fill(labels[0], ["spec", "selector", "matchLabels"])
    }
}
