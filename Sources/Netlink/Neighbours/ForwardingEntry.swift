internal import CNetlink
package import NetTypes

/// An entry of the forwarding table of a bridge (behind which port is a hardware address) or of a vxlan (at which
/// remote).
package struct ForwardingEntry: Hashable, Sendable {
    package var interface: InterfaceIndex
    /// All zeros in a vxlan stands for every address without an entry of its own.
    package var mac: MACAddress
    /// The remote tunnel end (vxlan).
    package var destination: IPAddress?
    package var state: NeighbourState
    package var flags: NeighbourFlags
    package var vlan: UInt16?
    /// Where the remote listens, and by which number it knows the network, when it is not as the device says.
    package var port: UInt16?
    package var networkID: UInt32?
    /// The bridge, in entries that were read.
    package var masterIndex: InterfaceIndex?

    package init(
        _ mac: MACAddress, to destination: IPAddress? = nil, on interface: InterfaceIndex,
        state: NeighbourState = .permanent, flags: NeighbourFlags = .ownTable
    ) {
        self.mac = mac
        self.destination = destination
        self.interface = interface
        self.state = state
        self.flags = flags
    }
}

extension ForwardingEntry: CustomStringConvertible {
    package var description: String {
        "forwarding entry \(mac)\(destination.map { " to \($0)" } ?? "") on link \(interface)"
    }
}

extension ForwardingEntry {
    func encoded(_ verb: Verb) throws(NetlinkError) -> Message {
        var message = try Message(verb.type(new: RTM_NEWNEIGH, delete: RTM_DELNEIGH), flags: verb.flags)
        var header = ndmsg()
        header.ndm_family = UInt8(AF_BRIDGE)
        header.ndm_ifindex = interface
        header.ndm_state = state.rawValue
        header.ndm_flags = flags.rawValue
        message.header(header)
        message.put(NDA_LLADDR, mac)
        if let destination { message.put(NDA_DST, destination) }
        if let vlan { message.put(NDA_VLAN, vlan) }
        if let port { message.put(NDA_PORT, port.bigEndian) }
        if let networkID { message.put(NDA_VNI, networkID) }
        return message
    }

    /// Reads a whole RTM_NEWNEIGH or RTM_DELNEIGH message of the family AF_BRIDGE.
    init?(_ message: RawSpan) {
        guard let header: ndmsg = message.value(at: 16), CInt(header.ndm_family) == AF_BRIDGE else { return nil }
        var mac: MACAddress?
        self.init(
            MACAddress(rawValue: 0), on: header.ndm_ifindex, state: NeighbourState(rawValue: header.ndm_state),
            flags: NeighbourFlags(rawValue: header.ndm_flags))
        message.forEachAttribute(from: 28) { type, value in
            switch type {
            case Int(NDA_LLADDR): mac = value.macAddress
            case Int(NDA_DST): destination = value.ipAddress
            case Int(NDA_VLAN): vlan = value.u16
            case Int(NDA_PORT): port = value.networkU16
            case Int(NDA_VNI): networkID = value.u32
            case Int(NDA_MASTER): masterIndex = value.i32
            default: break
            }
        }
        guard let mac else { return nil }
        self.mac = mac
    }
}
