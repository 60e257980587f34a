import NFTables
import NetTypes
import ServiceProxy

/// A scenario is written down for IPv4. The same holds for IPv6, and for both on one node.
extension Scenario {
    /// With an address of IPv6 in place of each of IPv4.
    var v6: Scenario {
        Scenario(
            name: name, services: services.mapValues(\.v6), slices: slices.map(\.v6), node: node.v6,
            flows: flows.map(\.v6))
    }

    /// Each Service has addresses of both families.
    var dual: Scenario {
        let other = v6
        return Scenario(
            name: name, services: services.mapValues { $0.joined(with: $0.v6) }, slices: slices + other.slices,
            node: node.joined(with: other.node), flows: flows + other.flows)
    }
}

extension IPAddress {
    /// fd00::/96 has a place for each address of IPv4.
    var inV6: IPAddress { family == .v4 ? IPAddress(family: .v6, value: 0xFD00 << 112 | value) : self }
}

extension CIDR {
    var inV6: CIDR { family == .v4 ? CIDR(address.inV6, prefixLength + 96) : self }
}

extension Destination {
    var inV6: Destination { Destination(address.inV6, port) }
}

extension ServiceObject {
    fileprivate var v6: ServiceObject {
        var service = self
        service.clusterIPs = clusterIPs.map(\.inV6)
        service.externalIPs = externalIPs.map(\.inV6)
        service.loadBalancerIPs = loadBalancerIPs.map(\.inV6)
        service.sourceRanges = sourceRanges.map(\.inV6)
        return service
    }

    fileprivate func joined(with other: ServiceObject) -> ServiceObject {
        var service = self
        service.clusterIPs += other.clusterIPs
        service.externalIPs += other.externalIPs
        service.loadBalancerIPs += other.loadBalancerIPs
        service.sourceRanges += other.sourceRanges
        return service
    }
}

extension EndpointSliceObject {
    fileprivate var v6: EndpointSliceObject {
        var slice = self
        for index in slice.endpoints.indices { slice.endpoints[index].address = slice.endpoints[index].address.inV6 }
        return slice
    }
}

extension NodeView {
    fileprivate var v6: NodeView {
        var node = self
        node.addresses = addresses.map(\.inV6)
        node.nodePortAddresses = nodePortAddresses?.map(\.inV6)
        node.serviceCIDRs = serviceCIDRs.map(\.inV6)
        if case .networks(let networks) = pods { node.pods = .networks(networks.map(\.inV6)) }
        return node
    }

    fileprivate func joined(with other: NodeView) -> NodeView {
        var node = self
        node.addresses += other.addresses
        node.nodePortAddresses? += other.nodePortAddresses ?? []
        node.serviceCIDRs += other.serviceCIDRs
        if case .networks(let networks) = pods, case .networks(let others) = other.pods {
            node.pods = .networks(networks + others)
        }
        return node
    }
}

extension Scenario.Flow {
    /// Over IPv6.
    var v6: Self {
        var flow = self
        flow.destination = destination.inV6
        flow.expected = Set(
            expected.map { outcome in
                guard case .delivered(let place) = outcome.fate else { return outcome }
                return Outcome(.delivered(place.inV6), isMasqueraded: outcome.isMasqueraded)
            })
        return flow
    }

    /// The client's address of the flow's family.
    var source: IPAddress { destination.address.family == .v4 ? client.source : client.source.inV6 }
}
