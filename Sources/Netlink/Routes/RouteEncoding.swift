internal import CNetlink
internal import NetTypes

extension Route {
    func encoded(_ verb: Verb) throws(NetlinkError) -> Message {
        var message = try Message(
            verb.type(new: RTM_NEWROUTE, delete: RTM_DELROUTE), flags: verb.flags, capacity: 1024 + 64 * nextHops.count)
        var header = rtmsg()
        header.rtm_family = family.number
        header.rtm_dst_len = UInt8(destination.prefixLength)
        header.rtm_table = UInt8(table.rawValue < 256 ? table.rawValue : UInt32(RT_TABLE_COMPAT.rawValue))
        header.rtm_protocol = protocolNumber.rawValue
        header.rtm_scope = scope.rawValue
        header.rtm_type = type.rawValue
        if isOnLink { header.rtm_flags = UInt32(RTNH_F_ONLINK) }
        message.header(header)
        if destination.prefixLength > 0 { message.put(RTA_DST.rawValue, destination.network.address) }
        if table.rawValue >= 256 { message.put(RTA_TABLE.rawValue, table.rawValue) }
        if priority != 0 { message.put(RTA_PRIORITY.rawValue, priority) }
        if let preferredSource { message.put(RTA_PREFSRC.rawValue, preferredSource) }
        if let gateway { message.put(gateway: gateway, of: family) }
        if let outputInterface { message.put(RTA_OIF.rawValue, outputInterface) }
        if mtu != nil || advertisedMSS != nil {
            try message.nest(RTA_METRICS.rawValue) { message in
                if let mtu { message.put(RTAX_MTU, mtu) }
                if let advertisedMSS { message.put(RTAX_ADVMSS, advertisedMSS) }
            }
        }
        if !nextHops.isEmpty {
            try message.nest(RTA_MULTIPATH.rawValue) { message throws(NetlinkError) in
                for hop in nextHops { try message.put(hop, of: family) }
            }
        }
        return message
    }
}

extension Message {
    fileprivate mutating func put(_ hop: NextHop, of family: IPFamily) throws(NetlinkError) {
        var header = rtnexthop()
        header.rtnh_flags = UInt8(hop.isOnLink ? RTNH_F_ONLINK : 0)
        header.rtnh_hops = UInt8(clamping: hop.weight - 1)
        header.rtnh_ifindex = hop.outputInterface ?? 0
        try record(header) { message in
            if let gateway = hop.gateway { message.put(gateway: gateway, of: family) }
        }
    }

    /// A gateway of the other family (IPv4 over IPv6, RFC 5549) goes with its family before it.
    fileprivate mutating func put(gateway: IPAddress, of family: IPFamily) {
        if gateway.family == family {
            put(RTA_GATEWAY.rawValue, gateway)
        } else {
            let number = UInt16(gateway.family.number)
            put(RTA_VIA.rawValue, bytes: [UInt8(number & 255), UInt8(number >> 8)] + gateway.octets)
        }
    }
}
