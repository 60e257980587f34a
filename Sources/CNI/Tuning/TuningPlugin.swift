internal import JSON
internal import Linux
internal import NetTypes
internal import Netlink

/// The `tuning` plugin: kernel settings of the container's network, and attributes of its interface.
package struct Tuning: Plugin {
    package let name = "tuning"

    package init() {}

    package func add(_ call: Invocation) throws -> CNIResult {
        guard var result = call.config.previousResult else {
            throw CNIError(.invalidConfig, "tuning must be called as chained plugin: there is no prevResult")
        }
        let interface = call.environment.interfaceName
        let config = try TuningConfig(call.config, interface: interface)
        let allowlist = try TuningAllowlist()
        for setting in config.settings {
            let key = String(setting.path.map { $0 == "/" ? "." : $0 })
            if try !allowlist.allows(key) {
                throw CNIError(.invalidConfig, "sysctl \(key) is not allowed", details: TuningAllowlist.path)
            }
        }
        let container = try call.requireNamespace()
        if config.changesLink { try change(call, config, container) }
        if !config.settings.isEmpty { try set(call, config, container) }
        for index in result.interfaces.indices
        where result.interfaces[index].name == interface && !result.interfaces[index].sandbox.isEmpty {
            if let mac = config.mac { result.interfaces[index].mac = "\(mac)" }
            if let mtu = config.mtu, result.interfaces[index].mtu != nil { result.interfaces[index].mtu = mtu }
        }
        return result
    }

    /// Restores what the ADD changed, as well as it can; the container is going, so that nothing here is an error.
    package func del(_ call: Invocation) throws {
        let config = try TuningConfig(call.config, interface: call.environment.interfaceName)
        let path = backupPath(call, config)
        guard let bytes = try? Files.read(path), let backup = try? JSONValue.parse(bytes) else { return }
        if let container = call.namespaceIfPresent(), var socket = try? NetlinkSocket(in: container.namespace) {
            let former = LinkAttributes(backup)
            _ = socket.runAll([.changeLink(.name(call.environment.interfaceName), former)])
        }
        try Files.remove(path)
    }

    package func check(_ call: Invocation) throws {
        let interface = call.environment.interfaceName
        let config = try TuningConfig(call.config, interface: interface)
        let container = try call.requireNamespace()
        try container.namespace.run {
            for setting in config.settings where try Sysctl.read(setting.path) != setting.value {
                throw CNIError(.internalFailure, "sysctl \(setting.path) is not \(setting.value)")
            }
        }
        if !config.changesLink { return }
        var socket = try NetlinkSocket(in: container.namespace)
        let link = try socket.link(.name(interface))
        let wanted = config.attributes
        let isRight =
            (wanted.mac == nil || wanted.mac == link.mac) && (wanted.mtu == nil || wanted.mtu == link.mtu)
            && (wanted.isPromiscuous == nil || wanted.isPromiscuous == link.flags.contains(.promiscuous))
            && (wanted.receivesAllMulticast == nil
                || wanted.receivesAllMulticast == link.flags.contains(.allMulticast))
            && (wanted.transmitQueueLength == nil || wanted.transmitQueueLength == link.transmitQueueLength)
        if !isRight {
            throw CNIError(.internalFailure, "\(interface) is not as tuning made it", details: "found \(link)")
        }
    }

    /// The names of the files have no network in them, so ours say it inside; the reference plugin's stay.
    package func gc(_ call: Invocation, valid: Set<Attachment>) throws {
        let directory = try TuningConfig(call.config, interface: "").dataDirectory
        let wanted = Set(valid.map { "\($0.containerID)_\($0.interfaceName).json" })
        if !Files.exists(directory) { return }
        for name in try Files.list(directory) where name.hasSuffix(".json") && !wanted.contains(name) {
            let path = "\(directory)/\(name)"
            guard let bytes = try? Files.read(path), let backup = try? JSONValue.parse(bytes),
                backup["network"]?.string == call.config.name
            else { continue }
            try Files.remove(path)
        }
    }

    private func change(_ call: Invocation, _ config: TuningConfig, _ container: ContainerNamespace) throws {
        let interface = call.environment.interfaceName
        let pod = RoutingSocket(try NetlinkSocket(in: container.namespace))
        let former = LinkAttributes(of: try pod.socket.link(.name(interface)), where: config.attributes)
        let path = backupPath(call, config)
        try Files.makeDirectories(config.dataDirectory)
        var backup = former.json
        backup["network"] = .string(call.config.name)
        try Files.store(path, JSONValue.object(backup).serialized().utf8)
        try call.rollback.did("keep what \(interface) was") {
            _ = pod.socket.runAll([.changeLink(.name(interface), former)])
            try Files.remove(path)
        }
        try pod.socket.run(.changeLink(.name(interface), config.attributes))
        try call.rollback.did("change \(interface)") {}
    }

    private func set(_ call: Invocation, _ config: TuningConfig, _ container: ContainerNamespace) throws {
        for setting in config.settings {
            let former = try container.namespace.run { () throws -> String in
                let former = try Sysctl.read(setting.path)
                try Sysctl.set(setting.path, setting.value)
                return former
            }
            try call.rollback.did("set \(setting.path)") {
                try container.namespace.run { try Sysctl.set(setting.path, former) }
            }
        }
    }

    private func backupPath(_ call: Invocation, _ config: TuningConfig) -> String {
        "\(config.dataDirectory)/\(call.environment.containerID)_\(call.environment.interfaceName).json"
    }
}

/// A socket that a rollback can hold.
private final class RoutingSocket {
    var socket: NetlinkSocket

    init(_ socket: consuming NetlinkSocket) { self.socket = socket }
}

extension TuningConfig {
    fileprivate var attributes: LinkAttributes {
        var attributes = LinkAttributes(mac: mac, mtu: mtu)
        attributes.isPromiscuous = promiscuous
        attributes.receivesAllMulticast = allMulticast
        attributes.transmitQueueLength = transmitQueueLength
        return attributes
    }
}

extension LinkAttributes {
    /// Those of the link that a change would overwrite.
    fileprivate init(of link: Link, where change: LinkAttributes) {
        self.init(mac: change.mac == nil ? nil : link.mac, mtu: change.mtu == nil ? nil : link.mtu)
        if change.isPromiscuous != nil { isPromiscuous = link.flags.contains(.promiscuous) }
        if change.receivesAllMulticast != nil { receivesAllMulticast = link.flags.contains(.allMulticast) }
        if change.transmitQueueLength != nil { transmitQueueLength = link.transmitQueueLength }
    }

    /// The reference plugin's backup file has the same keys.
    fileprivate init(_ backup: JSONValue) {
        self.init(mac: backup["mac"]?.string.flatMap { MACAddress($0) }, mtu: backup["mtu"]?.int)
        isPromiscuous = backup["promisc"]?.bool
        receivesAllMulticast = backup["allmulti"]?.bool
        transmitQueueLength = backup["txQLen"]?.int
    }

    fileprivate var json: JSONObject {
        var object = JSONObject()
        if let mac { object["mac"] = .string("\(mac)") }
        if let mtu { object["mtu"] = .number(JSONNumber(mtu)) }
        if let isPromiscuous { object["promisc"] = .bool(isPromiscuous) }
        if let receivesAllMulticast { object["allmulti"] = .bool(receivesAllMulticast) }
        if let transmitQueueLength { object["txQLen"] = .number(JSONNumber(transmitQueueLength)) }
        return object
    }
}
