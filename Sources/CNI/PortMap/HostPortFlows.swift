internal import NFTables
package import NetTypes

/// Connections to a host port that the kernel tracks and that do not end with the container (UDP, SCTP): they go on to
/// the port's last owner until they are forgotten.
package struct HostPortFlows: Hashable, Sendable {
    package var mapping: PortMapping
    /// Only flows that lead to one of these; empty for all of the port's.
    package var containers: [IPAddress] = []

    package init(_ mapping: PortMapping) { self.mapping = mapping }

    var filters: [ConntrackFilter] {
        IPFamily.allCases.filter { mapping.applies(to: $0) }.flatMap { family in
            let filter = ConntrackFilter(
                family, mapping.protocol, originalDestination: mapping.boundAddress,
                originalDestinationPort: mapping.hostPort)
            if containers.isEmpty { return [filter] }
            return containers.filter { $0.family == family }.map { container in
                var filter = filter
                filter.replySource = container
                return filter
            }
        }
    }

    static func forget(_ flows: [HostPortFlows]) throws {
        if flows.isEmpty { return }
        var conntrack = try Conntrack()
        try conntrack.delete(matching: flows.flatMap(\.filters))
        conntrack.releaseLater()
    }
}
