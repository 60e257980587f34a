internal import NFTables
internal import NetTypes

/// Where connections to a Service come in: an address and a port, or a port of the node.
enum Front: Hashable, Sendable {
    case address(IPAddress, L4Protocol, UInt16)
    case nodePort(IPFamily, L4Protocol, UInt16)
}

extension ServicePort {
    func claims(of key: PortKey) -> [FrontOwners.Claim] {
        let transport = key.name.transport
        var claims = [FrontOwners.Claim(front: .address(clusterIP, transport, port), port: key, isClusterIP: true)]
        func add(_ front: Front) {
            if !claims.contains(where: { $0.front == front }) {
                claims.append(.init(front: front, port: key, isClusterIP: false))
            }
        }
        for address in externalIPs + loadBalancerIPs { add(.address(address, transport, port)) }
        if nodePort > 0 { add(.nodePort(clusterIP.family, transport, nodePort)) }
        return claims
    }

    /// Without those that belong to another; nil when its ClusterIP does.
    func keeping(_ transport: L4Protocol, where isOwn: (Front) -> Bool) -> ServicePort? {
        var port = self
        func isOwnAddress(_ address: IPAddress) -> Bool { isOwn(.address(address, transport, self.port)) }
        if !isOwnAddress(clusterIP) { return nil }
        port.externalIPs = externalIPs.filter(isOwnAddress)
        port.loadBalancerIPs = loadBalancerIPs.filter(isOwnAddress)
        if nodePort > 0, !isOwn(.nodePort(clusterIP.family, transport, nodePort)) { port.nodePort = 0 }
        return port
    }
}
