package import NetTypes
package import Netlink

/// The VXLAN device that a family wants: `flannel.<VNI>` over IPv4, `flannel-v6.<VNI>` over IPv6.
package struct VTEPWish: Hashable, Sendable {
    package var family: IPFamily
    package var settings: VXLANSettings
    package var mtu: Int
    package var mac: MACAddress
    /// The base address of our subnet, alone: the peers' neighbour entries point to it.
    package var address: CIDR
    /// Only addresses in here are the overlay's.
    package var network: CIDR

    package init(
        _ vxlan: VXLANConfig, family: IPFamily, underlay: Underlay, local: IPAddress, subnet: CIDR, network: CIDR,
        mac: MACAddress
    ) {
        self.family = family
        self.mac = mac
        self.network = network
        address = CIDR(host: subnet.address)
        mtu = vxlan.deviceMTU(family, underlay: underlay.mtu)
        settings = VXLANSettings(
            id: UInt32(vxlan.vni), lowerIndex: underlay.index, local: local, port: vxlan.port)
        settings.learning = vxlan.learning
        settings.groupPolicy = vxlan.groupPolicy
    }

    package var name: String { Self.name(family, vni: Int(settings.id)) }

    package static func name(_ family: IPFamily, vni: Int) -> String {
        family == .v4 ? "flannel.\(vni)" : "flannel-v6.\(vni)"
    }
}

extension VXLANConfig {
    /// Outer Ethernet, IP, UDP and VXLAN headers: 14 + 20 + 8 + 8, and 20 more with IPv6 (RFC 7348, 5).
    package static func overhead(_ family: IPFamily) -> Int { family == .v4 ? 50 : 70 }

    /// A configured MTU larger than the underlay's cannot be kept: the kernel would cut off or refuse.
    package func deviceMTU(_ family: IPFamily, underlay: Int) -> Int {
        min(mtu ?? underlay, underlay) - Self.overhead(family)
    }
}

extension NetworkConfig {
    /// What a pod may send in one packet, whichever family carries it.
    package func podMTU(underlay: Int) -> Int {
        guard case .vxlan(let vxlan) = backend else { return underlay }
        return families.map { vxlan.deviceMTU($0, underlay: underlay) }.min() ?? underlay
    }
}

/// Something stands where the overlay's device should be, and it is not the overlay's to change.
package struct DeviceConflict: Error, Hashable, Sendable, CustomStringConvertible {
    package var name: String
    package var reason: String
    package var description: String { "\(name): \(reason)" }
}

extension VTEPWish {
    /// The requests that make the link found into the one wanted; none when it is.
    ///
    /// As much as the kernel allows is changed on the living device, which keeps its entries and so the traffic.
    package func linkRequests(found: Link?) throws(DeviceConflict) -> [NetlinkRequest] {
        let create = NetlinkRequest.createLink(
            NewLink(name, .vxlan(settings), LinkAttributes(mac: mac, mtu: mtu, isUp: true)))
        guard let found else { return [create] }
        guard case .vxlan(let actual) = found.kind else {
            throw DeviceConflict(
                name: name, reason: "is a \(found.kind?.name ?? "device") that is not ours; remove or rename it")
        }
        // These are fixed at creation (drivers/net/vxlan, vxlan_nl2conf with changelink).
        let isFixedPartRight =
            actual.id == settings.id && actual.port == settings.port && actual.groupPolicy == settings.groupPolicy
            && actual.remote == nil && actual.reportsMissingForwarding != true
            && actual.reportsMissingNeighbours != true && actual.local?.family == settings.local?.family
        if !isFixedPartRight { return [.deleteLink(.name(name)), create] }

        var requests: [NetlinkRequest] = []
        if actual.local != settings.local || found.lowerIndex != settings.lowerIndex
            || actual.learning != settings.learning
        {
            var change = VXLANSettings(id: settings.id, lowerIndex: settings.lowerIndex, local: settings.local)
            change.learning = settings.learning
            requests.append(.changeLink(.name(name), LinkAttributes(), kind: .vxlan(change)))
        }
        var attributes = LinkAttributes()
        if found.mac != mac { attributes.mac = mac }
        if found.mtu != mtu { attributes.mtu = mtu }
        if !found.isUp { attributes.isUp = true }
        if attributes != LinkAttributes() { requests.append(.changeLink(.name(name), attributes)) }
        return requests
    }

    /// The requests that give the device its one address in the network. Addresses outside of it are left.
    package func addressRequests(index: InterfaceIndex, found: [InterfaceAddress]) -> [NetlinkRequest] {
        let ours = found.filter { $0.interface == index && network.contains($0.address.address) }
        var requests: [NetlinkRequest] = []
        if !ours.contains(where: { $0.address == address }) {
            requests.append(
                .address(
                    .replace, InterfaceAddress(address, on: index, flags: family == .v6 ? .noDuplicateDetection : [])))
        }
        for other in ours where other.address != address { requests.append(.address(.delete, other)) }
        return requests
    }
}
