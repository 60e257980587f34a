internal import Linux
internal import NetTypes
internal import Netlink

/// The bridge itself: made with the first attachment, shared by all, and never removed but by the ADD that made it
/// and failed.
struct BridgeDevice {
    let config: BridgeConfig
    let kernel: Kernel

    /// The bridge, up and as configured. `isNew` when this call made it.
    func ensure(preferredMAC: MACAddress) throws -> (link: Link, isNew: Bool) {
        for _ in 1...4 {
            do {
                return (try prepare(try kernel.routing { socket in try socket.link(.name(config.bridge)) }), false)
            } catch let error as NetlinkError where error.isNotFound {}
            do { return (try create(preferredMAC), true) } catch let error as NetlinkError where error.isAlreadyExists {
            }
        }
        throw CNIError(.tryAgainLater, "bridge \(config.bridge) comes and goes while it is set up")
    }

    /// With its own MAC address from the start, so that it neither follows its ports' nor is changed by udev.
    ///
    /// Without multicast snooping: with it, each port that comes sets off a timer of all others (br_port_state_selection in
    /// the kernel), and as long as nobody queries for groups, the bridge floods multicasts either way.
    private func create(_ mac: MACAddress) throws -> Link {
        var settings = BridgeSettings(multicastSnooping: false)
        if config.needsVLANs { settings.filtersVLANs = true }
        var attributes = LinkAttributes(mac: mac)
        attributes.mtu = config.mtu
        if config.promiscuous { attributes.isPromiscuous = true }
        do {
            try kernel.routing { socket in
                try socket.run(.createLink(NewLink(config.bridge, .bridge(settings), attributes)))
            }
        } catch let error as NetlinkError where config.needsVLANs && error.isNotSupported {
            throw noFiltering(error)
        }
        do {
            // Before it is up: the node is a router here and takes no advice from containers.
            try Sysctl.setIfPresent("net/ipv6/conf/\(config.bridge)/accept_ra", "0")
            return try kernel.routing { socket in
                try socket.run(.changeLink(.name(config.bridge), .up))
                return try socket.link(.name(config.bridge))
            }
        } catch {
            try? kernel.routing { socket in try socket.run(.deleteLink(.name(config.bridge))) }
            throw error
        }
    }

    private func prepare(_ link: Link) throws -> Link {
        guard case .bridge(let settings) = link.kind else {
            throw CNIError(.invalidConfig, "\"\(config.bridge)\" already exists but is not a bridge")
        }
        var attributes = LinkAttributes()
        if !link.isUp { attributes.isUp = true }
        if config.promiscuous && !link.flags.contains(.promiscuous) { attributes.isPromiscuous = true }
        if config.needsVLANs && settings.filtersVLANs != true { try turnOnFiltering(link) }
        if attributes != LinkAttributes() {
            try kernel.routing { socket in try socket.run(.changeLink(.index(link.index), attributes)) }
        }
        return link
    }

    private func turnOnFiltering(_ link: Link) throws {
        do {
            try kernel.routing { socket in
                try socket.run(
                    .changeLink(
                        .index(link.index), LinkAttributes(), kind: .bridge(BridgeSettings(filtersVLANs: true))))
            }
        } catch let error as NetlinkError where error.isNotSupported {
            throw noFiltering(error)
        }
    }

    private func noFiltering(_ error: NetlinkError) -> CNIError {
        CNIError(
            .invalidConfig, "vlan and vlanTrunk need a kernel with bridge VLAN filtering, which this one lacks",
            details: "CONFIG_BRIDGE_VLAN_FILTERING; \(error)")
    }

    /// STATUS: code 50 when the bridge is there and can have no VLANs.
    func probeVLANs() throws {
        do {
            let link = try kernel.routing { socket in try socket.link(.name(config.bridge)) }
            if case .bridge(let settings) = link.kind, settings.filtersVLANs == nil {
                throw CNIError(
                    .notAvailable, "vlan and vlanTrunk need a kernel with bridge VLAN filtering, which this one lacks")
            }
        } catch let error as NetlinkError where error.isNotFound {}
    }

    /// Takes back a bridge that this ADD made, unless another attachment uses it by now.
    func removeIfUnused(_ link: Link) throws {
        try kernel.routing { socket in
            if try socket.links(master: link.index).isEmpty {
                do { try socket.run(.deleteLink(.index(link.index))) } catch let error as NetlinkError
                    where error.isNotFound
                {}
            }
        }
    }
}
