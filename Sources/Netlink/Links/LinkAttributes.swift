package import NetTypes

/// A link named by number or by name. By name costs no look-up: the kernel takes both.
package enum LinkReference: Hashable, Sendable, CustomStringConvertible {
    case index(InterfaceIndex)
    case name(String)

    package var description: String {
        switch self {
        case .index(let index): "link \(index)"
        case .name(let name): "link \(name)"
        }
    }
}

extension LinkReference: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral {
    package init(stringLiteral name: String) { self = .name(name) }
    package init(integerLiteral index: InterfaceIndex) { self = .index(index) }
}

/// What to give to a link that is made or changed; nil leaves it as it is, or to the kernel.
package struct LinkAttributes: Hashable, Sendable {
    /// An address given at creation also keeps udev from changing it.
    package var mac: MACAddress?
    /// A bridge forgets one that is given at creation as soon as a port joins; one that is changed later stays.
    package var mtu: Int?
    package var isUp: Bool?
    /// 0 takes the link off its master.
    package var masterIndex: InterfaceIndex?
    /// An open descriptor of the network namespace to make the link in, or to move it to. The caller keeps it open
    /// until the request has run.
    package var namespace: CInt?
    package var transmitQueueLength: Int?
    /// Queues for sending and as many for receiving, of a link that is made. Nil gives a veth one for each CPU, of which the
    /// kernel then turns all but one off, and waits an RCU grace period for each end.
    package var queues: Int?
    package var group: UInt32?
    package var isPromiscuous: Bool?
    package var receivesAllMulticast: Bool?
    /// How the link gets its IPv6 link-local address. The kernel refuses this at creation, and obeys it after it has set the
    /// link up. So: create, then this, then up; the three can go in one batch.
    package var addressGeneration: AddressGeneration?
    /// Settings of IPv4, as under /proc/sys/net/ipv4/conf; refused at creation, and made after the link is set up.
    package var ipv4: [IPv4Setting: Int32] = [:]

    package init(
        mac: MACAddress? = nil, mtu: Int? = nil, isUp: Bool? = nil, masterIndex: InterfaceIndex? = nil,
        namespace: CInt? = nil, addressGeneration: AddressGeneration? = nil, ipv4: [IPv4Setting: Int32] = [:]
    ) {
        self.mac = mac
        self.mtu = mtu
        self.isUp = isUp
        self.masterIndex = masterIndex
        self.namespace = namespace
        self.addressGeneration = addressGeneration
        self.ipv4 = ipv4
    }

    package static let up = LinkAttributes(isUp: true)
    package static let down = LinkAttributes(isUp: false)
}

/// A link that is to be made.
package struct NewLink: Hashable, Sendable {
    package var name: String
    package var kind: LinkKind
    package var attributes: LinkAttributes
    /// The device that a macvlan is on. (A vxlan names its own in its settings.)
    package var lowerIndex: InterfaceIndex?
    /// The number it must get; nil lets the kernel choose.
    package var index: InterfaceIndex?

    package init(_ name: String, _ kind: LinkKind, _ attributes: LinkAttributes = LinkAttributes()) {
        self.name = name
        self.kind = kind
        self.attributes = attributes
    }
}
