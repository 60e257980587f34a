package import Netlink

extension RouteProtocol {
    /// Marks the overlay's routes. `ip route` prints it as `proto 112`; no name in iproute2's rt_protos and no routing
    /// daemon that we know of uses it.
    package static let poplin = RouteProtocol(rawValue: 112)

    /// In a removal: whoever made it.
    static let unspecified = RouteProtocol(rawValue: 0)
}

/// Metric of blackhole routes: larger than that of any route to a pod or its bridge.
let blackholePriority: UInt32 = 0xFFFF_0000
