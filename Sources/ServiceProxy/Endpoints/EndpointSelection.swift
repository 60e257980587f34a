/// Which endpoints serve, for traffic that may go anywhere and for traffic that has to stay on the node.
package struct EndpointSelection: Hashable, Sendable {
    package var cluster: [Destination]
    package var local: [Destination]
    /// Some endpoint serves on some node, whatever the policies say.
    package var hasAny: Bool
    /// Those of both that are on this node: they may meet their own connections again.
    package var onNode: Set<Destination>

    package init(_ endpoints: [Endpoint], for port: ServicePort, on node: NodeView) {
        cluster = port.usesClusterEndpoints ? Self.cluster(endpoints, node) : []
        local =
            port.usesLocalEndpoints ? Self.serving(endpoints.filter { !$0.node.isEmpty && $0.node == node.name }) : []
        hasAny = !cluster.isEmpty || !Self.serving(endpoints).isEmpty
        let here = Set(endpoints.lazy.filter { !$0.node.isEmpty && $0.node == node.name }.map(\.destination))
        onNode = here.isEmpty ? [] : here.intersection(cluster + local)
    }

    /// Those that are ready; without any, those that are about to end and serve still.
    private static func serving(_ endpoints: [Endpoint]) -> [Destination] {
        let ready = endpoints.filter(\.isReady)
        if !ready.isEmpty { return ready.map(\.destination) }
        return endpoints.filter { $0.isServing && $0.isTerminating }.map(\.destination)
    }

    private static func cluster(_ endpoints: [Endpoint], _ node: NodeView) -> [Destination] {
        let ready = endpoints.filter(\.isReady)
        let near = nearest(ready, node)
        return near.isEmpty ? serving(endpoints) : near.map(\.destination)
    }

    /// Hints count when all endpoints have them and one is meant for here: those for nodes before those for zones.
    private static func nearest(_ ready: [Endpoint], _ node: NodeView) -> [Endpoint] {
        if ready.isEmpty { return [] }
        if !node.name.isEmpty, ready.allSatisfy({ !$0.nodes.isEmpty }) {
            let near = ready.filter { $0.nodes.contains(node.name) }
            if !near.isEmpty { return near }
        }
        if !node.zone.isEmpty, ready.allSatisfy({ !$0.zones.isEmpty }) {
            let near = ready.filter { $0.zones.contains(node.zone) }
            if !near.isEmpty { return near }
        }
        return ready
    }
}
