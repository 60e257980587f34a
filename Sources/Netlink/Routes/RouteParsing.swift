internal import CNetlink
internal import NetTypes

extension Route {
    /// Reads a whole RTM_NEWROUTE or RTM_DELROUTE message; nil for families other than IPv4 and IPv6.
    init?(_ message: RawSpan) {
        guard let header: rtmsg = message.value(at: 16), let family = IPFamily(number: header.rtm_family),
            Int(header.rtm_dst_len) <= family.width
        else { return nil }
        var destination = family.everything.address
        self.init(
            family.everything, type: RouteType(rawValue: header.rtm_type),
            table: RouteTable(rawValue: UInt32(header.rtm_table)),
            protocolNumber: RouteProtocol(rawValue: header.rtm_protocol),
            scope: RouteScope(rawValue: header.rtm_scope), priority: 0,
            isOnLink: header.rtm_flags & UInt32(RTNH_F_ONLINK) != 0)
        message.forEachAttribute(from: 28) { type, value in
            switch type {
            case Int(RTA_DST.rawValue): destination = value.ipAddress ?? destination
            case Int(RTA_TABLE.rawValue): table = value.u32.map(RouteTable.init) ?? table
            case Int(RTA_PRIORITY.rawValue): priority = value.u32 ?? 0
            case Int(RTA_PREFSRC.rawValue): preferredSource = value.ipAddress
            case Int(RTA_GATEWAY.rawValue): gateway = value.ipAddress
            case Int(RTA_VIA.rawValue): gateway = value.foreignGateway
            case Int(RTA_OIF.rawValue): outputInterface = value.i32
            case Int(RTA_MULTIPATH.rawValue): nextHops = value.nextHops
            case Int(RTA_METRICS.rawValue):
                value.forEachAttribute { metric, value in
                    if metric == Int(RTAX_MTU) { mtu = value.u32 }
                    if metric == Int(RTAX_ADVMSS) { advertisedMSS = value.u32 }
                }
            default: break
            }
        }
        guard destination.family == family else { return nil }
        self.destination = CIDR(destination, Int(header.rtm_dst_len))
    }
}

extension RawSpan {
    /// Two bytes of family, then the address.
    fileprivate var foreignGateway: IPAddress? { byteCount > 2 ? extracting(2..<byteCount).ipAddress : nil }

    fileprivate var nextHops: [NextHop] {
        var hops: [NextHop] = []
        var offset = 0
        while let header: rtnexthop = value(at: offset) {
            let length = Int(header.rtnh_len)
            guard length >= 8, length <= byteCount - offset else { break }
            var hop = NextHop(
                dev: header.rtnh_ifindex, weight: Int(header.rtnh_hops) + 1,
                isOnLink: header.rtnh_flags & UInt8(RTNH_F_ONLINK) != 0)
            extracting(offset..<offset + length).forEachAttribute(from: 8) { type, value in
                if type == Int(RTA_GATEWAY.rawValue) { hop.gateway = value.ipAddress }
                if type == Int(RTA_VIA.rawValue) { hop.gateway = value.foreignGateway }
            }
            hops.append(hop)
            offset += (length + 3) & ~3
        }
        return hops
    }
}
