internal import Linux
internal import NetTypes

/// The `host-local` IPAM plugin: addresses from ranges, kept in files on this node, compatible with the reference
/// plugin's.
package struct HostLocal: Plugin {
    package let name = "host-local"

    package init() {}

    package func add(_ call: Invocation) throws -> CNIResult {
        let config = try HostLocalConfig(call)
        var result = CNIResult(routes: config.routes)
        if !config.resolvConf.isEmpty {
            result.dns = CNIResult.DNS(resolvConf: try Files.readText(config.resolvConf))
        }
        let reservation = Self.reservation(call)
        result.ips = try Allocation(
            in: try Self.open(config.dataDirectory, call), for: reservation, liveness: Self.liveness(call)
        )
        .run(config, namespace: NamespaceRecord(path: call.environment.namespacePath))
        let addresses = result.ips.map(\.address.address)
        try call.rollback.did("reserve \(addresses.list(", "))") {
            var directory = try Self.open(config.dataDirectory, call, toFree: true)
            try directory.release(addresses, of: reservation)
            try directory.close()
        }
        return result
    }

    package func del(_ call: Invocation) throws {
        let dataDirectory = try HostLocalConfig.dataDirectory(of: call)
        // No directory, no reservation: a DEL makes nothing.
        guard Files.exists("\(dataDirectory)/\(call.config.name)") else { return }
        var directory = try Self.open(dataDirectory, call, toFree: true)
        let told = call.config.previousResult?.ips.map(\.address.address.canonical) ?? []
        try directory.releaseAll(call.environment.containerID, call.environment.interfaceName, told: told)
        try directory.close()
    }

    package func check(_ call: Invocation) throws {
        let config = try HostLocalConfig(call)
        let id = call.environment.containerID
        let directory = try Self.open(config.dataDirectory, call)
        let addresses = try directory.addresses(id, call.environment.interfaceName)
        try directory.close()
        if addresses.isEmpty {
            throw CNIError(.internalFailure, "host-local: Failed to find address added by container \(id)")
        }
    }

    package func gc(_ call: Invocation, valid: Set<Attachment>) throws {
        let dataDirectory = try HostLocalConfig.dataDirectory(of: call)
        guard Files.exists("\(dataDirectory)/\(call.config.name)") else { return }
        let ids = Set(valid.map(\.containerID))
        var directory = try Self.open(dataDirectory, call)
        for (reservation, addresses) in try directory.all() {
            let isValid =
                if let interface = reservation.interfaceName {
                    valid.contains(
                        Attachment(
                            network: call.config.name, containerID: reservation.containerID, interfaceName: interface))
                } else {
                    ids.contains(reservation.containerID)
                }
            if !isValid { try directory.release(addresses, of: reservation) }
        }
        try directory.close()
    }

    /// Looks only; it takes no lock, so that it is quick and never waits. A pool that is full of the dead has room.
    package func status(_ call: Invocation) throws {
        let config = try HostLocalConfig(call)
        let path = "\(config.dataDirectory)/\(call.config.name)"
        for (number, set) in config.sets.enumerated() {
            if ReservationDirectory.nextFree(in: set, number: number, directory: path) != nil { continue }
            var directory = try Self.open(config.dataDirectory, call)
            if try directory.canReclaim(in: set, Self.liveness(call)) { continue }
            throw CNIError(.notAvailable, "no IP addresses available in range set: \(set)")
        }
    }

    private static func open(_ dataDirectory: String, _ call: Invocation, toFree: Bool = false) throws(CNIError)
        -> ReservationDirectory
    {
        let boot: BootIdentity
        do { boot = try BootIdentity.current() } catch { throw CNIError(error) }
        return try ReservationDirectory.open(
            dataDirectory, network: call.config.name, machine: call.machine, boot: boot, toFree: toFree)
    }

    private static func reservation(_ call: Invocation) -> Reservation {
        Reservation(containerID: call.environment.containerID, interfaceName: call.environment.interfaceName)
    }

    private static func liveness(_ call: Invocation) -> Liveness {
        Liveness(network: call.config.name, runtimeCacheDirectory: call.machine.runtimeCacheDirectory)
    }
}
