internal import CNetlink
internal import Linux
package import NetTypes

/// Settings of IPv4 on a link (linux/ip.h, IPV4_DEVCONF_*), by netlink: it costs a fraction of the way through /proc/sys
/// and needs no thread in the link's namespace.
package enum IPv4Setting: Int, Hashable, Sendable {
    /// Announce an address by gratuitous ARP when it or the link's comes or changes.
    case arpNotify = 22
    /// Addresses of 127/8 may come in and go out.
    case routeLocalnet = 26
}

extension NetlinkSocket {
    /// Whether the node forwards packets of the family: the setting for all interfaces, in the socket's namespace.
    package mutating func isForwarding(_ family: IPFamily) throws(NetlinkError) -> Bool {
        try get(try .configuration(family), "look up", "forwarding of IP\(family)") { reply in
            var result: Bool?
            reply.forEachAttribute(from: 20) { type, value in
                if type == Int(NETCONFA_FORWARDING) { result = value.i32.map { $0 != 0 } }
            }
            return result
        }
    }
}

extension Message {
    fileprivate static func configuration(_ family: IPFamily) throws(NetlinkError) -> Message {
        var message = try Message(RTM_GETNETCONF)
        message.header(netconfmsg(ncm_family: family.number))
        message.put(NETCONFA_IFINDEX, Int32(NETCONFA_IFINDEX_ALL))
        return message
    }
}
