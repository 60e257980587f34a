internal import CNetlink
internal import Linux
package import NetTypes

/// Which routes to list; nil is any.
package struct RouteFilter: Hashable, Sendable {
    package var family: IPFamily?
    package var table: RouteTable?
    package var protocolNumber: RouteProtocol?
    package var outputInterface: InterfaceIndex?
    package var type: RouteType?

    package init(
        _ family: IPFamily? = nil, table: RouteTable? = .main, protocolNumber: RouteProtocol? = nil,
        dev outputInterface: InterfaceIndex? = nil, type: RouteType? = nil
    ) {
        self.family = family
        self.table = table
        self.protocolNumber = protocolNumber
        self.outputInterface = outputInterface
        self.type = type
    }

    func matches(_ route: Route) -> Bool {
        (family == nil || route.family == family)
            && (table == nil || route.table == table)
            && (protocolNumber == nil || route.protocolNumber == protocolNumber)
            && (outputInterface == nil || route.outputInterface == outputInterface
                || route.nextHops.contains { $0.outputInterface == outputInterface })
            && (type == nil || route.type == type)
    }
}

extension NetlinkSocket {
    /// The routes that the filter lets through; both families unless it names one, the main table unless it names
    /// another or nil.
    package mutating func routes(_ filter: RouteFilter = RouteFilter()) throws(NetlinkError) -> [Route] {
        if filter.family == nil {
            var (v4, v6) = (filter, filter)
            (v4.family, v6.family) = (.v4, .v6)
            return try routes(v4) + routes(v6)
        }
        do {
            return try dump("routes") { () throws(NetlinkError) in
                try .listing(filter)
            } _: { reply in
                Route(reply).flatMap { filter.matches($0) ? $0 : nil }
            }
        } catch  where error.errno == .noEntry {
            // The kernel makes a table with its first route.
            return []
        }
    }

    /// The route that a packet would take: with `fibMatch` the table's entry that decides, else what the look-up makes
    /// of it (gateway, device and source address, with the destination itself as a host route). With `inputInterface`
    /// it is a packet that comes in there, from a source that has to be told, and that is perhaps not let through.
    package mutating func route(
        to destination: IPAddress, from source: IPAddress? = nil, arrivingBy inputInterface: InterfaceIndex? = nil,
        dev outputInterface: InterfaceIndex? = nil, mark: UInt32? = nil, fibMatch: Bool = false
    ) throws(NetlinkError) -> Route {
        var message = try Message(RTM_GETROUTE)
        var header = rtmsg()
        header.rtm_family = destination.family.number
        header.rtm_dst_len = UInt8(destination.family.width)
        header.rtm_src_len = UInt8(source == nil ? 0 : destination.family.width)
        // Strict checking refuses RTM_F_LOOKUP_TABLE for IPv6 (net/ipv6/route.c), which says the table anyway.
        header.rtm_flags =
            (destination.family == .v4 ? UInt32(RTM_F_LOOKUP_TABLE) : 0) | (fibMatch ? UInt32(RTM_F_FIB_MATCH) : 0)
        message.header(header)
        message.put(RTA_DST.rawValue, destination)
        if let source { message.put(RTA_SRC.rawValue, source) }
        if let inputInterface { message.put(RTA_IIF.rawValue, inputInterface) }
        if let outputInterface { message.put(RTA_OIF.rawValue, outputInterface) }
        if let mark { message.put(RTA_MARK.rawValue, mark) }
        return try get(message, "look up", "the route to \(destination)") { Route($0) }
    }
}

extension Message {
    fileprivate static func listing(_ filter: RouteFilter) throws(NetlinkError) -> Message {
        var message = try Message(RTM_GETROUTE)
        var header = rtmsg()
        header.rtm_family = filter.family?.number ?? UInt8(AF_UNSPEC)
        header.rtm_protocol = filter.protocolNumber?.rawValue ?? 0
        header.rtm_type = filter.type?.rawValue ?? 0
        message.header(header)
        if let table = filter.table { message.put(RTA_TABLE.rawValue, table.rawValue) }
        if let interface = filter.outputInterface { message.put(RTA_OIF.rawValue, interface) }
        return message
    }
}
