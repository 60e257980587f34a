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

    package init(_ transaction: Transaction, _ changes: ElementChanges = ElementChanges()) {
        self.transaction = transaction
        slots = SlotChanges(changes)
        let lost = changes.gonePlaces.filter { $0.transport == .udp }.map { place in
            ConntrackFilter(
                place.endpoint.address.family, .udp, originalDestination: place.address,
                originalDestinationPort: place.port, replySource: place.endpoint.address,
                replySourcePort: place.endpoint.port)
        }
        let new = changes.newFronts.filter { $0.transport == .udp }.map { front in
            ConntrackFilter(
                front.address.family, .udp, originalDestination: front.address, originalDestinationPort: front.port,
                replySource: front.address)
        }
        staleFlows = lost + new
    }
}
