internal import JSON
internal import KubeAPI

/// Which taints keep new pods away from a node, by its conditions
/// (https://kubernetes.io/docs/reference/labels-annotations-taints/).
enum NodeTaints {
    static let notReady = "node.kubernetes.io/not-ready"
    static let effect = "NoSchedule"
    private static let unschedulable = "node.kubernetes.io/unschedulable"

    /// Condition, its status, the taint.
    private static let byCondition: [(type: String, status: String, key: String)] = [
        ("Ready", "False", notReady), ("Ready", "Unknown", "node.kubernetes.io/unreachable"),
        ("MemoryPressure", "True", "node.kubernetes.io/memory-pressure"),
        ("DiskPressure", "True", "node.kubernetes.io/disk-pressure"),
        ("PIDPressure", "True", "node.kubernetes.io/pid-pressure"),
        ("NetworkUnavailable", "True", "node.kubernetes.io/network-unavailable"),
    ]

    static func taint(_ key: String) -> JSONValue { ["key": .string(key), "effect": .string(effect)] }

    /// The node's taints as they should be; those that are nobody's but the administrator's, and those with other
    /// effects, stay as they are. Nil when nothing is to be changed.
    static func changed(_ node: JSONValue) -> [JSONValue]? {
        var wanted = byCondition.filter { node.hasCondition($0.type, $0.status) }.map(\.key)
        if node.flag("spec", "unschedulable") { wanted.append(unschedulable) }
        let managed = Set(byCondition.map(\.key) + [unschedulable])
        let taints = node.list("spec", "taints")
        func isOurs(_ taint: JSONValue) -> Bool {
            taint.text("effect") == effect && managed.contains(taint.text("key"))
        }
        let present = Set(taints.filter(isOurs).map { $0.text("key") })
        if present == Set(wanted) { return nil }
        let kept = taints.filter { !isOurs($0) || wanted.contains($0.text("key")) }
        return kept + wanted.filter { !present.contains($0) }.map(taint)
    }
}

/// Keeps the taints of nodes in step with what the nodes say of themselves: the part of upstream's node lifecycle
/// controller that new pods depend on.
final class NodeTaintController: Controller {
    let name = "nodetaint"
    private var cluster: (any Cluster)?
    private var queue: WorkQueue<String>?

    func start(_ cluster: any Cluster) {
        self.cluster = cluster
        queue = WorkQueue(cluster) { [weak self] node, finish in self?.sync(node, finish) }
        queue?.add(all: cluster.cache[.nodes])
    }

    func stop() {
        queue?.stop()
        queue = nil
        cluster = nil
    }

    func observe(_ change: ObjectChange) {
        if change.storage == .nodes, change.kind != .deleted { queue?.add(change.object.path) }
    }

    private func sync(_ name: String, _ finish: @escaping (WorkQueue<String>.Outcome) -> Void) {
        guard let cluster, let type = cluster.type(of: .nodes),
            let node = cluster.object(.nodes, namespace: "", name: name),
            NodeTaints.changed(node) != nil
        else { return finish(.done) }
        let change = { (node: inout JSONValue) throws(APIStatus) -> Bool in
            guard let taints = NodeTaints.changed(node) else { return false }
            node.set(taints.isEmpty ? nil : .array(taints), at: "spec", "taints")
            return true
        }
        cluster.perform(.modify(type, namespace: "", name: name, change)) { result in
            if case .failure(let status) = result, status.code != 404 { return finish(.retry) }
            finish(.done)
        }
    }
}
