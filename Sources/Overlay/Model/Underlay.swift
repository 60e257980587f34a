package import NetTypes
package import Netlink

/// The interface that carries the overlay's packets, and our addresses there.
package struct Underlay: Hashable, Sendable {
    package var index: InterfaceIndex
    package var name: String
    package var mtu: Int
    package var v4: Address?
    package var v6: Address?

    package struct Address: Hashable, Sendable {
        /// The source of outgoing packets: an address of this interface.
        package var local: IPAddress
        /// Where peers send to. Another than `local` behind a NAT (--public-ip).
        package var published: IPAddress

        package init(local: IPAddress, published: IPAddress) {
            self.local = local
            self.published = published
        }
    }

    package init(index: InterfaceIndex, name: String, mtu: Int, v4: Address?, v6: Address? = nil) {
        self.index = index
        self.name = name
        self.mtu = mtu
        self.v4 = v4
        self.v6 = v6
    }

    package subscript(family: IPFamily) -> Address? { family == .v4 ? v4 : v6 }
}
