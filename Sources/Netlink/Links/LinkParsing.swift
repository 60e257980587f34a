internal import CNetlink

extension Link {
    /// Reads a whole RTM_NEWLINK or RTM_DELLINK message; nil when it is too short for one.
    init?(_ message: RawSpan) {
        guard let header: ifinfomsg = message.value(at: 16) else { return nil }
        self.init(index: header.ifi_index, name: "")
        flags = LinkFlags(rawValue: header.ifi_flags)
        message.forEachAttribute(from: 32) { type, value in
            switch type {
            case Int(IFLA_IFNAME): name = value.text
            case Int(IFLA_ADDRESS): mac = value.macAddress
            case Int(IFLA_MTU): mtu = Int(value.u32 ?? 0)
            case Int(IFLA_OPERSTATE): operationalState = value.u8.flatMap(OperationalState.init) ?? .unknown
            case Int(IFLA_MASTER): masterIndex = value.i32
            case Int(IFLA_LINK): lowerIndex = value.i32
            case Int(IFLA_LINK_NETNSID): lowerNamespaceID = value.i32
            case Int(IFLA_TXQLEN): transmitQueueLength = Int(value.u32 ?? 0)
            case Int(IFLA_GROUP): group = value.u32 ?? 0
            case Int(IFLA_IFALIAS): alias = value.text
            case Int(IFLA_PROMISCUITY): promiscuity = Int(value.u32 ?? 0)
            case Int(IFLA_AF_SPEC):
                addressGeneration = AddressGeneration(specifications: value)
                routesLocalnet = IPv4Setting.routeLocalnet.value(specifications: value) == 1
            case Int(IFLA_LINKINFO): (kind, port) = Self.information(value)
            default: break
            }
        }
    }

    /// Kind and settings come before or after one another, so they are collected first.
    private static func information(_ information: RawSpan) -> (LinkKind?, BridgePort?) {
        var name: String?
        var master = ""
        information.forEachAttribute { type, value in
            if type == Int(IFLA_INFO_KIND) { name = value.text }
            if type == Int(IFLA_INFO_SLAVE_KIND) { master = value.text }
        }
        var kind = name.map { LinkKind(name: $0) }
        var port: BridgePort?
        information.forEachAttribute { type, value in
            if type == Int(IFLA_INFO_DATA), let name { kind = LinkKind(name: name, value) }
            if type == Int(IFLA_INFO_SLAVE_DATA), master == "bridge" { port = BridgePort(value) }
        }
        return (kind, port)
    }
}

extension AddressGeneration {
    fileprivate init?(specifications: RawSpan) {
        var mode: UInt8?
        specifications.forEachAttribute { family, values in
            guard family == Int(AF_INET6) else { return }
            values.forEachAttribute { type, value in
                if type == Int(IFLA_INET6_ADDR_GEN_MODE) { mode = value.u8 }
            }
        }
        guard let mode else { return nil }
        self.init(rawValue: mode)
    }
}

extension IPv4Setting {
    /// The kernel tells all settings as an array that begins with number 1.
    fileprivate func value(specifications: RawSpan) -> Int32? {
        var result: Int32?
        specifications.forEachAttribute { family, values in
            guard family == Int(AF_INET) else { return }
            values.forEachAttribute { type, array in
                if type == Int(IFLA_INET_CONF) { result = array.value(at: 4 * (rawValue - 1)) }
            }
        }
        return result
    }
}

extension LinkKind {
    fileprivate init(name: String, _ data: RawSpan = RawSpan()) {
        switch name {
        case "bridge": self = .bridge(BridgeSettings(data))
        case "veth": self = .veth(nil)
        case "vxlan": self = .vxlan(VXLANSettings(data))
        case "ifb": self = .ifb
        case "macvlan":
            var mode = MacvlanMode.vepa
            data.forEachAttribute { type, value in
                if type == Int(IFLA_MACVLAN_MODE) { mode = value.u32.flatMap(MacvlanMode.init) ?? mode }
            }
            self = .macvlan(mode)
        default: self = .other(name)
        }
    }
}

extension BridgePort {
    fileprivate init(_ data: RawSpan) {
        self.init()
        data.forEachAttribute { type, value in
            switch type {
            case Int(IFLA_BRPORT_STATE): state = value.u8
            case Int(IFLA_BRPORT_MODE): hairpin = value.isTrue
            case Int(IFLA_BRPORT_LEARNING): learning = value.isTrue
            case Int(IFLA_BRPORT_UNICAST_FLOOD): unicastFlood = value.isTrue
            case Int(IFLA_BRPORT_MCAST_FLOOD): multicastFlood = value.isTrue
            case Int(IFLA_BRPORT_BCAST_FLOOD): broadcastFlood = value.isTrue
            case Int(IFLA_BRPORT_ISOLATED): isolated = value.isTrue
            case Int(IFLA_BRPORT_NO): number = value.u16
            default: break
            }
        }
    }
}

extension BridgeSettings {
    fileprivate init(_ data: RawSpan) {
        self.init()
        data.forEachAttribute { type, value in
            switch type {
            case Int(IFLA_BR_AGEING_TIME): ageingTimeCentiseconds = value.u32
            case Int(IFLA_BR_STP_STATE): spanningTree = value.u32.map { $0 != 0 }
            case Int(IFLA_BR_VLAN_FILTERING): filtersVLANs = value.isTrue
            case Int(IFLA_BR_GROUP_FWD_MASK): groupForwardMask = value.u16
            case Int(IFLA_BR_MCAST_SNOOPING): multicastSnooping = value.isTrue
            case Int(IFLA_BR_VLAN_DEFAULT_PVID): defaultPortVLAN = value.u16
            default: break
            }
        }
    }
}

extension VXLANSettings {
    fileprivate init(_ data: RawSpan) {
        self.init(id: 0)
        data.forEachAttribute { type, value in
            switch type {
            case Int(IFLA_VXLAN_ID): id = value.u32 ?? 0
            case Int(IFLA_VXLAN_LINK): lowerIndex = value.i32
            case Int(IFLA_VXLAN_LOCAL), Int(IFLA_VXLAN_LOCAL6): local = value.ipAddress
            case Int(IFLA_VXLAN_GROUP), Int(IFLA_VXLAN_GROUP6): remote = value.ipAddress
            case Int(IFLA_VXLAN_PORT): port = value.networkU16
            case Int(IFLA_VXLAN_LEARNING): learning = value.isTrue
            case Int(IFLA_VXLAN_GBP): groupPolicy = true
            case Int(IFLA_VXLAN_TTL): ttl = value.u8
            case Int(IFLA_VXLAN_AGEING): ageingSeconds = value.u32
            case Int(IFLA_VXLAN_UDP_CSUM): udpChecksum = value.isTrue
            case Int(IFLA_VXLAN_UDP_ZERO_CSUM6_TX): udpZeroChecksumIPv6Transmit = value.isTrue
            case Int(IFLA_VXLAN_UDP_ZERO_CSUM6_RX): udpZeroChecksumIPv6Receive = value.isTrue
            case Int(IFLA_VXLAN_PROXY): proxiesNeighbours = value.isTrue
            case Int(IFLA_VXLAN_L2MISS): reportsMissingForwarding = value.isTrue
            case Int(IFLA_VXLAN_L3MISS): reportsMissingNeighbours = value.isTrue
            default: break
            }
        }
    }
}
