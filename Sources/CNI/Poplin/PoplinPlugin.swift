internal import JSON
internal import Linux
internal import NetTypes

/// The `poplin` plugin: what flannel, bridge, host-local, portmap and bandwidth do in five processes, in one.
package struct Poplin: Plugin {
    package let name = "poplin"

    private let bridge = Bridge()
    private let chained: [any ChainedPlugin] = [PortMap(), Bandwidth()]

    package init() {}

    package func add(_ call: Invocation) throws -> CNIResult {
        let config = try PoplinConfig(call.config)
        let rendered = try config.bridge(try SubnetEnv.read(config.subnetFile))
        let (records, attachment) = (Self.records(call), call.attachment)
        // Kept over a reboot: the addresses of the attachment's IPAM are, too.
        let former = try records.load(attachment)
        try records.save(rendered, for: attachment)
        try call.rollback.did("keep the configuration of \(attachment)") {
            // An ADD that was refused because it was the second leaves the first its record.
            if let former { try records.save(former, for: attachment) } else { try records.remove(attachment) }
        }
        var result = try bridge.add(call.with(config: try NetworkConfig(rendered)))
        for plugin in chained {
            result = try plugin.add(call.with(config: config.chained(plugin.name, after: result)))
        }
        return result
    }

    package func del(_ call: Invocation) throws {
        let config = try PoplinConfig(call.config)
        let records = Self.records(call)
        let kept = try records.load(call.attachment).flatMap { $0.isNetworkConfig ? $0 : nil }
        let rendered = try kept ?? config.bridge(try? SubnetEnv.read(config.subnetFile))
        // The bridge takes what the plugins after it would remove along with its own.
        var removal = Removal(label: call.attachment.label)
        let previous = call.config.previousResult
        for plugin in chained {
            removal.append(try plugin.removal(call.with(config: config.chained(plugin.name, after: previous))))
        }
        try bridge.del(call.with(config: try NetworkConfig(call.withPreviousResult(rendered))), together: removal)
        for plugin in chained { try call.machine.records(plugin.name).remove(call.attachment) }
        try records.remove(call.attachment)
    }

    package func check(_ call: Invocation) throws {
        let config = try PoplinConfig(call.config)
        guard let rendered = try Self.records(call).load(call.attachment) else {
            throw CNIError(.internalFailure, "there is no record of the attachment \(call.attachment)")
        }
        try bridge.check(call.with(config: try NetworkConfig(call.withPreviousResult(rendered))))
        for plugin in chained {
            try plugin.check(call.with(config: config.chained(plugin.name, after: call.config.previousResult)))
        }
    }

    package func gc(_ call: Invocation, valid: Set<Attachment>) throws {
        let config = try PoplinConfig(call.config)
        for plugin in chained.reversed() {
            try plugin.gc(call.with(config: config.chained(plugin.name, after: nil)), valid: valid)
        }
        let rendered = try config.bridge(try? SubnetEnv.read(config.subnetFile))
        try bridge.gc(call.with(config: try NetworkConfig(call.withValidAttachments(rendered))), valid: valid)
        try Self.records(call).collect(call.config.name, keeping: valid)
    }

    package func status(_ call: Invocation) throws {
        let config = try PoplinConfig(call.config)
        let rendered = try config.bridge(try SubnetEnv.read(config.subnetFile))
        try bridge.status(call.with(config: try NetworkConfig(rendered)))
        for plugin in chained { try plugin.status(call.with(config: config.chained(plugin.name, after: nil))) }
    }

    private static func records(_ call: Invocation) -> AttachmentStore {
        AttachmentStore(directory: "\(call.machine.stateDirectory)/poplin")
    }
}

/// A plugin that works on another one's attachment and can say what it would remove, so that removals go together.
protocol ChainedPlugin: Plugin {
    func removal(_ call: Invocation) throws -> Removal
}

extension PortMap: ChainedPlugin {}
