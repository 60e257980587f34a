internal import JSON
internal import Linux
internal import NetTypes
internal import Netlink

/// The `bandwidth` plugin: a token bucket at the node's end of the container's veth pair for what goes to the
/// container, and for what comes from it one on an intermediate device that arriving packets pass through.
package struct Bandwidth: Plugin {
    package let name = "bandwidth"

    package init() {}

    package func add(_ call: Invocation) throws -> CNIResult {
        guard var result = call.config.previousResult else {
            throw CNIError(.invalidConfig, "bandwidth must be called as chained plugin: there is no prevResult")
        }
        let config = try BandwidthConfig(call.config)
        if config.isEmpty { return result }
        let port = try port(call)
        let device = Self.deviceName(call.attachment)
        let records = call.machine.records(name)
        var removal = Removal(label: call.attachment.label)
        if config.egress != nil { removal.links = [device] }
        try AttachmentRecord(call, state: JSONObject([("device", .string(device))])).save(
            call, in: records, removal: removal)

        try call.machine.kernel.routing { socket in
            if let bucket = config.ingress {
                try socket.run(.queueing(.replace, QueueingDiscipline(.tokenBucket(bucket), on: port.index)))
            }
            guard let bucket = config.egress else { return }
            let attributes = LinkAttributes(mac: .random(), mtu: port.mtu, isUp: true)
            try socket.run(.createLink(NewLink(device, .ifb, attributes)))
            let link = try socket.link(.name(device))
            let requests: [NetlinkRequest] = [
                .queueing(.replace, QueueingDiscipline(.tokenBucket(bucket), on: link.index)),
                .queueing(.replace, QueueingDiscipline(.ingress, on: port.index)),
                .redirect(.add, PacketRedirect(from: port.index, to: link.index)),
            ]
            for failure in socket.runAll(requests) { if let failure { throw failure } }
            result.interfaces.append(
                CNIResult.Interface(name: device, mac: link.mac.map { "\($0)" } ?? "", mtu: link.mtu))
        }
        try call.rollback.did("shape \(call.attachment)") {}
        return result
    }

    package func del(_ call: Invocation) throws {
        try removal(call).run(call.machine.kernel)
        try call.machine.records(name).remove(call.attachment)
    }

    package func check(_ call: Invocation) throws {
        let config = try BandwidthConfig(call.config)
        if config.isEmpty { return }
        let port = try port(call)
        let device = Self.deviceName(call.attachment)
        try call.machine.kernel.routing { socket in
            if let bucket = config.ingress { try Self.require(bucket, on: port, &socket) }
            guard let bucket = config.egress else { return }
            let link: Link
            do { link = try socket.link(.name(device)) } catch {
                throw CNIError(.internalFailure, "the shaping device \(device) is missing", details: "\(error)")
            }
            try Self.require(bucket, on: link, &socket)
            if try !socket.redirects(on: port.index).contains(where: { $0.target == link.index }) {
                throw CNIError(.internalFailure, "what arrives at \(port.name) does not pass through \(device)")
            }
        }
    }

    package func gc(_ call: Invocation, valid: Set<Attachment>) throws {
        try call.machine.records(name).collect(call.config.name, keeping: valid) { attachment in
            var removal = Removal(label: attachment.label)
            removal.links = [Self.deviceName(attachment)]
            try removal.run(call.machine.kernel)
        }
    }

    package func status(_ call: Invocation) throws {
        _ = try BandwidthConfig(call.config)
    }

    /// The device of this attachment, and one that the reference plugin made for it, which the result names. The
    /// buckets on the veth pair go with the pair.
    func removal(_ call: Invocation) throws -> Removal {
        var removal = Removal(label: call.attachment.label)
        if try AttachmentRecord.load(call.attachment, from: call.machine.records(name)) != nil {
            removal.links.append(Self.deviceName(call.attachment))
        }
        for interface in call.config.previousResult?.interfaces ?? []
        where interface.sandbox.isEmpty && interface.name.hasPrefix("bwp") && !removal.links.contains(interface.name) {
            removal.links.append(interface.name)
        }
        return removal
    }

    /// The name has the interface in it, so that two interfaces of a container never share a device.
    static func deviceName(_ attachment: Attachment) -> String { "bwp\(Digest.name(attachment))" }

    /// The node's end of the pair whose other end is the container's interface.
    private func port(_ call: Invocation) throws -> Link {
        let interface = call.environment.interfaceName
        let container = try call.requireNamespace()
        var socket = try NetlinkSocket(in: container.namespace)
        let link = try socket.link(.name(interface))
        guard case .veth = link.kind, let index = link.lowerIndex else {
            throw CNIError(
                .invalidConfig, "bandwidth can shape veth pairs only: \(interface) is \(link.kind?.name ?? "none")")
        }
        return try call.machine.kernel.routing { socket in try socket.link(.index(index)) }
    }

    private static func require(_ bucket: TokenBucket, on link: Link, _ socket: inout NetlinkSocket) throws {
        for queueing in try socket.queueing(on: link.index) {
            if case .tokenBucket(let found) = queueing.kind, found.rate == bucket.rate { return }
        }
        throw CNIError(.internalFailure, "\(link.name) has no token bucket of \(bucket.rate) bytes a second")
    }
}

extension Bandwidth: ChainedPlugin {}
