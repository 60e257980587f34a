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

/// One request on the way to the wanted device, and why it is needed.
package struct DeviceStep: Hashable, Sendable, CustomStringConvertible {
    package var request: NetlinkRequest
    package var reason: String

    package init(_ request: NetlinkRequest, _ reason: String) {
        self.request = request
        self.reason = reason
    }

    package var description: String { "\(request): \(reason)" }
}

extension VTEPWish {
    package var creation: NetlinkRequest {
        .createLink(NewLink(name, .vxlan(settings), LinkAttributes(mac: mac, mtu: mtu, isUp: true)))
    }

    /// The steps that make the link found into the one wanted; none when it is.
    ///
    /// As much as the kernel allows is changed on the living device, which keeps its entries and so the traffic.
    package func linkSteps(found: Link?) throws(DeviceConflict) -> [DeviceStep] {
        guard let found else { return [DeviceStep(creation, "it is not there")] }
        guard case .vxlan(let actual) = found.kind else {
            throw DeviceConflict(
                name: name, reason: "is a \(found.kind?.name ?? "device") that is not ours; remove or rename it")
        }
        if let reason = reasonToRecreate(actual) {
            return [DeviceStep(.deleteLink(.name(name)), reason), DeviceStep(creation, reason)]
        }
        var steps: [DeviceStep] = []
        var reasons: [String] = []
        func compare<Value: Equatable>(_ what: String, _ actual: Value?, _ wanted: Value?) -> Bool {
            if actual == wanted { return false }
            reasons.append("\(what) is \(text(actual)), should be \(text(wanted))")
            return true
        }
        let differs = [
            compare("local address", actual.local, settings.local),
            compare("underlay", actual.lowerIndex, settings.lowerIndex),
            compare("learning", actual.learning, settings.learning),
        ]
        if differs.contains(true) {
            var change = VXLANSettings(id: settings.id, lowerIndex: settings.lowerIndex, local: settings.local)
            change.learning = settings.learning
            let request = NetlinkRequest.changeLink(.name(name), LinkAttributes(), kind: .vxlan(change))
            steps.append(DeviceStep(request, reasons.joined(separator: ", ")))
        }
        reasons = []
        var attributes = LinkAttributes()
        if compare("MAC", found.mac, mac) { attributes.mac = mac }
        if compare("MTU", found.mtu, mtu) { attributes.mtu = mtu }
        if compare("up", found.isUp, true) { attributes.isUp = true }
        if !reasons.isEmpty {
            steps.append(DeviceStep(.changeLink(.name(name), attributes), reasons.joined(separator: ", ")))
        }
        return steps
    }

    /// What cannot be changed after creation (drivers/net/vxlan, vxlan_nl2conf with changelink) and is not as wanted.
    private func reasonToRecreate(_ actual: VXLANSettings) -> String? {
        if actual.id != settings.id { return "VNI is \(actual.id), should be \(settings.id)" }
        if actual.port != settings.port { return "port is \(text(actual.port)), should be \(text(settings.port))" }
        if actual.groupPolicy != settings.groupPolicy { return "GBP is \(actual.groupPolicy)" }
        if actual.remote != nil { return "it has a default remote" }
        if actual.reportsMissingForwarding == true || actual.reportsMissingNeighbours == true {
            return "it reports misses"
        }
        if actual.local?.family != settings.local?.family { return "local address is \(text(actual.local))" }
        return nil
    }

    private func text<Value>(_ value: Value?) -> String { value.map { "\($0)" } ?? "none" }

    /// The steps that give the device its one address in the network. Addresses outside of it are left.
    package func addressSteps(index: InterfaceIndex, found: [InterfaceAddress]) -> [DeviceStep] {
        let ours = found.filter { $0.interface == index && network.contains($0.address.address) }
        var steps: [DeviceStep] = []
        if !ours.contains(where: { $0.address == address }) {
            let flags: AddressFlags = family == .v6 ? .noDuplicateDetection : []
            let wanted = InterfaceAddress(address, on: index, flags: flags)
            steps.append(DeviceStep(.address(.replace, wanted), "\(name) lacks it"))
        }
        for other in ours where other.address != address {
            steps.append(DeviceStep(.address(.delete, other), "it is not the base address of our subnet"))
        }
        return steps
    }
}
