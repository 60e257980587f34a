internal import JSON
internal import KubeAPI

/// What a plan wants of the EndpointSlices of one Service, as writes.
struct SliceWrites {
    private let writes: [ClusterWrite]

    /// `updates` are whole slices at the version that the plan was made of; `deletions` are names.
    init(
        _ type: ResourceType, namespace: String, creations: [JSONValue], updates: [JSONValue], deletions: [String]
    ) {
        var writes: [ClusterWrite] = creations.map { .create(type, $0) }
        for slice in updates {
            let change = { (current: inout JSONValue) throws(APIStatus) -> Bool in
                // Changed by somebody since: planned again when that has been seen.
                guard current.at("metadata", "resourceVersion") == slice.at("metadata", "resourceVersion") else {
                    return false
                }
                current = slice
                return true
            }
            writes.append(.modify(type, namespace: namespace, name: slice.text("metadata", "name"), change))
        }
        self.writes = writes + deletions.map { .delete(type, namespace: namespace, name: $0) }
    }

    /// Makes all of them at once. Those that are refused for good (403: the namespace ends, 404: it is gone) are done.
    func perform(on cluster: any Cluster, _ finish: @escaping (WorkQueue<String>.Outcome) -> Void) {
        if writes.isEmpty { return finish(.done) }
        var left = writes.count
        var hasFailed = false
        for write in writes {
            cluster.perform(write, as: .apiServer) { result in
                if case .failure(let status) = result, ![403, 404].contains(status.code) { hasFailed = true }
                left -= 1
                if left == 0 { finish(hasFailed ? .retry : .done) }
            }
        }
    }
}
