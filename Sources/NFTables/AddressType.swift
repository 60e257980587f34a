/// What the routing table says about an address (RTN_* of linux/rtnetlink.h): one of this node, of a network, ...
package struct AddressType: Hashable, Sendable, RawRepresentable {
    package var rawValue: UInt32

    package init(rawValue: UInt32) { self.rawValue = rawValue }

    package static let unicast = AddressType(rawValue: 1)
    package static let local = AddressType(rawValue: 2)
    package static let broadcast = AddressType(rawValue: 3)
    package static let multicast = AddressType(rawValue: 5)
}

extension AddressType: CustomStringConvertible {
    package var description: String {
        switch self {
        case .unicast: "unicast"
        case .local: "local"
        case .broadcast: "broadcast"
        case .multicast: "multicast"
        default: "\(rawValue)"
        }
    }
}
