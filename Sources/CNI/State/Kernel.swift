internal import Linux
package import NFTables
package import Netlink

/// The sockets into the node's kernel, opened when they are first needed and shared by the plugins of a chain. An ADD
/// without port mappings or masquerading never opens the second.
package final class Kernel {
    private var routingHolder: RoutingHolder?
    private var rulesHolder: RulesHolder?

    private let layoutLock: String
    private let lockTimeoutMilliseconds: Int

    package init(layoutLock: String, lockTimeoutMilliseconds: Int = 10_000) {
        self.layoutLock = layoutLock
        self.lockTimeoutMilliseconds = lockTimeoutMilliseconds
    }

    /// Who makes tables and chains holds this lock. Nil where none can be had: on a full disk, or from one who hangs.
    func lockLayouts() -> FileLock? {
        try? FileLock(layoutLock, timeoutMilliseconds: lockTimeoutMilliseconds)
    }

    /// Links, addresses, routes and neighbours of the node's own network namespace. The body must not call this again.
    package func routing<Result>(_ body: (inout NetlinkSocket) throws -> Result) throws -> Result {
        let holder = try routingHolder ?? RoutingHolder()
        routingHolder = holder
        return try body(&holder.socket)
    }

    /// nf_tables of the node's own network namespace. The body must not call this again.
    package func rules<Result>(_ body: (inout NFTSocket) throws -> Result) throws -> Result {
        let holder = try rulesHolder ?? RulesHolder()
        rulesHolder = holder
        return try body(&holder.socket)
    }
}

private final class RoutingHolder {
    var socket: NetlinkSocket

    init() throws { socket = try NetlinkSocket() }
}

private final class RulesHolder {
    var socket: NFTSocket

    /// Whatever others delete meanwhile, the end of this process does not wait for it.
    init() throws {
        socket = try NFTSocket()
        socket.releaseLater()
    }
}
