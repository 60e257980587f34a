internal import NFTables
package import NetTypes

/// The connections that the kernel tracks for a host port without a connection's end of its own (UDP, SCTP): they go
/// on to the port's last owner until they are forgotten.
package struct HostPortFlows: Hashable, Sendable {
    package var mapping: PortMapping
    /// Only flows that lead to one of these; empty for all of the port's.
    package var containers: Set<IPAddress> = []

    package init(_ mapping: PortMapping) { self.mapping = mapping }

    package func forget() throws {
    }
}
