internal import JSON
internal import Linux
internal import NetTypes
internal import Netlink

/// The `bridge` plugin: a veth pair from the container to a bridge of the node.
package struct Bridge: Plugin {
    package let name = "bridge"

    package init() {}

    package func add(_ call: Invocation) throws -> CNIResult {
        let config = try BridgeConfig(call)
        // A path that is no namespace is refused before anything is reserved.
        let container = try call.requireNamespace()
        try refuseSecond(call)
        // Addresses first: when there is none to be had, no link was touched.
        let ipam = try config.ipam.map { try call.delegateAdd($0) } ?? CNIResult()
        let plan = BridgePlan(config, ipam: ipam)
        return try BridgeAddition(call: call, config: config, plan: plan, container: container).run()
    }

    /// What undoes an ADD that failed would take away what the first one made.
    private func refuseSecond(_ call: Invocation) throws {
        guard let record = try AttachmentRecord.load(call.attachment, from: records(call)), record.isAlive,
            let port = BridgeState(record.state)?.port,
            (try? call.machine.kernel.routing { socket in try socket.link(.name(port)) }) != nil
        else { return }
        throw CNIError(
            .internalFailure,
            "\(call.environment.interfaceName) of container \(call.environment.containerID) is attached already",
            details: "by \(port) in network \(call.config.name); before another ADD there must be a DEL")
    }

    package func del(_ call: Invocation) throws { try del(call, together: Removal(label: call.attachment.label)) }

    /// Removes the attachment, and in the same step what plugins after this one made for it.
    func del(_ call: Invocation, together others: Removal) throws {
        let config = try BridgeConfig(call)
        let record = try AttachmentRecord.load(call.attachment, from: records(call))
        var removal = removal(call, config, record)
        removal.append(others)
        do { try removal.run(call.machine.kernel) } catch {
            // The container's end is another way to the same pair; what failed is told all the same.
            try? removeFromContainer(call, record)
            throw error
        }
        try removeFromContainer(call, record)
        // The address is given back when nobody answers to it any more.
        if let ipam = config.ipam { try call.delegateDel(ipam) }
        try records(call).remove(call.attachment)
    }

    package func check(_ call: Invocation) throws {
        guard let result = call.config.previousResult else {
            throw CNIError(.invalidConfig, "bridge: CHECK needs prevResult")
        }
        let config = try BridgeConfig(call)
        if let ipam = config.ipam { try call.delegateCheck(ipam) }
        try BridgeCheck(call: call, config: config, result: result).run()
    }

    package func gc(_ call: Invocation, valid: Set<Attachment>) throws {
        let records = records(call)
        try records.collect(call.config.name, keeping: valid) { attachment in
            try Self.state(attachment, records)?.removal(label: attachment.label).run(call.machine.kernel)
        }
        try call.machine.kernel.sweep(
            MasqueradeTable.maps + SpoofCheckTable.sets, network: call.config.name,
            keeping: Set(valid.map(\.label)))
        if let ipam = try BridgeConfig(call).ipam { try call.delegateGC(ipam, valid: valid) }
    }

    package func status(_ call: Invocation) throws {
        let config = try BridgeConfig(call)
        if config.masquerades || config.checksSpoofing { try call.machine.kernel.requireRules() }
        if config.needsVLANs { try BridgeDevice(config: config, kernel: call.machine.kernel).probeVLANs() }
        if let ipam = config.ipam { try call.delegateStatus(ipam) }
    }

    /// What the record says, or, without one (an attachment of the reference plugin), what the previous result does.
    private func removal(_ call: Invocation, _ config: BridgeConfig, _ record: AttachmentRecord?) -> Removal {
        if let state = record.flatMap({ BridgeState($0.state) }) {
            return state.removal(label: call.attachment.label)
        }
        var removal = Removal(label: call.attachment.label)
        if config.masquerades, let result = call.config.previousResult {
            removal.elements = MasqueradeTable.elements(result.containerIPs.map(\.address), label: removal.label)
        }
        return removal
    }

    /// Deletes the container's end where it is still there: without a record it is the only name that is known.
    private func removeFromContainer(_ call: Invocation, _ record: AttachmentRecord?) throws {
        guard let container = call.namespaceIfPresent() else { return }
        // The path (/proc/PID/ns/net) may lead to another container by now.
        if let record, !record.isAlive { return }
        var socket = try NetlinkSocket(in: container.namespace)
        let failures = socket.runAll([.deleteLink(.name(call.environment.interfaceName))])
        // Not supported: the interface (`lo`) is none that a plugin has made.
        if let failure = failures.first ?? nil, !failure.isNotFound, !failure.isNotSupported { throw failure }
    }

    func records(_ call: Invocation) -> AttachmentStore { call.machine.records(name) }

    static func state(_ attachment: Attachment, _ records: AttachmentStore) throws -> BridgeState? {
        try AttachmentRecord.load(attachment, from: records).flatMap { BridgeState($0.state) }
    }
}
