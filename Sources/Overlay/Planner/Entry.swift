package import NetTypes
package import Netlink

/// Where an entry of a peer sits in the kernel. There is at most one entry that counts for each key.
package enum EntryKey: Hashable, Sendable {
    /// A neighbour of the VTEP device: the peer's subnet base address.
    case neighbour(device: InterfaceIndex, IPAddress)
    /// A forwarding entry of the VTEP device: the peer's VTEP MAC.
    case fdb(device: InterfaceIndex, MACAddress)
    /// A route of the main table with the family's default metric.
    case route(CIDR)
    /// Where packets to addresses of our own subnet go that no pod has. Its metric is beneath every other route's, so
    /// that it can stand under the bridge's own route to the subnet.
    case blackhole(CIDR)
}

/// What stands there.
package enum Entry: Hashable, Sendable {
    case neighbour(MACAddress)
    case fdb(destination: IPAddress)
    case route(RouteTarget)
}

package enum RouteTarget: Hashable, Sendable {
    /// `isOnLink`: the kernel takes the gateway as a neighbour of the device without asking its routes.
    case via(IPAddress, device: InterfaceIndex, isOnLink: Bool)
    case blackhole
    /// A route of a shape that we never want (multipath, a device route): it only can be replaced, removed or left.
    case other
}

package enum Ownership: Hashable, Sendable {
    /// Tagged as ours, or permanent on our device.
    case ours
    /// flannel's, untagged, on the device that we took over: as ours, once it is wanted it gets the tag.
    case adopted
    /// What flannel or `ip route add` leaves untagged (protocol boot) outside our device: taken over when a peer needs
    /// exactly this key, and left alone otherwise.
    case untagged
    case foreign
}

/// An entry as found in the kernel.
package struct FoundEntry: Hashable, Sendable {
    package var entry: Entry
    package var ownership: Ownership
    /// A description of whose it is, for messages: "protocol static".
    package var origin: String

    package init(_ entry: Entry, _ ownership: Ownership, origin: String = "") {
        self.entry = entry
        self.ownership = ownership
        self.origin = origin
    }

    /// Whether it goes when nobody wants it.
    package var isCollectable: Bool { ownership == .ours || ownership == .adopted }
}

extension EntryKey: CustomStringConvertible {
    package var description: String {
        switch self {
        case .neighbour(let device, let address): "neighbour \(address) on device \(device)"
        case .fdb(let device, let mac): "forwarding entry \(mac) on device \(device)"
        case .route(let destination): "route \(destination)"
        case .blackhole(let destination): "blackhole route \(destination)"
        }
    }
}

extension Entry: CustomStringConvertible {
    package var description: String {
        switch self {
        case .neighbour(let mac): "at \(mac)"
        case .fdb(let destination): "to \(destination)"
        case .route(.via(let gateway, let device, let isOnLink)):
            "via \(gateway) device \(device)\(isOnLink ? " onlink" : "")"
        case .route(.blackhole): "blackhole"
        case .route(.other): "of another kind"
        }
    }
}
