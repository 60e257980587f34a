internal import CNetlink
package import NetTypes

/// An address of a link.
package struct InterfaceAddress: Hashable, Sendable {
    package var interface: InterfaceIndex
    /// The address, and how long the prefix is that it shares with its network (or with the peer).
    package var address: CIDR
    /// The other end of a point-to-point link.
    package var peer: IPAddress?
    /// IPv4 only; nil sets none.
    package var broadcast: IPAddress?
    package var scope: RouteScope
    package var flags: AddressFlags
    /// IPv4 only: the old alias name; empty for none.
    package var label: String = ""
    /// Seconds until the address goes, and until it is no longer chosen as a source; nil for ever.
    package var validLifetime: UInt32?
    package var preferredLifetime: UInt32?

    package init(
        _ address: CIDR, on interface: InterfaceIndex, flags: AddressFlags = .init(rawValue: 0),
        scope: RouteScope = .universe,
        broadcast: IPAddress? = nil
    ) {
        self.address = address
        self.interface = interface
        self.flags = flags
        self.scope = scope
        self.broadcast = broadcast
    }
}

extension InterfaceAddress: CustomStringConvertible {
    package var description: String { "address \(address) on link \(interface)" }
}

/// linux/if_addr.h, IFA_F_*.
package struct AddressFlags: OptionSet, Hashable, Sendable {
    package var rawValue: UInt32
    package init(rawValue: UInt32) { self.rawValue = rawValue }

    /// IPv4: not the first of its network. IPv6: temporary (RFC 8981).
    package static let secondary = AddressFlags(rawValue: 0x01)
    /// Used at once, without duplicate address detection (IPv6).
    package static let noDuplicateDetection = AddressFlags(rawValue: 0x02)
    package static let duplicateFound = AddressFlags(rawValue: 0x08)
    package static let deprecated = AddressFlags(rawValue: 0x20)
    /// Detection has not ended: the address cannot be used yet.
    package static let tentative = AddressFlags(rawValue: 0x40)
    /// Without lifetime; set by the kernel.
    package static let permanent = AddressFlags(rawValue: 0x80)
    /// Does not make the route to its network.
    package static let noPrefixRoute = AddressFlags(rawValue: 0x200)
}

extension InterfaceAddress {
    func encoded(_ verb: Verb) throws(NetlinkError) -> Message {
        var message = try Message(verb.type(new: RTM_NEWADDR, delete: RTM_DELADDR), flags: verb.flags)
        var header = ifaddrmsg()
        header.ifa_family = address.family.number
        header.ifa_prefixlen = UInt8(address.prefixLength)
        header.ifa_scope = scope.rawValue
        header.ifa_index = UInt32(bitPattern: interface)
        message.header(header)
        message.put(IFA_LOCAL, address.address)
        message.put(IFA_ADDRESS, peer ?? address.address)
        if verb == .delete { return message }
        if let broadcast { message.put(IFA_BROADCAST, broadcast) }
        if !label.isEmpty { message.put(IFA_LABEL, label) }
        if !flags.isEmpty { message.put(IFA_FLAGS, flags.rawValue) }
        if validLifetime != nil || preferredLifetime != nil {
            let forever = UInt32.max
            let info = ifa_cacheinfo(
                ifa_prefered: preferredLifetime ?? validLifetime ?? forever, ifa_valid: validLifetime ?? forever,
                cstamp: 0, tstamp: 0)
            message.put(IFA_CACHEINFO, value: info)
        }
        return message
    }

    /// Reads a whole RTM_NEWADDR or RTM_DELADDR message.
    init?(_ message: RawSpan) {
        guard let header: ifaddrmsg = message.value(at: 16) else { return nil }
        var local: IPAddress?
        var remote: IPAddress?
        var broadcast: IPAddress?
        var flags = UInt32(header.ifa_flags)
        var label = ""
        var lifetimes = ifa_cacheinfo(ifa_prefered: .max, ifa_valid: .max, cstamp: 0, tstamp: 0)
        message.forEachAttribute(from: 24) { type, value in
            switch type {
            case Int(IFA_LOCAL): local = value.ipAddress
            case Int(IFA_ADDRESS): remote = value.ipAddress
            case Int(IFA_BROADCAST): broadcast = value.ipAddress
            case Int(IFA_FLAGS): flags = value.u32 ?? flags
            case Int(IFA_LABEL): label = value.text
            case Int(IFA_CACHEINFO): lifetimes = value.value() ?? lifetimes
            default: break
            }
        }
        // IPv6 gives IFA_LOCAL only with a peer.
        guard let address = local ?? remote, Int(header.ifa_prefixlen) <= address.family.width else { return nil }
        self.init(
            CIDR(address, Int(header.ifa_prefixlen)), on: InterfaceIndex(bitPattern: header.ifa_index),
            flags: AddressFlags(rawValue: flags), scope: RouteScope(rawValue: header.ifa_scope), broadcast: broadcast)
        self.label = label
        if let remote, remote != address { peer = remote }
        if lifetimes.ifa_valid != .max { validLifetime = lifetimes.ifa_valid }
        if lifetimes.ifa_prefered != .max { preferredLifetime = lifetimes.ifa_prefered }
    }
}
