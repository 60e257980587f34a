internal import CNetlink
internal import Linux
package import NetTypes

/// Questions. Those for one object cost one round trip; lists are filtered by the kernel where it can, and here always.
extension NetlinkSocket {
    /// The link by number or name; one that is missing is `isNotFound`.
    package mutating func link(_ reference: LinkReference) throws(NetlinkError) -> Link {
        var message = try Message.link(RTM_GETLINK, reference)
        // Counters, which nobody reads here, are the larger half of an answer.
        message.put(IFLA_EXT_MASK, UInt32(RTEXT_FILTER_SKIP_STATS))
        return try get(message, "look up", "\(reference)") { Link($0) }
    }

    /// The number of the link by that name, without waiting for the lock of all links.
    package func index(of name: String) throws(NetlinkError) -> InterfaceIndex { try port.index(of: name) }

    /// Makes the link and returns its number, in one round trip where the kernel echoes what it made (6.2), else in two.
    /// A link born in another namespace is found there only.
    package mutating func create(_ link: NewLink) throws(NetlinkError) -> InterfaceIndex {
        let request = NetlinkRequest.createLink(link)
        do {
            return try get(try .creating(link, flags: NLM_F_ECHO), request.operation, request.object) {
                Link($0)?.index
            }
        } catch  where error.errno == .again {
            // It was made, and nothing was said.
            return try self.link(.name(link.name)).index
        }
    }

    /// All links, or those of one master, or of one kind ("vxlan").
    package mutating func links(master: InterfaceIndex? = nil, kind: String? = nil) throws(NetlinkError) -> [Link] {
        try dump("links") { () throws(NetlinkError) in
            var message = try Message.link(RTM_GETLINK, nil)
            if let master { message.put(IFLA_MASTER, master) }
            if let kind { try message.nest(IFLA_LINKINFO) { $0.put(IFLA_INFO_KIND, kind) } }
            return message
        } _: { reply in
            guard let link = Link(reply), master == nil || link.masterIndex == master,
                kind == nil || link.kind?.name == kind
            else { return nil }
            return link
        }
    }

    package mutating func addresses(_ family: IPFamily? = nil, on interface: InterfaceIndex? = nil)
        throws(NetlinkError) -> [InterfaceAddress]
    {
        try dump("addresses") { () throws(NetlinkError) in
            var message = try Message(RTM_GETADDR)
            var header = ifaddrmsg()
            header.ifa_family = family?.number ?? UInt8(AF_UNSPEC)
            header.ifa_index = UInt32(bitPattern: interface ?? 0)
            message.header(header)
            return message
        } _: { reply in
            guard let address = InterfaceAddress(reply), family == nil || address.address.family == family,
                interface == nil || address.interface == interface
            else { return nil }
            return address
        }
    }

    package mutating func neighbours(_ family: IPFamily? = nil, on interface: InterfaceIndex? = nil)
        throws(NetlinkError) -> [Neighbour]
    {
        try dump("neighbours") { () throws(NetlinkError) in
            try .neighbours(family?.number ?? UInt8(AF_UNSPEC), on: interface)
        } _: { reply in
            guard let neighbour = Neighbour(reply), family == nil || neighbour.address.family == family,
                interface == nil || neighbour.interface == interface
            else { return nil }
            return neighbour
        }
    }

    /// Entries of a vxlan, of a bridge port, or of all devices.
    package mutating func forwardingEntries(on interface: InterfaceIndex? = nil) throws(NetlinkError)
        -> [ForwardingEntry]
    {
        try dump("forwarding entries") { () throws(NetlinkError) in
            try .neighbours(UInt8(AF_BRIDGE), on: interface)
        } _: { reply in
            guard let entry = ForwardingEntry(reply), interface == nil || entry.interface == interface
            else { return nil }
            return entry
        }
    }
}

extension Message {
    fileprivate static func neighbours(_ family: UInt8, on interface: InterfaceIndex?) throws(NetlinkError) -> Message {
        var message = try Message(RTM_GETNEIGH)
        var header = ndmsg()
        header.ndm_family = family
        message.header(header)
        if let interface { message.put(NDA_IFINDEX, interface) }
        return message
    }
}
