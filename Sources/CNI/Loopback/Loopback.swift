internal import NetTypes
internal import Netlink

/// The `loopback` plugin: brings `lo` up in the container. The interface's name in the call is not used.
package struct Loopback: Plugin {
    package let name = "loopback"

    package init() {}

    package func add(_ call: Invocation) throws -> CNIResult {
        let container = try call.requireNamespace()
        var socket = try NetlinkSocket(in: container.namespace)
        let loopback = try socket.link("lo")
        if !loopback.isUp {
            try socket.run(.changeLink("lo", .up))
            try call.rollback.did("set lo up") { try Self.setDown(container) }
        }
        if let previous = call.config.previousResult { return previous }
        let interface = CNIResult.Interface(name: "lo", mac: "00:00:00:00:00:00", sandbox: container.path)
        let ips = try socket.addresses(on: loopback.index).map { CNIResult.IP(address: $0.address, interface: 0) }
        return CNIResult(interfaces: [interface], ips: ips)
    }

    package func del(_ call: Invocation) throws {
        guard let container = call.namespaceIfPresent() else { return }
        try Self.setDown(container)
    }

    package func check(_ call: Invocation) throws {
        var socket = try NetlinkSocket(in: call.requireNamespace().namespace)
        if try !socket.link("lo").isUp {
            throw CNIError(.internalFailure, "loopback interface is down", details: call.environment.namespacePath)
        }
    }

    private static func setDown(_ container: ContainerNamespace) throws {
        var socket = try NetlinkSocket(in: container.namespace)
        try socket.run(.changeLink("lo", .down))
    }
}
