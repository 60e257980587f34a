package import NetTypes

extension NodeView {
    /// What follows from the configuration, the Node object as far as it is known, and the node's own interfaces.
    package init(
        _ name: String, _ configuration: ProxyConfiguration, node: NodeObject?, interfaceAddresses: [IPAddress],
        serviceCIDRs: [CIDR]
    ) {
        self.init(name)
        zone = node?.zone ?? ""
        addresses = interfaceAddresses
        self.serviceCIDRs = serviceCIDRs.sorted()
        mark = configuration.ruleset.masqueradeMark
        masqueradesAll = configuration.ruleset.masqueradeAll
        pods =
            switch configuration.detectLocal {
            case .clusterCIDRs(let networks): .networks(networks)
            case .nodeCIDR: node.map { $0.podCIDRs.isEmpty ? .none : .networks($0.podCIDRs) } ?? .none
            case .bridgeInterface(let name): .bridge(name)
            case .interfaceNamePrefix(let prefix): .interfacePrefix(prefix)
            case .none: .none
            }
        nodePortAddresses = Self.nodePortAddresses(configuration, node, interfaceAddresses)
        servesLoopbackNodePorts =
            configuration.localhostNodePorts && configuration.servedNodePortAddresses.contains(where: \.hasLoopback)
        dropsInvalid = !configuration.conntrack.tcpBeLiberal
    }

    /// Nil for all. Without a Node object its addresses are those of the interfaces.
    private static func nodePortAddresses(
        _ configuration: ProxyConfiguration, _ node: NodeObject?, _ interfaceAddresses: [IPAddress]
    ) -> [IPAddress]? {
        var addresses: Set<IPAddress> = []
        for place in configuration.servedNodePortAddresses {
            switch place {
            case .all: return nil
            case .primary: addresses.formUnion(node?.addresses ?? interfaceAddresses)
            case .cidr(let network) where network.prefixLength == 0 && configuration.nodePortAddresses.count == 1:
                return nil
            case .cidr(let network): addresses.formUnion(interfaceAddresses.filter(network.contains))
            case .localhost: continue
            }
        }
        return addresses.sorted()
    }
}
