package import NFTables
internal import NetTypes

/// What has to become of connections when rules change: those that are made already do not see the new ones.
package struct FlowChanges: Sendable {
    /// Datagrams, whose flows never end by themselves as long as somebody sends: those to endpoints that are gone, and those
    /// that went nowhere before.
    package var stale: [ConntrackFilter] = []
    /// Those that may go on for a while, of whatever transport.
    package private(set) var draining: [LostPlace] = []

    init() {}

    package var isEmpty: Bool { stale.isEmpty && draining.isEmpty }

    mutating func lose(_ places: [LostPlace]) {
        stale += places.filter { $0.drainSeconds == nil }.map(\.place.flows)
        draining += places.filter { $0.drainSeconds != nil }
    }

    /// The address leads somewhere now, and did not before: to itself.
    mutating func find(_ address: IPAddress, _ port: UInt16) {
        stale.append(
            ConntrackFilter(
                address.family, .udp, originalDestination: address, originalDestinationPort: port,
                replySource: address))
    }
}
