internal import KubeClient
package import NetTypes

/// Ports with a policy Local that have endpoints, and none on this node: of each policy, how many.
package struct LocalEndpointGaps: Hashable, Sendable {
    package var internalPolicy = 0
    package var externalPolicy = 0

    package init() {}
}

extension ServiceIndex {
    /// Looks at all Services; for when somebody asks.
    package func localEndpointGaps(on node: NodeView) -> [IPFamily: LocalEndpointGaps] {
        var gaps: [IPFamily: LocalEndpointGaps] = [:]
        forEachPort { key, port, endpoints in
            guard port.usesLocalEndpoints else { return }
            let selection = EndpointSelection(endpoints(), for: port, on: node)
            guard selection.hasAny, selection.local.isEmpty else { return }
            if port.isInternalLocal { gaps[key.family, default: .init()].internalPolicy += 1 }
            if port.isExternalLocal, port.isExternal { gaps[key.family, default: .init()].externalPolicy += 1 }
        }
        return gaps
    }
}
