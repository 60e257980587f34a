package import NetTypes
package import Netlink

/// What a plan needs to know about this node.
package struct NodeFacts: Hashable, Sendable {
    package var subnet: SubnetKey
    package var v4: FamilyFacts?
    package var v6: FamilyFacts?
    /// Peers that a DirectRouting plan reaches without a router between: their address and the interface it is on.
    package var neighbours: [IPAddress: InterfaceIndex]
    /// Whether our own subnets get a blackhole route beneath the pods' more specific ones.
    package var hasBlackholeRoute: Bool

    package struct FamilyFacts: Hashable, Sendable {
        /// The address under which peers know us.
        package var publicAddress: IPAddress
        /// Interface index of the underlay, and of the VTEP device for backends that have one.
        package var underlay: InterfaceIndex
        package var vtep: InterfaceIndex?
        package var vtepMAC: MACAddress?

        package init(
            publicAddress: IPAddress, underlay: InterfaceIndex, vtep: InterfaceIndex? = nil, vtepMAC: MACAddress? = nil
        ) {
            self.publicAddress = publicAddress
            self.underlay = underlay
            self.vtep = vtep
            self.vtepMAC = vtepMAC
        }
    }

    package init(
        subnet: SubnetKey, v4: FamilyFacts?, v6: FamilyFacts? = nil, neighbours: [IPAddress: InterfaceIndex] = [:],
        hasBlackholeRoute: Bool = false
    ) {
        self.subnet = subnet
        self.v4 = v4
        self.v6 = v6
        self.neighbours = neighbours
        self.hasBlackholeRoute = hasBlackholeRoute
    }

    package subscript(family: IPFamily) -> FamilyFacts? { family == .v4 ? v4 : v6 }
}
