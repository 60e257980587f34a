internal import JSON
internal import KubeAPI

/// Takes the finalizer off a claim that is being deleted once no pod uses it, and off a volume that no claim is bound to.
final class StorageProtection: Controller {
    let name = "storageprotection"
    static let finalizers: [StoragePrefix: String] = [
        .persistentVolumeClaims: "kubernetes.io/pvc-protection", .persistentVolumes: "kubernetes.io/pv-protection",
    ]

    private struct Key: Hashable {
        var storage: StoragePrefix
        var path: String
    }

    private var cluster: (any Cluster)?
    private var queue: WorkQueue<Key>?

    func start(_ cluster: any Cluster) {
        self.cluster = cluster
        queue = WorkQueue(cluster) { [weak self] key, finish in self?.sync(key, finish) }
        for storage in Self.finalizers.keys { addTerminating(storage, of: "") }
    }

    func stop() {
        queue?.stop()
        queue = nil
        cluster = nil
    }

    func observe(_ change: ObjectChange) {
        if Self.finalizers[change.storage] != nil {
            guard change.kind != .deleted, change.object.header.deletionTimestamp != nil else { return }
            queue?.add(Key(storage: change.storage, path: change.object.path))
        } else if change.storage == .pods, change.kind != .added {
            addTerminating(.persistentVolumeClaims, of: "\(change.object.namespace)/")
        }
    }

    private func addTerminating(_ storage: StoragePrefix, of prefix: String) {
        cluster?.cache[storage].forEach(prefix: prefix) { object in
            if object.header.deletionTimestamp != nil { queue?.add(Key(storage: storage, path: object.path)) }
            return true
        }
    }

    private func sync(_ key: Key, _ finish: @escaping (WorkQueue<Key>.Outcome) -> Void) {
        guard let cluster, let type = cluster.type(of: key.storage), let finalizer = Self.finalizers[key.storage],
            let object = cluster.cache.object(key.storage, key.path)?.decoded,
            object.at("metadata", "deletionTimestamp") != nil,
            object.texts("metadata", "finalizers").contains(finalizer), !isUsed(object, key, cluster)
        else { return finish(.done) }
        let release = { (object: inout JSONValue) throws(APIStatus) -> Bool in
            let rest = object.texts("metadata", "finalizers").filter { $0 != finalizer }
            object.set(rest.isEmpty ? nil : .texts(rest), at: "metadata", "finalizers")
            return true
        }
        let (namespace, name) = (object.text("metadata", "namespace"), object.text("metadata", "name"))
        cluster.perform(.modify(type, namespace: namespace, name: name, release)) { result in
            if case .failure(let status) = result, status.code != 404 { return finish(.retry) }
            finish(.done)
        }
    }

    private func isUsed(_ object: JSONValue, _ key: Key, _ cluster: any Cluster) -> Bool {
        if key.storage == .persistentVolumes { return object.text("status", "phase") == "Bound" }
        return cluster.objects(.pods, namespace: object.text("metadata", "namespace")).contains {
            Self.uses($0, object)
        }
    }

    /// Only a pod on a node counts: no kubelet begins one with a claim that is being deleted.
    static func uses(_ pod: JSONValue, _ claim: JSONValue) -> Bool {
        if pod.text("spec", "nodeName").isEmpty { return false }
        let name = claim.text("metadata", "name")
        let isShutDown =
            pod.at("metadata", "deletionTimestamp") != nil && pod.at("metadata", "deletionGracePeriodSeconds") == 0
        return pod.list("spec", "volumes").contains { volume in
            if volume.text("persistentVolumeClaim", "claimName") == name { return true }
            guard volume.at("ephemeral") != nil, !isShutDown else { return false }
            return "\(pod.text("metadata", "name"))-\(volume.text("name"))" == name
                && claim.list("metadata", "ownerReferences").contains {
                    $0.flag("controller") && $0.at("uid") == pod.at("metadata", "uid")
                }
        }
    }
}
