internal import NetTypes

extension IPFamily {
    /// The kernel setting that makes the node a router for the family.
    var forwardingSetting: String {
        switch self {
        case .v4: "net/ipv4/ip_forward"
        case .v6: "net/ipv6/conf/all/forwarding"
        }
    }
}
