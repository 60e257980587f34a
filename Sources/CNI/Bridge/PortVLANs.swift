internal import Linux
internal import NetTypes
internal import Netlink

/// `vlan`, `vlanTrunk` and `preserveDefaultVlan`: the VLANs of a port, and the bridge's end of the container's VLAN.
struct PortVLANs {
    let config: BridgeConfig
    let kernel: Kernel

    func apply(to port: String, _ bridge: Link, _ gateways: [CIDR]) throws {
        try kernel.routing { socket in
            let index = try socket.link(.name(port)).index
            for request in requests(for: index) { try run(request, &socket) }
            if let vlan = config.vlan, config.isGateway { try makeGateway(vlan, bridge, gateways, &socket) }
        }
    }

    private func run(_ request: NetlinkRequest, _ socket: inout NetlinkSocket) throws(NetlinkError) {
        do { try socket.run(request) } catch  where error.isAlreadyExists {}
    }

    /// What the port is a member of. VLAN 1 is what the kernel gives to every new port.
    func requests(for port: InterfaceIndex) -> [NetlinkRequest] {
        var requests: [NetlinkRequest] = []
        if !config.keepsDefaultVLAN { requests.append(.deleteVLAN(port, BridgeVLAN(1))) }
        if let vlan = config.vlan {
            requests.append(.addVLAN(port, BridgeVLAN(vlan, isPortVLAN: true, isUntagged: true)))
        } else if !config.trunk.isEmpty && config.keepsDefaultVLAN {
            requests.append(.addVLAN(port, BridgeVLAN(1, isPortVLAN: true, isUntagged: true)))
        }
        return requests + config.trunk.map { .addVLAN(port, BridgeVLAN($0.first, through: $0.last)) }
    }

    /// With a VLAN the gateway is not the bridge but a veth pair whose other end is a port of that VLAN.
    private func makeGateway(_ vlan: UInt16, _ bridge: Link, _ gateways: [CIDR], _ socket: inout NetlinkSocket) throws {
        let name = "\(config.bridge).\(vlan)"
        if name.utf8.count > 15 {
            throw CNIError(.invalidConfig, "the gateway's interface name \"\(name)\" is longer than 15 bytes")
        }
        let peer = "\(config.bridge.prefix(8))p\(vlan)"
        let own = LinkAttributes(isUp: true, masterIndex: bridge.index)
        let mac = gateways.first.map { BridgePlan.mac(for: $0.address) }
        let attributes = LinkAttributes(mac: mac, isUp: true)
        try run(.createLink(NewLink(peer, .veth(VethPeer(name, attributes)), own)), &socket)
        let port = try socket.link(.name(peer)).index
        try run(.addVLAN(port, BridgeVLAN(vlan, isPortVLAN: true, isUntagged: true)), &socket)
        let index = try socket.link(.name(name)).index
        for gateway in gateways { try run(.address(.add, GatewayAddresses.address(gateway, on: index)), &socket) }
    }
}
