internal import JSON
internal import Linux
internal import NFTables
internal import NetTypes
internal import Netlink

/// The `firewall` plugin: lets the node forward for the container, and keeps bridges apart.
package struct Firewall: Plugin {
    package let name = "firewall"

    package init() {}

    package func add(_ call: Invocation) throws -> CNIResult {
        guard let result = call.config.previousResult else {
            throw CNIError(.invalidConfig, "firewall must be called as chained plugin: there is no prevResult")
        }
        let config = try Config(call.config)
        let addresses = result.containerIPs.map(\.address.address)
        let elements = FirewallTable.elements(addresses, label: call.attachment.label)
        if elements.isEmpty { return result }
        var removal = Removal(label: call.attachment.label)
        removal.elements = elements
        let state = JSONObject([("addresses", .array(addresses.map { .string("\($0)") }))])
        try AttachmentRecord(call, state: state).save(call, in: call.machine.records(name), removal: removal)

        if config.policy != .open { try restrict(call, config, result) }
        let admin = FirewallTable.administrator(config.adminChain)
        let layouts = [FirewallTable.layout, FirewallTable.layout(administrator: admin)]
        // IPAM has given the address to this container, so an older element belongs to one that is gone.
        try call.machine.kernel.install(elements, layouts: layouts, chains: [admin]) { _, _ in }
        try call.rollback.did("let \(call.attachment) through") {}
        return result
    }

    package func del(_ call: Invocation) throws {
        let records = call.machine.records(name)
        try removal(call).run(call.machine.kernel)
        try records.remove(call.attachment)
    }

    package func check(_ call: Invocation) throws {
        guard let result = call.config.previousResult else {
            throw CNIError(.invalidConfig, "firewall: CHECK needs prevResult")
        }
        _ = try Config(call.config)
        try call.machine.kernel.requireElements(
            FirewallTable.elements(result.containerIPs.map(\.address.address), label: call.attachment.label))
    }

    package func gc(_ call: Invocation, valid: Set<Attachment>) throws {
        try call.machine.kernel.sweep(
            FirewallTable.containerSets, network: call.config.name, keeping: Set(valid.map(\.label)))
        try call.machine.records(name).collect(call.config.name, keeping: valid)
    }

    package func status(_ call: Invocation) throws {
        _ = try Config(call.config)
        try call.machine.kernel.requireRules()
    }

    private func removal(_ call: Invocation) throws -> Removal {
        let label = call.attachment.label
        var removal = Removal(label: label)
        var addresses = call.config.previousResult?.containerIPs.map(\.address.address) ?? []
        if let record = try AttachmentRecord.load(call.attachment, from: call.machine.records(name)) {
            addresses = (record.state["addresses"]?.array ?? []).compactMap { $0.string.flatMap { IPAddress($0) } }
        }
        removal.elements = FirewallTable.elements(addresses, label: label)
        return removal
    }

    /// The bridge, which the previous result names first, belongs to the network and stays restricted.
    private func restrict(_ call: Invocation, _ config: Config, _ result: CNIResult) throws {
        let own = result.interfaces.filter(\.sandbox.isEmpty)
        guard let bridge = own.first?.name, let name = InterfaceName(bridge) else {
            throw CNIError(.invalidConfig, "ingressPolicy needs the bridge's name in prevResult")
        }
        let kernel = call.machine.kernel
        let pair = OwnedElement(Element([.interface(name), .interface(name)]), in: FirewallTable.within)
        if config.policy == .sameBridge { try kernel.ensure(pair, layouts: [FirewallTable.layout]) }
        try kernel.ensure(
            OwnedElement(Element([.interface(name)]), in: FirewallTable.restricted), layouts: [FirewallTable.layout])
        if config.policy == .isolated, own.count > 1 {
            // Packets between two ports never come to a forward hook: the bridge itself must keep them apart.
            try kernel.routing { socket in
                try socket.run(.changePort(.name(own[1].name), BridgePort(isolated: true)))
            }
        }
    }
}

extension Firewall {
    fileprivate enum Policy: String { case open, sameBridge = "same-bridge", isolated }

    fileprivate struct Config {
        var policy: Policy
        var adminChain: String

        init(_ config: NetworkConfig) throws(CNIError) {
            if config.version < .v040 {
                throw CNIError(.incompatibleVersion, "firewall needs cniVersion 0.4.0 or later")
            }
            let reader = config.reader
            let backend = reader.string("backend") ?? ""
            if backend == "firewalld" {
                reader.reject(
                    "backend", "firewalld cannot be asked: leave it out, and put the bridge into a zone of firewalld")
            } else if !["", "iptables", "nftables"].contains(backend) {
                reader.reject("backend", "\"\(backend)\" is neither nftables nor iptables")
            }
            let policy = reader.string("ingressPolicy") ?? ""
            self.policy = Policy(rawValue: policy.isEmpty ? "open" : policy) ?? .open
            if !policy.isEmpty && Policy(rawValue: policy) == nil {
                reader.reject("ingressPolicy", "\"\(policy)\" is none of open, same-bridge and isolated")
            }
            let chain = reader.string("iptablesAdminChainName") ?? ""
            adminChain = chain.isEmpty ? "CNI-ADMIN" : chain
            if FirewallTable.reservedChains.contains(chain) {
                reader.reject("iptablesAdminChainName", "\"\(chain)\" is the name of a chain that is not yours")
            }
            try reader.finish()
        }
    }
}
