internal import Daemon
internal import Identity
internal import JSON
internal import KubeAPI

/// Writes the roles and bindings that every cluster has, and what is missing in those that are there.
final class RBACBootstrap: Controller {
    let name = "rbac-bootstrap"
    private var cluster: (any Cluster)?
    private var left = 0
    /// All of them have been looked at, and written where they had to be.
    private(set) var isDone = false

    func start(_ cluster: any Cluster) {
        self.cluster = cluster
        write()
    }

    func observe(_ change: ObjectChange) {}

    func stop() { cluster = nil }

    private func write() {
        guard let cluster else { return }
        let items = BootstrapPolicy.items
        // The namespaced ones wait for their namespaces, which come up at the same time.
        left = items.count
        for item in items { write(item, cluster) }
    }

    private func write(_ item: BootstrapPolicy.Item, _ cluster: any Cluster) {
        let storage = StoragePrefix(item.resource)
        guard let type = cluster.type(of: storage) else { return finish(true) }
        let existing = cluster.object(storage, namespace: item.namespace, name: item.name)
        switch BootstrapReconciliation(of: item, existing: existing) {
        case .none: finish(true)
        case .create(let object): cluster.perform(.create(type, object)) { self.finish($0, item) }
        case .update(let object):
            cluster.perform(
                .modify(type, namespace: item.namespace, name: item.name) { (stored) throws(APIStatus) in
                    stored = object
                    return true
                }
            ) { self.finish($0, item) }
        case .recreate(let object):
            cluster.perform(.delete(type, namespace: item.namespace, name: item.name)) { [weak self] _ in
                cluster.perform(.create(type, object)) { self?.finish($0, item) }
            }
        }
    }

    private func finish(_ result: Result<JSONValue, APIStatus>, _ item: BootstrapPolicy.Item) {
        switch result {
        case .success: finish(true)
        case .failure(let status) where status.reason == "AlreadyExists": finish(true)
        case .failure(let status):
            // A namespace that is not there yet, or a store that is away: again, until it is done.
            cluster?.log.debug("role was not written", ["name": item.name, "error": status.message])
            _ = cluster?.after(.milliseconds(50)) { [weak self] in
                guard let self, let cluster = self.cluster else { return }
                self.write(item, cluster)
            }
        }
    }

    private func finish(_ isWritten: Bool) {
        left -= 1
        if left == 0 { isDone = true }
    }
}

/// Keeps the rules of ClusterRoles that are made of others' (`aggregationRule`).
final class RoleAggregationController: Controller {
    let name = "clusterrole-aggregation"
    private var cluster: (any Cluster)?
    private var isDue = false

    func start(_ cluster: any Cluster) {
        self.cluster = cluster
        lookSoon()
    }

    func observe(_ change: ObjectChange) {
        if change.storage == .clusterRoles { lookSoon() }
    }

    func stop() { cluster = nil }

    /// Many roles change at once, when a cluster begins.
    private func lookSoon() {
        if isDue { return }
        isDue = true
        _ = cluster?.after(.milliseconds(20)) { [weak self] in
            self?.isDue = false
            self?.look()
        }
    }

    private func look() {
        guard let cluster, let type = cluster.type(of: .clusterRoles) else { return }
        let roles = cluster.objects(.clusterRoles)
        for role in roles {
            guard let rules = RoleAggregation.rules(of: role, from: roles), PolicyRule.list(role.at("rules")) != rules
            else { continue }
            let name = role.text("metadata", "name")
            cluster.perform(
                .modify(type, namespace: "", name: name) { (object) throws(APIStatus) in
                    object.set(.array(rules.map(\.json)), at: "rules")
                    return true
                })
        }
    }
}
