package import NetTypes

/// The kernel's number for a network device; 0 stands for none.
package typealias InterfaceIndex = Int32

/// A network device as the kernel describes it.
package struct Link: Hashable, Sendable {
    package var index: InterfaceIndex
    package var name: String
    /// Nil for devices without an Ethernet address.
    package var mac: MACAddress?
    package var mtu: Int = 0
    package var flags = LinkFlags(rawValue: 0)
    package var operationalState: OperationalState = .unknown
    /// The bridge (or other master) that this link is a port of.
    package var masterIndex: InterfaceIndex?
    /// The other end of a veth pair, or the device under a vxlan or macvlan. When `lowerNamespaceID` is set, the
    /// number belongs to that other network namespace.
    package var lowerIndex: InterfaceIndex?
    package var lowerNamespaceID: Int32?
    package var transmitQueueLength: Int = 0
    package var group: UInt32 = 0
    package var alias: String = ""
    package var addressGeneration: AddressGeneration?
    /// Addresses of 127/8 may come in and go out here (`IPv4Setting.routeLocalnet`).
    package var routesLocalnet = false
    /// How many hold the link in promiscuous mode, whether or not `flags` show it.
    package var promiscuity: Int = 0
    package var kind: LinkKind?
    /// The link's settings as a port, when its master is a bridge.
    package var port: BridgePort?

    package init(index: InterfaceIndex, name: String) {
        self.index = index
        self.name = name
    }

    package var isUp: Bool { flags.contains(.up) }
}

/// Device flags (linux/if.h).
package struct LinkFlags: OptionSet, Hashable, Sendable {
    package var rawValue: UInt32
    package init(rawValue: UInt32) { self.rawValue = rawValue }

    package static let up = LinkFlags(rawValue: 1)
    package static let broadcast = LinkFlags(rawValue: 1 << 1)
    package static let loopback = LinkFlags(rawValue: 1 << 3)
    package static let running = LinkFlags(rawValue: 1 << 6)
    package static let noARP = LinkFlags(rawValue: 1 << 7)
    package static let promiscuous = LinkFlags(rawValue: 1 << 8)
    package static let allMulticast = LinkFlags(rawValue: 1 << 9)
    package static let multicast = LinkFlags(rawValue: 1 << 12)
    package static let dormant = LinkFlags(rawValue: 1 << 17)
}

/// RFC 2863 operational state (linux/if.h).
package enum OperationalState: UInt8, Hashable, Sendable {
    case unknown, notPresent, down, lowerLayerDown, testing, dormant, up
}

/// How the kernel makes the link's IPv6 link-local address (linux/if_link.h, IN6_ADDR_GEN_MODE_*).
package enum AddressGeneration: UInt8, Hashable, Sendable {
    case eui64, disabled, stablePrivacy, random
}
