package import NetTypes

/// The laboratory's addresses. Every lab uses the same: its networks are its own namespaces, where no other lab, and
/// nothing of the machine, is to be seen.
package enum Addresses {
    /// The network between the nodes.
    package static let underlay4 = network(172, 31, 0, 0, 24)
    /// fd31::/64, of the unique local addresses (RFC 4193).
    package static let underlay6 = CIDR(IPAddress(family: .v6, value: 0xFD31 << 112), 64)
    /// The flat network of the pods: 10.42.0.0/16 and fd42::/48.
    package static let pods4 = network(10, 42, 0, 0, 16)
    package static let pods6 = CIDR(IPAddress(family: .v6, value: 0xFD42 << 112), 48)

    /// Services have addresses of these, in a lab with an API server.
    package static let services4 = network(10, 96, 0, 0, 16)
    package static let services6 = CIDR(IPAddress(family: .v6, value: 0xFD96 << 112), 112)

    /// Addresses of Services that stand in no network of the lab's: of load balancers, and external ones (RFC 5737, RFC
    /// 3849). Each node has a share of them, which the outside routes to it, as a load balancer does.
    enum ServiceNetwork: CaseIterable {
        case external, loadBalancer
    }

    /// Up to 31 Services have an address in each node's share, and seven nodes a share.
    static func service(_ number: Int, _ network: ServiceNetwork, by node: Int, _ family: IPFamily) -> IPAddress {
        share(network, of: node, family).address.advanced(by: UInt128(number))
    }

    static func share(_ network: ServiceNetwork, of node: Int, _ family: IPFamily) -> CIDR {
        let first: IPAddress =
            switch (network, family) {
            case (.external, .v4): .v4(IPv4Address(203, 0, 113, 0))
            case (.loadBalancer, .v4): .v4(IPv4Address(198, 51, 100, 0))
            case (.external, .v6): IPAddress(family: .v6, value: 0x2001_0DB8_0001 << 80)
            case (.loadBalancer, .v6): IPAddress(family: .v6, value: 0x2001_0DB8_0002 << 80)
            }
        return CIDR(first.advanced(by: UInt128(32 * node)), family.width - 5)
    }

    package static let controlHost = 250
    package static let outsideHost = 251

    /// The address in the underlay of node `number` (from 1), of the cluster's state or of the outside.
    package static func underlay(_ host: Int, _ family: IPFamily) -> CIDR {
        let network = family == .v4 ? underlay4 : underlay6
        return CIDR(network.address.advanced(by: UInt128(host)), network.prefixLength)
    }

    private static func network(_ a: UInt8, _ b: UInt8, _ c: UInt8, _ d: UInt8, _ length: Int) -> CIDR {
        CIDR(.v4(IPv4Address(a, b, c, d)), length)
    }
}
