package import NetTypes

/// What a virtual link is, with the settings of that kind.
package enum LinkKind: Hashable, Sendable {
    case bridge(BridgeSettings)
    /// The peer is named when the pair is made; a link that was read has none, its `lowerIndex` tells.
    case veth(VethPeer?)
    case vxlan(VXLANSettings)
    /// An intermediate device that other links' packets are redirected to, for shaping.
    case ifb
    case macvlan(MacvlanMode)
    /// A kind without settings that this layer knows, by the kernel's name for it.
    case other(String)

    package static let bridge = LinkKind.bridge(BridgeSettings())

    /// The kernel's name for the kind.
    package var name: String {
        switch self {
        case .bridge: "bridge"
        case .veth: "veth"
        case .vxlan: "vxlan"
        case .ifb: "ifb"
        case .macvlan: "macvlan"
        case .other(let name): name
        }
    }
}

/// Settings of a bridge; a nil one stays as it is, or as the kernel chooses.
package struct BridgeSettings: Hashable, Sendable {
    package var filtersVLANs: Bool?
    package var multicastSnooping: Bool?
    package var spanningTree: Bool?
    package var ageingTimeCentiseconds: UInt32?
    package var groupForwardMask: UInt16?
    package var defaultPortVLAN: UInt16?

    package init(filtersVLANs: Bool? = nil, multicastSnooping: Bool? = nil) {
        self.filtersVLANs = filtersVLANs
        self.multicastSnooping = multicastSnooping
    }
}

/// The other end of a veth pair that is to be made.
package struct VethPeer: Hashable, Sendable {
    package var name: String
    /// MAC, MTU, up and namespace of the peer. With a namespace the peer is born there and never seen elsewhere.
    package var attributes: LinkAttributes

    package init(_ name: String, _ attributes: LinkAttributes = LinkAttributes()) {
        self.name = name
        self.attributes = attributes
    }
}

/// Settings of a VXLAN device (RFC 7348); a nil one stays as it is, or as the kernel chooses.
///
/// On a living device the kernel changes learning, time to live, ageing, remote, local address and lower device; any
/// other that is not nil makes it refuse, even with the value that the device has. The MTU cannot be
/// changed by the request that changes these.
package struct VXLANSettings: Hashable, Sendable {
    /// 24 bits.
    package var id: UInt32
    /// The device whose MTU and routes the tunnel takes.
    package var lowerIndex: InterfaceIndex?
    /// The source of the outer packets.
    package var local: IPAddress?
    /// A multicast group or one remote, for packets without a forwarding entry.
    package var remote: IPAddress?
    /// The outer UDP destination; the kernel's choice is 8472, the standard's 4789.
    package var port: UInt16?
    package var learning: Bool?
    /// Carries the group policy in the mark; can be chosen at creation only, and is false unless asked for.
    package var groupPolicy: Bool = false
    package var ttl: UInt8?
    package var ageingSeconds: UInt32?
    package var udpChecksum: Bool?
    package var udpZeroChecksumIPv6Transmit: Bool?
    package var udpZeroChecksumIPv6Receive: Bool?
    package var proxiesNeighbours: Bool?
    package var reportsMissingForwarding: Bool?
    package var reportsMissingNeighbours: Bool?

    package init(id: UInt32, lowerIndex: InterfaceIndex? = nil, local: IPAddress? = nil, port: UInt16? = nil) {
        self.id = id
        self.lowerIndex = lowerIndex
        self.local = local
        self.port = port
    }
}

/// linux/if_link.h, MACVLAN_MODE_*.
package enum MacvlanMode: UInt32, Hashable, Sendable {
    case isolated = 1
    case vepa = 2
    case bridge = 4
    case passthru = 8
    case source = 16
}
