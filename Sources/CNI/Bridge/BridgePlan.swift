package import NetTypes

/// What an ADD of `bridge` makes, decided from the configuration and what IPAM answered, before anything is touched.
package struct BridgePlan: Hashable, Sendable {
    /// The container's addresses, each with its gateway filled in when the bridge is one.
    package var ips: [CNIResult.IP]
    package var routes: [CNIResult.Route]
    /// The bridge's own addresses, one for each network of the container.
    package var gateways: [CIDR]
    package var podMAC: MACAddress
    package var dns: CNIResult.DNS

    package init(_ config: BridgeConfig, ipam: CNIResult) {
        ips = ipam.ips.map { ip in
            var ip = ip
            if config.isGateway && ip.gateway == nil { ip.gateway = ip.address.network.address.next }
            ip.interface = 2
            return ip
        }
        routes = Self.routes(config, ips, ipam.routes)
        gateways = []
        if config.isGateway {
            for ip in ips {
                guard let gateway = ip.gateway else { continue }
                let address = CIDR(gateway, ip.address.prefixLength)
                if !gateways.contains(address) { gateways.append(address) }
            }
        }
        podMAC = config.mac ?? Self.mac(for: ips)
        dns = config.dns.isEmpty ? ipam.dns : config.dns
    }

    /// The MAC address follows from the first IP address. A container that gets the address of one that is gone has
    /// its MAC address too, so that no neighbour's cache is ever wrong about it.
    static func mac(for ips: [CNIResult.IP]) -> MACAddress {
        guard let first = ips.first?.address.address else { return .random() }
        return mac(for: first)
    }

    /// 0a:58 and the IPv4 address, or 0e and the last 40 bits of the IPv6 address, mixed with a digest of the others.
    /// Both are locally administered. Two of one IPv4 network, or of one IPv6 /88, never share a MAC address.
    package static func mac(for address: IPAddress) -> MACAddress {
        switch address {
        case .v4(let address): return MACAddress(rawValue: 0x0A58 << 32 | UInt64(address.rawValue))
        case .v6(let address):
            let octets = address.octets
            let low = octets.suffix(5).reduce(0) { $0 << 8 | UInt64($1) }
            return MACAddress(rawValue: 0x0E << 40 | low ^ (Digest.fnv1a(octets.dropLast(5)) & 0xFF_FFFF_FFFF))
        }
    }

    /// IPAM's routes, and with `isDefaultGateway` a default route for each family that has none yet. Routes without
    /// a gateway go through the family's.
    private static func routes(_ config: BridgeConfig, _ ips: [CNIResult.IP], _ given: [CNIResult.Route])
        -> [CNIResult.Route]
    {
        var routes: [CNIResult.Route] = []
        for route in given where !routes.contains(route) { routes.append(route) }
        if !config.isDefaultGateway { return routes }
        for family in IPFamily.allCases {
            guard let gateway = ips.first(where: { $0.address.family == family })?.gateway else { continue }
            let anywhere = CIDR(IPAddress(family: family, value: 0), 0)
            if !routes.contains(where: { $0.destination == anywhere }) {
                routes.append(CNIResult.Route(destination: anywhere, gateway: gateway))
            }
        }
        return routes
    }

    /// The gateway for a route that names none.
    package func gateway(for route: CNIResult.Route) -> IPAddress? {
        route.gateway ?? ips.first { $0.address.family == route.destination.family && $0.gateway != nil }?.gateway
    }
}
