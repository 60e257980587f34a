internal import JSON
internal import KubeAPI

/// A new node takes no pods before its kubelet has said that it is ready: `NodeTaintController` takes the taint off
/// (https://kubernetes.io/docs/reference/access-authn-authz/admission-controllers/#taintnodesbycondition).
final class TaintNodesByConditionPlugin: AdmissionPlugin {
    let name = "TaintNodesByCondition"

    func admit(_ operation: WriteOperation) throws(APIStatus) {
        guard operation.storage == .nodes, operation.verb == .create, operation.subresource.isEmpty else { return }
        let key = NodeTaints.notReady
        let isThere = operation.object.list("spec", "taints").contains {
            $0.text("key") == key && $0.text("effect") == NodeTaints.effect
        }
        if !isThere { operation.object.append(NodeTaints.taint(key), at: "spec", "taints") }
    }
}

/// A pod says where its node lies, for those who may read pods only: the binding gets the node's topology labels
/// (https://kubernetes.io/docs/reference/access-authn-authz/admission-controllers/#podtopologylabels).
enum PodTopologyLabels {
    private static let keys = ["topology.kubernetes.io/region", "topology.kubernetes.io/zone"]

    /// What the pod is labelled with on that node; nothing when there is no such node.
    static func labels(node: String, in cluster: any Cluster) -> [(key: String, value: String)] {
        let labels = cluster.cache.object(.nodes, node)?.header.labels ?? [:]
        return keys.compactMap { key in labels[key].map { (key, $0) } }
    }
}
