internal import JSON
internal import Linux
internal import NFTables
internal import NetTypes
internal import Netlink

/// One ADD of `bridge`, after the addresses are known: all of the node's changes in one send, all of the container's
/// in another, then the elements.
struct BridgeAddition {
    let call: Invocation
    let config: BridgeConfig
    let plan: BridgePlan
    let container: ContainerNamespace

    private var kernel: Kernel { call.machine.kernel }
    private var interface: String { call.environment.interfaceName }

    func run() throws -> CNIResult {
        let device = BridgeDevice(config: config, kernel: kernel)
        let (bridge, isNew) = try device.ensure(preferredMAC: bridgeMAC)
        if isNew { try call.rollback.did("make bridge \(config.bridge)") { try device.removeIfUnused(bridge) } }
        let mtu = config.mtu ?? bridge.mtu
        if mtu < 1280, let address = plan.ips.first(where: { $0.address.family == .v6 })?.address {
            throw CNIError(
                .invalidConfig, "an MTU of \(mtu) is too small for \(address): IPv6 needs 1280",
                details: config.mtu == nil ? "it is that of \(config.bridge)" : "it is the configuration's")
        }
        // 56 bits: nobody else has the name, so that a failed ADD can delete it without looking.
        let port = "veth" + String(String(UInt64.random(in: 1 << 55...1 << 56), radix: 36).suffix(11))
        let state = BridgeState(config, plan, bridgeIndex: bridge.index, port: port)
        try AttachmentRecord(call, state: state.json).save(
            call, in: call.machine.records("bridge"), removal: state.removal(label: call.attachment.label))

        try attach(port, to: bridge, mtu: mtu, bridgeIsNew: isNew)
        try call.rollback.did("attach \(port) to \(config.bridge)") {}
        var announce: ((Int) throws -> Void)?
        if !config.leavesInterfaceDown {
            let pod = PodInterface(name: interface, config: config, plan: plan, container: container)
            announce = try pod.configure()
            try call.rollback.did("configure \(interface)") {}
        }
        if config.isGateway { try becomeRouter() }
        try install(state)
        if let announce {
            // The first port gives the bridge its own carrier.
            for link in bridge.operationalState == .up ? [port] : [port, config.bridge] { try LinkWatch.settle(link) }
            try announce(try portCount(including: port))
        }
        return result(bridge: bridge, port: port, mtu: mtu)
    }

    /// Of every port: nobody talks to it, and at each join the kernel goes through the bridge's list of its ports' different
    /// addresses. It is what a pod with 0.0.0.0 would have.
    private static let portMAC = BridgePlan.mac(for: .v4(IPv4Address(0, 0, 0, 0)))

    /// The bridge's address follows from the gateway's as a container's does from its own.
    private var bridgeMAC: MACAddress {
        plan.gateways.first.map { BridgePlan.mac(for: $0.address) } ?? .random()
    }

    /// Makes the veth pair, one end a port of the bridge, the other in the container, and gives the bridge its
    /// addresses.
    private func attach(_ port: String, to bridge: Link, mtu: Int, bridgeIsNew: Bool) throws {
        var peer = LinkAttributes(mac: plan.podMAC, mtu: mtu, namespace: container.namespace.descriptor.rawValue)
        var own = LinkAttributes(mac: Self.portMAC, mtu: mtu, masterIndex: bridge.index)
        (peer.queues, own.queues) = (1, 1)
        var requests: [NetlinkRequest] = [
            .createLink(NewLink(port, .veth(VethPeer(interface, peer)), own)),
            // A port needs no address of its own; without this it gets a link-local one, probes for it and asks routers.
            // It comes before the port is up: the kernel goes through all IPv6 routes when a link that is up changes.
            .changeLink(.name(port), LinkAttributes(addressGeneration: .disabled)),
            .changeLink(.name(port), .up),
        ]
        if config.hairpin || config.isolatesPort {
            requests.append(
                .changePort(.name(port), BridgePort(hairpin: config.hairpin, isolated: config.isolatesPort)))
        }
        if config.vlan == nil {
            requests += plan.gateways.map { .address(.add, GatewayAddresses.address($0, on: bridge.index)) }
        }
        // An address that another container had before is known under this container's MAC address from now on.
        requests += plan.ips.map {
            .neighbour(
                .replace,
                Neighbour($0.address.address, mac: plan.podMAC, on: bridge.index, state: .reachable))
        }
        if plan.gateways.contains(where: { $0.family == .v6 }) {
            try Sysctl.setIfPresent("net/ipv6/conf/\(config.bridge)/disable_ipv6", "0")
        }
        let failures = try kernel.routing { socket in socket.runAll(requests) }
        var added: [CIDR] = []
        for (request, failure) in zip(requests, failures) {
            if case .address(_, let address) = request {
                if failure == nil {
                    added.append(address.address)
                } else if failure?.isAlreadyExists == true {
                    continue
                }
            }
            // Neighbours are an advice to the kernel, which learns them by itself as well.
            if case .neighbour = request { continue }
            if failure?.errno == .exchangeFull {
                throw CNIError(
                    .internalFailure,
                    "bridge \(config.bridge) has no room for another pod: the kernel allows it 1,023 ports",
                    details: "let fewer pods run on this node (the kubelet's maxPods), or spread them over two bridges")
            }
            if let failure { throw failure }
        }
        let records = call.machine.records("bridge")
        if !bridgeIsNew && !added.isEmpty {
            try GatewayAddresses(config: config, kernel: kernel, records: records, network: call.config.name)
                .settle(added, on: bridge, except: port)
        }
        if config.needsVLANs {
            try PortVLANs(config: config, kernel: kernel, rollback: call.rollback)
                .apply(to: port, bridge, plan.gateways)
        }
    }

    /// About as many ports as the bridge has: the new one's number is the lowest that was free. From /sys, where it needs
    /// no lock; netlink answers only who has the lock of all links, for which all ADDs of a node wait in a line.
    private func portCount(including port: String) throws -> Int {
        let path = "/sys/class/net/\(port)/brport/port_no"
        if let text = try? Files.readText(path), let number = Int(text.dropFirst(2).prefix { $0 != "\n" }, radix: 16) {
            return number
        }
        // That /sys shows another network namespace.
        let link = try kernel.routing { socket throws(NetlinkError) in try socket.link(.name(port)) }
        return Int(link.port?.number ?? 0)
    }

    private func becomeRouter() throws {
        for family in IPFamily.allCases where plan.ips.contains(where: { $0.address.family == family }) {
            // Not by /proc/sys, where a look-up passes the same name of every namespace on the node.
            if try kernel.routing({ socket in try socket.isForwarding(family) }) { continue }
            try Sysctl.set(family.forwardingSetting, "1")
        }
    }

    private func install(_ state: BridgeState) throws {
        let elements = state.elements(label: call.attachment.label)
        if elements.isEmpty { return }
        var layouts: [Transaction] {
            (state.masquerades ? MasqueradeTable.layouts(state.addresses) : [])
                + (state.checksSpoofing ? [SpoofCheckTable.layout] : [])
        }
        // IPAM has given the address to this container, so an older element for it belongs to one that is gone.
        try kernel.install(elements, layouts: layouts) { _, _ in }
        try call.rollback.did("install the elements of \(call.attachment)") {}
    }

    private func result(bridge: Link, port: String, mtu: Int) -> CNIResult {
        let bridgeMAC = bridge.mac.map { "\($0)" } ?? ""
        return CNIResult(
            interfaces: [
                CNIResult.Interface(name: config.bridge, mac: bridgeMAC, mtu: bridge.mtu),
                CNIResult.Interface(name: port, mac: "\(Self.portMAC)", mtu: mtu),
                CNIResult.Interface(name: interface, mac: "\(plan.podMAC)", mtu: mtu, sandbox: container.path),
            ],
            ips: plan.ips, routes: plan.routes, dns: plan.dns)
    }
}
