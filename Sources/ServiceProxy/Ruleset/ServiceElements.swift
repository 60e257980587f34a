package import NFTables
internal import NetTypes

/// What one port of one Service puts into the table.
package struct ServiceElements: Sendable {
    package struct Placed: Hashable, Sendable {
        package var set: ProxySet
        package var element: Element
    }

    package private(set) var placed: [Placed] = []
    /// The chains that the elements lead to.
    package private(set) var chains: [PickChain] = []

    private let family: IPFamily
    private let transport: Datum
    private let name: String
    private let group: UInt32?
    /// Of a slot, but for how many there are.
    private let choice: SlotChoice

    /// `cluster` and `local` are the endpoints of the selection in their slots; `group` is the number by which the clients of
    /// a port with affinity are known.
    package init(
        _ name: ServicePortName, _ port: ServicePort, _ selection: EndpointSelection, cluster: [Destination],
        local: [Destination], group: UInt32?, on node: NodeView
    ) {
        family = port.clusterIP.family
        transport = .l4proto(name.transport)
        self.name = "\(name)"
        self.group = group
        choice = SlotChoice(cluster.count, name, port)
        addClusterIP(port, selection, cluster, local, node)
        if port.isExternal { addExternal(port, selection, cluster, local, node) }
        for destination in selection.onNode.sorted() {
            let address = Datum.address(destination.address)
            place(Element([address, address, transport, .port(destination.port)]), in: .hairpin)
        }
    }

    private mutating func addClusterIP(
        _ port: ServicePort, _ selection: EndpointSelection, _ cluster: [Destination], _ local: [Destination],
        _ node: NodeView
    ) {
        let key = [Datum.address(port.clusterIP), transport, .port(port.port)]
        place(Element([.address(port.clusterIP)]), in: .clusterIPs)
        let endpoints = port.isInternalLocal ? local : cluster
        if endpoints.isEmpty {
            refuse(key, in: .noEndpoints, silently: selection.hasAny)
        } else {
            let map = port.isInternalLocal ? ProxySet.localEndpoints : .endpoints
            fill(map, key, endpoints)
            let choice = choice.with(slots: endpoints.count)
            lead(
                key, in: .services,
                to: node.asksWhoComes ? .cluster(family, from: map, choice) : .pick(family, from: map, choice))
        }
    }

    private mutating func addExternal(
        _ port: ServicePort, _ selection: EndpointSelection, _ cluster: [Destination], _ local: [Destination],
        _ node: NodeView
    ) {
        var addresses: [IPAddress] = []
        for address in port.externalIPs + port.loadBalancerIPs where !addresses.contains(address) {
            addresses.append(address)
        }
        for address in addresses where address != port.clusterIP {
            let key = [Datum.address(address), transport, .port(port.port)]
            add(key, isNodePort: false, port, selection, cluster, local)
        }
        if port.nodePort > 0 {
            add([transport, .port(port.nodePort)], isNodePort: true, port, selection, cluster, local)
        }
        if !port.sourceRanges.isEmpty { addFirewall(port, node) }
    }

    private mutating func add(
        _ key: [Datum], isNodePort: Bool, _ port: ServicePort, _ selection: EndpointSelection,
        _ cluster: [Destination], _ local: [Destination]
    ) {
        let refused: ProxySet = isNodePort ? .noEndpointNodePorts : .noEndpoints
        guard selection.hasAny else { return refuse(key, in: refused, silently: false) }
        let chain: PickChain
        if port.isExternalLocal {
            // What comes from outside finds no way, and must not be answered: another node may have one.
            if local.isEmpty { refuse(key, in: refused, silently: true) }
            chain = .externalLocal(family, isNodePort: isNodePort, choice, local: local.count)
            fill(isNodePort ? .nodePortLocalEndpoints : .localEndpoints, key, local)
        } else {
            chain = .external(family, isNodePort: isNodePort, choice)
        }
        fill(isNodePort ? .nodePortEndpoints : .endpoints, key, cluster)
        lead(key, in: isNodePort ? .nodePorts : .services, to: chain)
    }

    private mutating func addFirewall(_ port: ServicePort, _ node: NodeView) {
        // A node that may use the load balancer reaches it from that address too, once it has been translated.
        let isNodeAllowed = node.addresses.contains { own in port.sourceRanges.contains { $0.contains(own) } }
        let ranges = CIDR.union(port.sourceRanges + (isNodeAllowed ? port.loadBalancerIPs.map(CIDR.init(host:)) : []))
        for address in port.loadBalancerIPs {
            let key = [Datum.address(address), transport, .port(port.port)]
            place(Element(key), in: .firewalled)
            for range in ranges {
                place(
                    Element(key + [.address(range.first)], through: key + [.address(range.last)], comment: name),
                    in: .allowed)
            }
        }
    }

    // MARK: Elements

    private mutating func place(_ element: Element, in set: ProxySet) {
        placed.append(Placed(set: set, element: element))
    }

    private mutating func fill(_ map: ProxySet, _ key: [Datum], _ endpoints: [Destination]) {
        placed.reserveCapacity(placed.count + endpoints.count)
        for (slot, endpoint) in endpoints.enumerated() {
            let value: [Datum] = [.address(endpoint.address), .port(endpoint.port)]
            place(Element(key + [.mark(UInt32(slot))], value), in: map)
        }
    }

    private mutating func lead(_ key: [Datum], in map: ProxySet, to chain: PickChain) {
        for chain in [chain] + chain.next where !chains.contains(chain) { chains.append(chain) }
        place(Element(key, .goto(chain.name), comment: name), in: map)
        if let group { place(Element(key, [.mark(group)]), in: map == .nodePorts ? .nodePortGroups : .groups) }
    }

    private mutating func refuse(_ key: [Datum], in map: ProxySet, silently: Bool) {
        place(Element(key, silently ? .drop : .goto(ProxyTable.reject.name), comment: name), in: map)
    }
}

extension CIDR {
    /// The networks without those that lie in another: elements of an interval set may not overlap.
    static func union(_ networks: [CIDR]) -> [CIDR] {
        var kept: [CIDR] = []
        for network in networks.sorted(by: { $0.prefixLength < $1.prefixLength })
        where !kept.contains(where: { $0.contains(network) }) {
            kept.append(network)
        }
        return kept
    }
}
