/// Servers on ports that come and go. A port that cannot be had is tried again with every change.
struct OpenPorts<Server> {
    private(set) var servers: [UInt16: Server] = [:]
    private var failed: Set<UInt16> = []

    /// Returns why ports could not be had that could before, or were not wanted.
    mutating func update(
        _ wanted: Set<UInt16>, open: (UInt16) throws -> Server, close: (Server) -> Void
    ) -> [(port: UInt16, reason: any Error)] {
        for (port, server) in servers where !wanted.contains(port) {
            close(server)
            servers[port] = nil
        }
        failed.formIntersection(wanted)
        var failures: [(UInt16, any Error)] = []
        for port in wanted.sorted() where servers[port] == nil {
            do {
                servers[port] = try open(port)
                failed.remove(port)
            } catch {
                if failed.insert(port).inserted { failures.append((port, error)) }
            }
        }
        return failures
    }
}
