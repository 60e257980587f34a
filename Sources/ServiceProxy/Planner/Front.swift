internal import NFTables
internal import NetTypes

/// Where connections to a Service come in: an address and a port, or a port of the node.
enum Front: Hashable, Sendable {
    case address(IPAddress, L4Protocol, UInt16)
    case nodePort(IPFamily, L4Protocol, UInt16)

    var address: IPAddress? { if case .address(let address, _, _) = self { address } else { nil } }

    var family: IPFamily {
        switch self {
        case .address(let address, _, _): address.family
        case .nodePort(let family, _, _): family
        }
    }

    var transport: L4Protocol {
        switch self {
        case .address(_, let transport, _), .nodePort(_, let transport, _): transport
        }
    }

    var port: UInt16 {
        switch self {
        case .address(_, _, let port), .nodePort(_, _, let port): port
        }
    }
}

extension ServicePort {
    /// All ways in to it, each once, the ClusterIP first.
    func fronts(_ transport: L4Protocol) -> [Front] {
        var fronts = [Front.address(clusterIP, transport, port)]
        for addresses in [externalIPs, loadBalancerIPs] where !addresses.isEmpty {
            for address in addresses {
                let front = Front.address(address, transport, port)
                if !fronts.contains(front) { fronts.append(front) }
            }
        }
        if nodePort > 0 { fronts.append(.nodePort(clusterIP.family, transport, nodePort)) }
        return fronts
    }

    /// Without those that belong to another; nil when its ClusterIP does.
    func keeping(_ transport: L4Protocol, where isOwn: (Front) -> Bool) -> ServicePort? {
        func isOwnAddress(_ address: IPAddress) -> Bool { isOwn(.address(address, transport, port)) }
        if !isOwnAddress(clusterIP) { return nil }
        if !isExternal { return self }
        var kept = self
        kept.externalIPs = externalIPs.filter(isOwnAddress)
        kept.loadBalancerIPs = loadBalancerIPs.filter(isOwnAddress)
        if nodePort > 0, !isOwn(.nodePort(clusterIP.family, transport, nodePort)) { kept.nodePort = 0 }
        return kept
    }
}
