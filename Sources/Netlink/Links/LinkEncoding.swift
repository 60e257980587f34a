internal import CNetlink
internal import NetTypes

extension Message {
    /// Begins a link message. Names longer than the kernel's 15 bytes are refused by it (ERANGE, with the reason).
    static func link(
        _ type: some BinaryInteger, _ reference: LinkReference?, family: UInt8 = UInt8(AF_UNSPEC),
        attributes: LinkAttributes = LinkAttributes()
    ) throws(NetlinkError) -> Message {
        var message = try Message(type)
        var header = attributes.header
        header.ifi_family = family
        if case .index(let index) = reference { header.ifi_index = index }
        message.header(header)
        if case .name(let name) = reference { message.put(IFLA_IFNAME, name) }
        return message
    }

    static func creating(_ link: NewLink, flags: CInt = 0) throws(NetlinkError) -> Message {
        var message = try Message(RTM_NEWLINK, flags: NLM_F_CREATE | NLM_F_EXCL | flags)
        var header = link.attributes.header
        header.ifi_index = link.index ?? 0
        message.header(header)
        message.put(IFLA_IFNAME, link.name)
        try message.put(link.attributes)
        if let lower = link.lowerIndex { message.put(IFLA_LINK, lower) }
        try message.put(link.kind)
        return message
    }

    static func changing(_ reference: LinkReference, _ attributes: LinkAttributes, _ kind: LinkKind?)
        throws(NetlinkError) -> Message
    {
        var message = try link(RTM_NEWLINK, reference, attributes: attributes)
        try message.put(attributes)
        if let kind { try message.put(kind) }
        return message
    }

    /// The port's settings go as "slave data" of the link, which finds the link by name too.
    static func changing(_ reference: LinkReference, _ port: BridgePort) throws(NetlinkError) -> Message {
        var message = try link(RTM_NEWLINK, reference)
        try message.nest(IFLA_LINKINFO) { message throws(NetlinkError) in
            message.put(IFLA_INFO_SLAVE_KIND, "bridge")
            try message.nest(IFLA_INFO_SLAVE_DATA) { message throws(NetlinkError) in
                if let value = port.state { message.put(IFLA_BRPORT_STATE, value) }
                if let value = port.hairpin { message.put(IFLA_BRPORT_MODE, value) }
                if let value = port.learning { message.put(IFLA_BRPORT_LEARNING, value) }
                if let value = port.unicastFlood { message.put(IFLA_BRPORT_UNICAST_FLOOD, value) }
                if let value = port.multicastFlood { message.put(IFLA_BRPORT_MCAST_FLOOD, value) }
                if let value = port.broadcastFlood { message.put(IFLA_BRPORT_BCAST_FLOOD, value) }
                if let value = port.isolated { message.put(IFLA_BRPORT_ISOLATED, value) }
            }
        }
        return message
    }

    /// `type` is RTM_SETLINK to add and RTM_DELLINK to remove. `onBridge` means the bridge's own end, not a port.
    static func vlan(_ type: some BinaryInteger, _ index: InterfaceIndex, _ vlan: BridgeVLAN, onBridge: Bool)
        throws(NetlinkError) -> Message
    {
        var message = try link(type, .index(index), family: UInt8(AF_BRIDGE))
        try message.nest(IFLA_AF_SPEC) { message throws(NetlinkError) in
            message.put(IFLA_BRIDGE_FLAGS, UInt16(onBridge ? BRIDGE_FLAGS_SELF : BRIDGE_FLAGS_MASTER))
            let flags =
                (vlan.isPortVLAN ? BRIDGE_VLAN_INFO_PVID : 0) | (vlan.isUntagged ? BRIDGE_VLAN_INFO_UNTAGGED : 0)
            let isRange = vlan.first != vlan.last
            message.put(
                IFLA_BRIDGE_VLAN_INFO,
                value: bridge_vlan_info(
                    flags: UInt16(flags | (isRange ? BRIDGE_VLAN_INFO_RANGE_BEGIN : 0)), vid: vlan.first))
            if isRange {
                message.put(
                    IFLA_BRIDGE_VLAN_INFO,
                    value: bridge_vlan_info(flags: UInt16(flags | BRIDGE_VLAN_INFO_RANGE_END), vid: vlan.last))
            }
        }
        return message
    }

    private mutating func put(_ attributes: LinkAttributes) throws(NetlinkError) {
        if let value = attributes.mac { put(IFLA_ADDRESS, value) }
        if let value = attributes.mtu { put(IFLA_MTU, UInt32(truncatingIfNeeded: value)) }
        if let value = attributes.masterIndex { put(IFLA_MASTER, value) }
        if let value = attributes.namespace { put(IFLA_NET_NS_FD, value) }
        if let value = attributes.transmitQueueLength { put(IFLA_TXQLEN, UInt32(truncatingIfNeeded: value)) }
        if let value = attributes.queues {
            put(IFLA_NUM_TX_QUEUES, UInt32(truncatingIfNeeded: value))
            put(IFLA_NUM_RX_QUEUES, UInt32(truncatingIfNeeded: value))
        }
        if let value = attributes.group { put(IFLA_GROUP, value) }
        if attributes.addressGeneration == nil && attributes.ipv4.isEmpty { return }
        try nest(IFLA_AF_SPEC) { message throws(NetlinkError) in
            if let mode = attributes.addressGeneration {
                try message.nest(AF_INET6) { $0.put(IFLA_INET6_ADDR_GEN_MODE, mode.rawValue) }
            }
            if attributes.ipv4.isEmpty { return }
            try message.nest(AF_INET) { message throws(NetlinkError) in
                try message.nest(IFLA_INET_CONF) { message in
                    for (setting, value) in attributes.ipv4 { message.put(setting.rawValue, value) }
                }
            }
        }
    }

    private mutating func put(_ kind: LinkKind) throws(NetlinkError) {
        try nest(IFLA_LINKINFO) { message throws(NetlinkError) in
            message.put(IFLA_INFO_KIND, kind.name)
            try message.nest(IFLA_INFO_DATA) { message throws(NetlinkError) in
                switch kind {
                case .bridge(let settings): message.put(settings)
                case .veth(let peer?): try message.put(peer)
                case .vxlan(let settings): message.put(settings)
                case .macvlan(let mode): message.put(IFLA_MACVLAN_MODE, mode.rawValue)
                case .veth(nil), .ifb, .other: break
                }
            }
        }
    }

    private mutating func put(_ peer: VethPeer) throws(NetlinkError) {
        try nest(VETH_INFO_PEER) { message throws(NetlinkError) in
            message.header(peer.attributes.header)
            message.put(IFLA_IFNAME, peer.name)
            try message.put(peer.attributes)
        }
    }

    private mutating func put(_ bridge: BridgeSettings) {
        if let value = bridge.ageingTimeCentiseconds { put(IFLA_BR_AGEING_TIME, value) }
        if let value = bridge.spanningTree { put(IFLA_BR_STP_STATE, UInt32(value ? 1 : 0)) }
        if let value = bridge.filtersVLANs { put(IFLA_BR_VLAN_FILTERING, value) }
        if let value = bridge.groupForwardMask { put(IFLA_BR_GROUP_FWD_MASK, value) }
        if let value = bridge.multicastSnooping { put(IFLA_BR_MCAST_SNOOPING, value) }
        if let value = bridge.defaultPortVLAN { put(IFLA_BR_VLAN_DEFAULT_PVID, value) }
    }

    private mutating func put(_ vxlan: VXLANSettings) {
        put(IFLA_VXLAN_ID, vxlan.id)
        if let value = vxlan.lowerIndex { put(IFLA_VXLAN_LINK, value) }
        if let value = vxlan.local { put(value.family == .v4 ? IFLA_VXLAN_LOCAL : IFLA_VXLAN_LOCAL6, value) }
        if let value = vxlan.remote { put(value.family == .v4 ? IFLA_VXLAN_GROUP : IFLA_VXLAN_GROUP6, value) }
        if let value = vxlan.port { put(IFLA_VXLAN_PORT, value.bigEndian) }
        if let value = vxlan.learning { put(IFLA_VXLAN_LEARNING, value) }
        if vxlan.groupPolicy { flag(IFLA_VXLAN_GBP) }
        if let value = vxlan.ttl { put(IFLA_VXLAN_TTL, value) }
        if let value = vxlan.ageingSeconds { put(IFLA_VXLAN_AGEING, value) }
        if let value = vxlan.udpChecksum { put(IFLA_VXLAN_UDP_CSUM, value) }
        if let value = vxlan.udpZeroChecksumIPv6Transmit { put(IFLA_VXLAN_UDP_ZERO_CSUM6_TX, value) }
        if let value = vxlan.udpZeroChecksumIPv6Receive { put(IFLA_VXLAN_UDP_ZERO_CSUM6_RX, value) }
        if let value = vxlan.proxiesNeighbours { put(IFLA_VXLAN_PROXY, value) }
        if let value = vxlan.reportsMissingForwarding { put(IFLA_VXLAN_L2MISS, value) }
        if let value = vxlan.reportsMissingNeighbours { put(IFLA_VXLAN_L3MISS, value) }
    }
}

extension LinkAttributes {
    /// The flags that are set, and in `ifi_change` those that the kernel is to take from here.
    fileprivate var header: ifinfomsg {
        var header = ifinfomsg()
        for (wanted, flag) in [
            (isUp, LinkFlags.up), (isPromiscuous, .promiscuous), (receivesAllMulticast, .allMulticast),
        ] {
            guard let wanted else { continue }
            header.ifi_change |= flag.rawValue
            if wanted { header.ifi_flags |= flag.rawValue }
        }
        return header
    }
}
