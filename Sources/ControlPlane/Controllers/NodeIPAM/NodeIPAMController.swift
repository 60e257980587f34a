internal import Daemon
internal import JSON
internal import KubeAPI
internal import NetTypes

/// Gives every node its pod subnets, one of each of the cluster's ranges, in the ranges' order; once and for all, as
/// `spec.podCIDRs` never changes (https://kubernetes.io/docs/concepts/cluster-administration/networking/).
///
/// What nodes already have is occupied before anything is given, and a deleted node's subnets are free again.
final class NodeIPAMController: Controller {
    let name = "nodeipam"
    private let configured: [SubnetPool]
    private var pools: [SubnetPool]
    /// What each node has, or is about to get.
    private var held: [String: [CIDR]] = [:]
    /// Nodes that found no subnet free.
    private var unserved: Set<String> = []
    private var cluster: (any Cluster)?
    private var queue: WorkQueue<String>?

    /// - Parameter pools: one of each family at most.
    init(_ pools: [SubnetPool]) {
        configured = pools
        self.pools = pools
    }

    func start(_ cluster: any Cluster) {
        self.cluster = cluster
        pools = configured
        held = [:]
        queue = WorkQueue(cluster) { [weak self] node, finish in self?.sync(node, finish) }
        for node in cluster.objects(.nodes) { occupy(node) }
        cluster.cache[.nodes].forEach { node in
            if held[node.path] == nil { queue?.add(node.path) }
            return true
        }
    }

    func stop() {
        queue?.stop()
        queue = nil
        cluster = nil
        unserved = []
    }

    func observe(_ change: ObjectChange) {
        guard change.storage == .nodes else { return }
        let name = change.object.path
        if change.kind == .deleted {
            free(name)
        } else if held[name] == nil {
            queue?.add(name)
        }
    }

    private func occupy(_ node: JSONValue) {
        let subnets = NodeSubnets.of(node)
        guard !subnets.isEmpty else { return }
        held[node.text("metadata", "name")] = subnets
        for subnet in subnets {
            for index in pools.indices { pools[index].occupy(subnet) }
        }
    }

    private func free(_ node: String) {
        unserved.remove(node)
        guard let subnets = held.removeValue(forKey: node) else { return }
        giveBack(subnets)
        // Perhaps there is something for those who have waited.
        let waiting = unserved
        unserved = []
        for node in waiting { queue?.add(node) }
    }

    private func giveBack(_ subnets: [CIDR]) {
        // Nodes that were made with overlapping subnets by hand keep theirs occupied.
        let others = held.values.joined()
        for subnet in subnets {
            for index in pools.indices { pools[index].release(subnet) }
        }
        for other in others where subnets.contains(where: { $0.overlaps(other) }) {
            for index in pools.indices { pools[index].occupy(other) }
        }
    }

    private func sync(_ node: String, _ finish: @escaping (WorkQueue<String>.Outcome) -> Void) {
        guard let cluster, let type = cluster.type(of: .nodes), held[node] == nil,
            let object = cluster.object(.nodes, namespace: "", name: node)
        else { return finish(.done) }
        if !NodeSubnets.of(object).isEmpty {
            occupy(object)
            return finish(.done)
        }
        guard let subnets = take() else {
            cluster.log.warning("no pod subnet is free", ["node": node])
            unserved.insert(node)
            return finish(.done)
        }
        held[node] = subnets
        let assign = { (node: inout JSONValue) throws(APIStatus) -> Bool in NodeSubnets.assign(subnets, to: &node) }
        cluster.perform(.modify(type, namespace: "", name: node, assign), as: .apiServer) { [weak self] result in
            guard let self else { return }
            // What the node has in the end is not always what it was offered: somebody may have been faster.
            let current = (try? result.get()).map { NodeSubnets.of($0) } ?? []
            if current != subnets, self.held[node] == subnets {
                self.held[node] = nil
                self.giveBack(subnets)
                if let object = try? result.get() { self.occupy(object) }
            }
            if case .failure(let status) = result, status.code != 404 { return finish(.retry) }
            finish(.done)
        }
    }

    /// One subnet of each range, or nothing.
    private func take() -> [CIDR]? {
        var subnets: [CIDR] = []
        for index in pools.indices {
            guard let subnet = pools[index].take() else {
                giveBack(subnets)
                return nil
            }
            subnets.append(subnet)
        }
        return subnets.isEmpty ? nil : subnets
    }
}

/// A node's pod subnets as its spec has them.
enum NodeSubnets {
    static func of(_ node: JSONValue) -> [CIDR] {
        let list = node.texts("spec", "podCIDRs")
        return (list.isEmpty ? [node.text("spec", "podCIDR")] : list).compactMap { CIDR($0) }
    }

    /// - Returns: false when the node has some already, which stay.
    static func assign(_ subnets: [CIDR], to node: inout JSONValue) -> Bool {
        guard of(node).isEmpty, let first = subnets.first else { return false }
        node.set(.string(first.description), at: "spec", "podCIDR")
        node.set(.texts(subnets.map(\.description)), at: "spec", "podCIDRs")
        return true
    }
}
