internal import JSON
internal import Linux
internal import NFTables
internal import NetTypes
internal import Netlink

/// The `portmap` plugin: ports of the node that lead into the container. Chained after the plugin that gives the
/// container its address.
package struct PortMap: Plugin {
    package let name = "portmap"

    package init() {}

    package func add(_ call: Invocation) throws -> CNIResult {
        guard let result = call.config.previousResult else {
            throw CNIError(.invalidConfig, "portmap must be called as chained plugin: there is no prevResult")
        }
        let config = try PortMapConfig(call.config)
        // Nothing to map: not even a socket is opened.
        if config.mappings.isEmpty { return result }
        let addresses = Self.addresses(result, call.environment.interfaceName)
        if addresses.isEmpty {
            throw CNIError(.invalidConfig, "portmap: the container has no address to map a port to")
        }
        let label = call.attachment.label
        let state = PortMapState(config, addresses: addresses)
        let plan = try state.plan(label: label)
        if plan.elements.isEmpty { return result }
        let records = call.machine.records(name)
        try AttachmentRecord(call, state: state.json).save(
            call, in: records, removal: try state.removal(label: label))

        if plan.needsLocalnet { try openLocalnet(call, to: addresses, plan) }
        try call.machine.kernel.install(plan.elements, layouts: plan.layouts) { wanted, holder in
            try refuseLivingHolder(wanted, holder, records, own: call.attachment)
        }
        try call.rollback.did("map the ports of \(call.attachment)") {}
        // Flows that began before the mapping lead to nobody, or to the port's last owner.
        try HostPortFlows.forget(state.flows)
        return result
    }

    package func del(_ call: Invocation) throws {
        try removal(call).run(call.machine.kernel)
        try call.machine.records(name).remove(call.attachment)
    }

    package func check(_ call: Invocation) throws {
        guard let result = call.config.previousResult else {
            throw CNIError(.invalidConfig, "portmap: CHECK needs prevResult")
        }
        let config = try PortMapConfig(call.config)
        if config.mappings.isEmpty { return }
        let state = PortMapState(config, addresses: Self.addresses(result, call.environment.interfaceName))
        try call.machine.kernel.requireElements(try state.plan(label: call.attachment.label).elements)
    }

    package func gc(_ call: Invocation, valid: Set<Attachment>) throws {
        let records = call.machine.records(name)
        try records.collect(call.config.name, keeping: valid) { attachment in
            try Self.state(attachment, records)?.removal(label: attachment.label).run(call.machine.kernel)
        }
        try call.machine.kernel.sweep(
            HostPortTable.maps, network: call.config.name, keeping: Set(valid.map(\.label)))
    }

    package func status(_ call: Invocation) throws {
        _ = try PortMapConfig(call.config)
        try call.machine.kernel.requireRules()
    }

    /// What the record says; without one, what the configuration and the previous result do. Nothing when neither
    /// knows of a mapping.
    func removal(_ call: Invocation) throws -> Removal {
        let label = call.attachment.label
        if let state = try Self.state(call.attachment, call.machine.records(name)) {
            return try state.removal(label: label)
        }
        guard let result = call.config.previousResult else { return Removal(label: label) }
        let config = try PortMapConfig(call.config)
        if config.mappings.isEmpty { return Removal(label: label) }
        let addresses = Self.addresses(result, call.environment.interfaceName)
        return try PortMapState(config, addresses: addresses).removal(label: label)
    }

    /// The first address of each family on the container's interface.
    static func addresses(_ result: CNIResult, _ interface: String) -> [CIDR] {
        let own = result.ips.filter { ip in
            guard let index = ip.interface, result.interfaces.indices.contains(index) else { return true }
            return result.interfaces[index].name == interface && !result.interfaces[index].sandbox.isEmpty
        }
        return IPFamily.allCases.compactMap { family in own.first { $0.address.family == family }?.address }
    }

    static func state(_ attachment: Attachment, _ records: AttachmentStore) throws -> PortMapState? {
        try AttachmentRecord.load(attachment, from: records).flatMap { PortMapState($0.state) }
    }

    /// A port that another living container has cannot be had. One whose container is gone is taken over.
    private func refuseLivingHolder(
        _ wanted: OwnedElement, _ holder: Element, _ records: AttachmentStore, own: Attachment
    ) throws {
        guard let label = holder.comment, label != own.label,
            let attachment = try records.attachments(of: NetworkKey(ofLabel: label).text).first(where: {
                $0.label == label
            }),
            try AttachmentRecord.load(attachment, from: records)?.isAlive == true
        else { return }
        let port = wanted.element.key.map { "\($0)" }.joined(separator: " ")
        throw CNIError(
            .tryAgainLater, "host port \(port) is taken by container \(attachment.containerID)",
            details: "interface \(attachment.interfaceName) in network \(attachment.network)")
    }

    /// Lets the node's own connections to 127.0.0.1 leave towards the container, and keeps out what others could send
    /// to 127.0.0.1 because of that.
    private func openLocalnet(_ call: Invocation, to addresses: [CIDR], _ plan: HostPortPlan) throws {
        guard let address = addresses.first(where: { $0.family == .v4 }) else { return }
        let kernel = call.machine.kernel
        let link = try kernel.routing { socket in
            let route = try socket.route(to: address.address)
            return try socket.link(.index(route.outputInterface ?? 0))
        }
        guard !link.routesLocalnet, let name = InterfaceName(link.name) else { return }
        // First the guard, then the opening.
        try kernel.ensure(OwnedElement(Element([.interface(name)]), in: HostPortTable.localnet), layouts: plan.layouts)
        try kernel.routing { socket in
            try socket.run(.changeLink(.index(link.index), LinkAttributes(ipv4: [.routeLocalnet: 1])))
        }
    }
}
