package import NetTypes

/// Everything about this node that decides what its kernel should hold, besides other nodes' leases.
package struct Situation: Hashable, Sendable {
    package var config: NetworkConfig
    package var subnet: SubnetKey
    package var underlay: Underlay
    /// The VTEP's MAC addresses, which stay the same over restarts.
    package var macs: [IPFamily: MACAddress]
    package var hasBlackholeRoute: Bool

    package init(
        config: NetworkConfig, subnet: SubnetKey, underlay: Underlay, macs: [IPFamily: MACAddress] = [:],
        hasBlackholeRoute: Bool = false
    ) {
        self.config = config
        self.subnet = subnet
        self.underlay = underlay
        self.macs = macs
        self.hasBlackholeRoute = hasBlackholeRoute
    }

    /// The devices that the backend needs.
    package var vteps: [VTEPWish] {
        guard case .vxlan(let vxlan) = config.backend else { return [] }
        return config.families.compactMap { family in
            guard let address = underlay[family], let subnet = subnet[family], let pool = config[family],
                let mac = macs[family]
            else { return nil }
            return VTEPWish(
                vxlan, family: family, underlay: underlay, local: address.local, subnet: subnet, network: pool.network,
                mac: mac)
        }
    }

    /// What the node says of itself in its lease.
    package static func attributes(_ config: NetworkConfig, _ underlay: Underlay, _ macs: [IPFamily: MACAddress])
        -> LeaseAttributes
    {
        var attributes = LeaseAttributes(
            publicIPv4: config.v4 == nil ? nil : underlay.v4?.published.v4,
            publicIPv6: config.v6 == nil ? nil : underlay.v6?.published.v6, backendType: config.backend.leaseType)
        if case .vxlan(let vxlan) = config.backend {
            attributes.backendData = macs[.v4].map { VTEPData(vni: vxlan.vni, mac: $0).json }
            attributes.backendV6Data = macs[.v6].map { VTEPData(vni: vxlan.vni, mac: $0).json }
        }
        return attributes
    }

    package func subnetEnv(masquerades: Bool) -> SubnetEnv {
        func gateway(_ family: IPFamily) -> CIDR? {
            config[family] == nil ? nil : subnet[family].map { CIDR($0.address.next, $0.prefixLength) }
        }
        return SubnetEnv(
            networks: config.v4.map { [$0.network] } ?? [], subnet: gateway(.v4),
            ipv6Networks: config.v6.map { [$0.network] } ?? [], ipv6Subnet: gateway(.v6),
            mtu: config.podMTU(underlay: underlay.mtu), ipMasq: masquerades)
    }
}
