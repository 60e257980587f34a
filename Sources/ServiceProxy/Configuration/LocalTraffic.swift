package import NetTypes

/// How traffic of this node's pods is known, which needs no masquerading on its way to a Service.
package enum DetectLocal: Hashable, Sendable {
    /// From these networks, at most one of a family.
    case clusterCIDRs([CIDR])
    /// From the networks that the Node object has for its pods.
    case nodeCIDR
    /// In by this bridge.
    case bridgeInterface(String)
    /// In by an interface whose name begins with this.
    case interfaceNamePrefix(String)
    /// Nobody has said, so nothing is masqueraded for it.
    case none
}

/// `detectLocalMode`, and what its modes read. Values of the other modes stay in a file that is written back.
package struct LocalTrafficSettings: Hashable, Sendable {
    package enum Mode: String, CaseIterable, Hashable, Sendable {
        case clusterCIDR = "ClusterCIDR"
        case nodeCIDR = "NodeCIDR"
        case bridgeInterface = "BridgeInterface"
        case interfaceNamePrefix = "InterfaceNamePrefix"
    }

    package var mode = Mode.clusterCIDR
    package var clusterCIDRs: [CIDR] = []
    package var bridgeInterface = ""
    package var interfaceNamePrefix = ""

    package init() {}
}

extension ProxyConfiguration {
    package var detectLocal: DetectLocal {
        switch localTraffic.mode {
        case .clusterCIDR:
            localTraffic.clusterCIDRs.isEmpty ? .none : .clusterCIDRs(localTraffic.clusterCIDRs.map(\.network))
        case .nodeCIDR: .nodeCIDR
        case .bridgeInterface: .bridgeInterface(localTraffic.bridgeInterface)
        case .interfaceNamePrefix: .interfaceNamePrefix(localTraffic.interfaceNamePrefix)
        }
    }
}
