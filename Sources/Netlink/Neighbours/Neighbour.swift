internal import CNetlink
package import NetTypes

/// An entry of a link's neighbour table: which hardware address an IP address has.
package struct Neighbour: Hashable, Sendable {
    package var interface: InterfaceIndex
    package var address: IPAddress
    /// Nil while it is unknown.
    package var mac: MACAddress?
    package var state: NeighbourState
    package var flags: NeighbourFlags

    package init(
        _ address: IPAddress, mac: MACAddress?, on interface: InterfaceIndex, state: NeighbourState = .permanent,
        flags: NeighbourFlags = NeighbourFlags(rawValue: 0)
    ) {
        self.address = address
        self.mac = mac
        self.interface = interface
        self.state = state
        self.flags = flags
    }
}

extension Neighbour: CustomStringConvertible {
    package var description: String {
        "neighbour \(address)\(mac.map { " at \($0)" } ?? "") on link \(interface)"
    }
}

/// linux/neighbour.h, NUD_*.
package struct NeighbourState: OptionSet, Hashable, Sendable {
    package var rawValue: UInt16
    package init(rawValue: UInt16) { self.rawValue = rawValue }

    package static let incomplete = NeighbourState(rawValue: 0x01)
    package static let reachable = NeighbourState(rawValue: 0x02)
    package static let stale = NeighbourState(rawValue: 0x04)
    package static let delay = NeighbourState(rawValue: 0x08)
    package static let probe = NeighbourState(rawValue: 0x10)
    package static let failed = NeighbourState(rawValue: 0x20)
    /// Needs no resolution, but may be collected; on a bridge: a static entry.
    package static let noARP = NeighbourState(rawValue: 0x40)
    /// Stays until it is deleted.
    package static let permanent = NeighbourState(rawValue: 0x80)
}

/// linux/neighbour.h, NTF_*.
package struct NeighbourFlags: OptionSet, Hashable, Sendable {
    package var rawValue: UInt8
    package init(rawValue: UInt8) { self.rawValue = rawValue }

    /// In the device's own forwarding table (vxlan).
    package static let ownTable = NeighbourFlags(rawValue: 0x02)
    /// In the forwarding table of the device's bridge.
    package static let masterTable = NeighbourFlags(rawValue: 0x04)
    /// The kernel answers for the address.
    package static let proxy = NeighbourFlags(rawValue: 0x08)
}

extension Neighbour {
    func encoded(_ verb: Verb) throws(NetlinkError) -> Message {
        var message = try Message(verb.type(new: RTM_NEWNEIGH, delete: RTM_DELNEIGH), flags: verb.flags)
        var header = ndmsg()
        header.ndm_family = address.family.number
        header.ndm_ifindex = interface
        header.ndm_state = state.rawValue
        header.ndm_flags = flags.rawValue
        message.header(header)
        message.put(NDA_DST, address)
        if let mac, verb != .delete { message.put(NDA_LLADDR, mac) }
        return message
    }

    /// Reads a whole RTM_NEWNEIGH or RTM_DELNEIGH message of the families IPv4 and IPv6.
    init?(_ message: RawSpan) {
        guard let header: ndmsg = message.value(at: 16), IPFamily(number: header.ndm_family) != nil else { return nil }
        var address: IPAddress?
        var mac: MACAddress?
        message.forEachAttribute(from: 28) { type, value in
            if type == Int(NDA_DST) { address = value.ipAddress }
            if type == Int(NDA_LLADDR) { mac = value.macAddress }
        }
        guard let address else { return nil }
        self.init(
            address, mac: mac, on: header.ndm_ifindex, state: NeighbourState(rawValue: header.ndm_state),
            flags: NeighbourFlags(rawValue: header.ndm_flags))
    }
}
