package import NetTypes

/// Addresses of a node on which node ports are served. kube-proxy 1.36 takes networks or the word `primary`; the other
/// words, and all of them together, came with 1.37.
package enum NodePortAddress: Hashable, Sendable, CustomStringConvertible {
    case cidr(CIDR)
    /// The node's own addresses, by its Node object.
    case primary
    case localhost
    case all

    package init?(_ text: String) {
        switch text {
        case "primary": self = .primary
        case "localhost": self = .localhost
        case "all": self = .all
        default:
            guard let cidr = CIDR(text) else { return nil }
            self = .cidr(cidr)
        }
    }

    /// 127.0.0.0/8, or a part of it, is among them.
    var hasLoopback: Bool {
        switch self {
        case .localhost, .all: true
        case .primary: false
        case .cidr(let network):
            network.address.family == .v4 && (network.address.isLoopback || network.contains(Self.loopback))
        }
    }

    private static let loopback = IPAddress.v4(IPv4Address(127, 0, 0, 1))

    package var description: String {
        switch self {
        case .cidr(let cidr): "\(cidr)"
        case .primary: "primary"
        case .localhost: "localhost"
        case .all: "all"
        }
    }
}
