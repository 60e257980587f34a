/// A transport protocol number (IANA).
package struct L4Protocol: Hashable, Sendable, RawRepresentable {
    package var rawValue: UInt8

    package init(rawValue: UInt8) { self.rawValue = rawValue }

    package static let icmp = L4Protocol(rawValue: 1)
    package static let tcp = L4Protocol(rawValue: 6)
    package static let udp = L4Protocol(rawValue: 17)
    package static let icmpv6 = L4Protocol(rawValue: 58)
    package static let sctp = L4Protocol(rawValue: 132)
}

extension L4Protocol: CustomStringConvertible {
    package var description: String {
        switch self {
        case .icmp: "icmp"
        case .tcp: "tcp"
        case .udp: "udp"
        case .icmpv6: "ipv6-icmp"
        case .sctp: "sctp"
        default: "\(rawValue)"
        }
    }
}
