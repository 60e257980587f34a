internal import NetTypes
internal import Netlink

/// The bridge's own addresses. They are added without looking; only when one was new there may be an old one of a
/// subnet that the node had before.
struct GatewayAddresses {
    let config: BridgeConfig
    let kernel: Kernel
    let records: AttachmentStore
    let network: String

    static func address(_ gateway: CIDR, on index: InterfaceIndex) -> InterfaceAddress {
        InterfaceAddress(gateway, on: index, flags: gateway.family.usedAtOnce, broadcast: gateway.broadcast)
    }

    /// After these addresses were added to a bridge that existed: takes away stale ones of their families, or refuses
    /// and takes back what was added while containers use the old subnet.
    func settle(_ added: [CIDR], on bridge: Link, except port: String) throws {
        // A bridge that others made follows the lowest address of its ports until it is given one.
        if let mac = bridge.mac {
            try kernel.routing { socket in
                try socket.run(.changeLink(.index(bridge.index), LinkAttributes(mac: mac)))
            }
        }
        let others = try kernel.routing { socket in try socket.addresses(on: bridge.index) }
            .filter { $0.scope == .universe && !added.contains($0.address) }
        let stale = others.filter { other in
            added.contains { new in
                // Several IPv6 networks may share a bridge, as long as they do not overlap.
                new.family == other.address.family && (new.family == .v4 || new.network.overlaps(other.address.network))
            }
        }
        for address in stale {
            let users = try config.forceAddress ? [] : users(of: address.address, on: bridge, except: port)
            if users.isEmpty {
                try kernel.routing { socket in
                    do { try socket.run(.address(.delete, address)) } catch let error as NetlinkError
                        where error.isNotFound
                    {}
                }
                continue
            }
            try takeBack(added, bridge)
            throw CNIError(
                .invalidConfig,
                "\"\(bridge.name)\" already has an IP address different from \(added[0]): \(address.address)",
                details: "ports that may use it: \(users.joined(separator: ", ")); "
                    + "remove their containers first, or set forceAddress")
        }
    }

    /// The ports whose containers have an address of the subnet, or may have, because nothing is known of them.
    private func users(of address: CIDR, on bridge: Link, except port: String) throws -> [String] {
        var known: [String: BridgeState] = [:]
        for attachment in try records.attachments(of: network) {
            if let state = try Bridge.state(attachment, records) { known[state.port] = state }
        }
        return try kernel.routing { socket in try socket.links(master: bridge.index) }.map(\.name).filter { name in
            if name == port { return false }
            guard let state = known[name] else { return true }
            return state.addresses.contains { address.network.contains($0.address) }
        }
    }

    private func takeBack(_ added: [CIDR], _ bridge: Link) throws {
        let requests = added.map { NetlinkRequest.address(.delete, Self.address($0, on: bridge.index)) }
        _ = try kernel.routing { socket in socket.runAll(requests) }
    }
}
