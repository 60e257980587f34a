internal import KubeClient

/// What of the cluster a node's proxy reads: which objects, by selectors that the server applies.
struct ClusterPart {
    let name: String
    let resource: ResourcePath
    var labels: String?
    var fields: String?

    /// A label by which Services ask for another proxy; their slices have it too.
    private static let otherProxy = "service.kubernetes.io/service-proxy-name"

    static let services = ClusterPart(
        name: "services", resource: .services, labels: "!\(otherProxy)", fields: "spec.clusterIP!=None")
    static let slices = ClusterPart(
        name: "endpointslices", resource: .endpointSlices, labels: "!service.kubernetes.io/headless,!\(otherProxy)")
    static let serviceCIDRs = ClusterPart(
        name: "servicecidrs", resource: ResourcePath(group: "networking.k8s.io", "servicecidrs"))

    static func node(_ name: String) -> ClusterPart {
        ClusterPart(name: "node", resource: .nodes, fields: "metadata.name=\(name)")
    }
}
