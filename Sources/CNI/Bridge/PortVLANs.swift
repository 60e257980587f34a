internal import Linux
internal import NetTypes
internal import Netlink

/// `vlan`, `vlanTrunk` and `preserveDefaultVlan`: the VLANs of a port, and the bridge's end of the container's VLAN.
package struct PortVLANs {
    let config: BridgeConfig
    let kernel: Kernel
    let rollback: Rollback

    func apply(to port: String, _ bridge: Link, _ gateways: [CIDR]) throws {
        try kernel.routing { socket in
            let index = try socket.link(.name(port)).index
            for request in requests(for: index) { try run(request, &socket) }
        }
        if let vlan = config.vlan, config.isGateway { try makeGateway(vlan, bridge, gateways, port) }
    }

    /// False when it is there already.
    @discardableResult
    private func run(_ request: NetlinkRequest, _ socket: inout NetlinkSocket) throws(NetlinkError) -> Bool {
        do {
            try socket.run(request)
            return true
        } catch  where error.isAlreadyExists { return false }
    }

    /// The name of the bridge's end of a VLAN's gateway, another for each bridge and VLAN.
    package static func gatewayPort(of bridge: String, _ vlan: UInt16) -> String {
        "vlan\(Digest.digits("\(bridge)/\(vlan)").prefix(11))"
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
    private func makeGateway(_ vlan: UInt16, _ bridge: Link, _ gateways: [CIDR], _ port: String) throws {
        let name = "\(config.bridge).\(vlan)"
        if name.utf8.count > 15 {
            throw CNIError(.invalidConfig, "the gateway's interface name \"\(name)\" is longer than 15 bytes")
        }
        let mac = gateways.first.map { BridgePlan.mac(for: $0.address) }
        let pair = NewLink(
            Self.gatewayPort(of: config.bridge, vlan), .veth(VethPeer(name, LinkAttributes(mac: mac, isUp: true))),
            LinkAttributes(isUp: true, masterIndex: bridge.index))
        if try kernel.routing({ socket in try run(.createLink(pair), &socket) }) {
            let kernel = kernel
            try rollback.did("make \(name)") {
                try kernel.routing { socket in
                    // Unless another attachment uses it by now.
                    let others = try socket.links(master: bridge.index).filter { ![port, pair.name].contains($0.name) }
                    if others.isEmpty { try socket.deleteLinks([name]) }
                }
            }
        }
        try kernel.routing { socket in
            // By the gateway and not by the port's name: the reference plugin's pair has the same gateway.
            let gateway = try socket.link(.name(name))
            guard let lower = gateway.lowerIndex, gateway.lowerNamespaceID == nil,
                case let end = try socket.link(.index(lower)), end.masterIndex == bridge.index
            else {
                throw CNIError(
                    .internalFailure, "\(name) is not the gateway of \(config.bridge): its other end is no port there",
                    details: "remove it, or give the network another bridge")
            }
            try run(.addVLAN(end.index, BridgeVLAN(vlan, isPortVLAN: true, isUntagged: true)), &socket)
            for address in gateways {
                try run(.address(.add, GatewayAddresses.address(address, on: gateway.index)), &socket)
            }
        }
    }
}
