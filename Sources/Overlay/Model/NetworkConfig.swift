package import NetTypes

/// The network that all nodes share: flannel's network configuration, checked, with its defaults filled in.
package struct NetworkConfig: Hashable, Sendable {
    package var v4: AddressPool?
    package var v6: AddressPool?
    package var backend: BackendConfig

    package init(v4: AddressPool?, v6: AddressPool? = nil, backend: BackendConfig) {
        self.v4 = v4
        self.v6 = v6
        self.backend = backend
    }

    package subscript(family: IPFamily) -> AddressPool? { family == .v4 ? v4 : v6 }

    /// Peers on a network that we share are reached without the tunnel.
    package var isDirectRouting: Bool {
        if case .vxlan(let vxlan) = backend { vxlan.directRouting } else { false }
    }

    /// The families that are switched on, IPv4 first.
    package var families: [IPFamily] { IPFamily.allCases.filter { self[$0] != nil } }
}

/// Who says which part of the network is a node's.
package enum SubnetOrigin: Hashable, Sendable {
    /// Each node takes a free one, of the size that the configuration says.
    case chosen
    /// Somebody else gives them out, of whatever size (spec.podCIDRs of a Kubernetes Node).
    case assigned
}

/// One family's network and the part of it from which nodes get their subnets.
package struct AddressPool: Hashable, Sendable {
    package var network: CIDR
    /// Nil where subnets are assigned, and may be of any.
    package var subnetLength: Int?
    /// The first and the last subnet that may be given to a node, by base address.
    package var first: IPAddress
    package var last: IPAddress

    package init(network: CIDR, subnetLength: Int?, first: IPAddress, last: IPAddress) {
        self.network = network
        self.subnetLength = subnetLength
        self.first = first
        self.last = last
    }

    /// Whether a subnet could have been given out of this pool.
    package func admits(_ subnet: CIDR) -> Bool {
        guard let subnetLength else { return network.contains(subnet) }
        return subnet.prefixLength == subnetLength && first <= subnet.address && subnet.address <= last
    }
}

package enum BackendConfig: Hashable, Sendable {
    case vxlan(VXLANConfig)
    case hostGateway
    case alloc

    /// What a lease says as BackendType; flannel leaves it empty for alloc.
    package var leaseType: String {
        switch self {
        case .vxlan: "vxlan"
        case .hostGateway: "host-gw"
        case .alloc: ""
        }
    }

    package var name: String { leaseType.isEmpty ? "alloc" : leaseType }
}

package struct VXLANConfig: Hashable, Sendable {
    package var vni = 1
    /// flannel's 0 leaves the port to the kernel, whose VXLAN default is 8472 (drivers/net/vxlan, kept from before IANA's 4789).
    package var port: UInt16 = 8472
    /// MTU of the underlay to reckon with; nil takes the interface's.
    package var mtu: Int?
    package var groupPolicy = false
    package var learning = false
    package var directRouting = false

    package init() {}
}
