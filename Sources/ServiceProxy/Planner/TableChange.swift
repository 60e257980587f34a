package import NFTables
internal import NetTypes

/// A change of the table, and what else in the kernel has to follow it.
package struct TableChange: Sendable {
    package var transaction: Transaction
    package var slots: SlotChanges
    /// Connections of datagrams, which never end by themselves as long as somebody sends: those to endpoints that are gone,
    /// and those that went nowhere before.
    package var staleFlows: [ConntrackFilter]

    package var isEmpty: Bool { transaction.isEmpty }

    package init(_ transaction: Transaction, _ changes: ElementChanges = .init(), _ slots: SlotChanges = .init()) {
        self.transaction = transaction
        self.slots = slots
        staleFlows =
            changes.gonePlaces.compactMap(\.lostFlows)
            + changes.newFronts.filter { $0.transport == .udp }.map {
                ConntrackFilter(untranslatedTo: $0.address, $0.port)
            }
    }
}

extension FrontPlace {
    /// Datagrams of clients that are still sent to the endpoint, by this front; nil for other transports, whose
    /// connections end by themselves.
    var lostFlows: ConntrackFilter? {
        guard transport == .udp else { return nil }
        return ConntrackFilter(
            endpoint.address.family, .udp, originalDestination: address, originalDestinationPort: port,
            replySource: endpoint.address, replySourcePort: endpoint.port)
    }
}

extension ConntrackFilter {
    /// Datagrams that went to the address itself, before it led anywhere.
    init(untranslatedTo address: IPAddress, _ port: UInt16) {
        self.init(
            address.family, .udp, originalDestination: address, originalDestinationPort: port, replySource: address)
    }
}
