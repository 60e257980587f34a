internal import JSON
internal import KubeAPI

/// Counts what quotas limit: after their own changes, and when something has gone or a pod has ended, which admission
/// does not book.
final class ResourceQuotaController: Controller {
    let name = "resourcequota"
    private var cluster: (any Cluster)?
    /// By namespace and name.
    private var queue: WorkQueue<String>?

    func start(_ cluster: any Cluster) {
        self.cluster = cluster
        queue = WorkQueue(cluster, parallel: 4) { [weak self] path, finish in self?.sync(path, finish) }
        queue?.add(all: cluster.cache[.resourceQuotas])
    }

    func stop() {
        queue?.stop()
        queue = nil
        cluster = nil
    }

    func observe(_ change: ObjectChange) {
        if change.storage == .resourceQuotas, change.kind != .deleted { queue?.add(change.object.path) }
        guard let cluster, cluster.cache[.resourceQuotas].count > 0, !change.object.namespace.isEmpty else { return }
        let isEnd = change.kind == .deleted || (change.storage == .pods && change.kind == .modified)
        guard isEnd || change.kind == .added else { return }
        cluster.cache[.resourceQuotas].forEach(prefix: change.object.namespace + "/") { quota in
            // Many changes of a moment are counted at once.
            queue?.add(quota.path, after: .milliseconds(100))
            return true
        }
    }

    private func sync(_ path: String, _ finish: @escaping (WorkQueue<String>.Outcome) -> Void) {
        guard let cluster, let type = cluster.type(of: .resourceQuotas),
            let object = cluster.cache.object(.resourceQuotas, path)
        else { return finish(.done) }
        let namespace = String(object.namespace)
        let types = cluster.storedTypes
        let recount = { (quota: inout JSONValue) throws(APIStatus) -> Bool in
            let counted = QuotaBook(quota).recounted(
                { cluster.objects(StoragePrefix($0), namespace: namespace) }, types)
            guard let counted else { return false }
            quota = counted
            return true
        }
        let write = ClusterWrite.modify(
            type, subresource: "status", namespace: namespace, name: String(object.name), recount)
        cluster.perform(write, as: .apiServer) { result in
            if case .failure(let status) = result, status.code != 404 { return finish(.retry) }
            finish(.done)
        }
    }
}
