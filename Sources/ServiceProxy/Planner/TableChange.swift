package import NFTables
internal import NetTypes

/// A change of the table, and what else in the kernel has to follow it.
package struct TableChange: Sendable {
    package var transaction: Transaction
    /// Endpoints that fronts have lost: nobody may be sent there any more, however well he is known.
    package var gone: Set<FrontPlace>
    /// Connections of datagrams, which never end by themselves as long as somebody sends: those to endpoints that are gone,
    /// and those that went nowhere before.
    package var staleFlows: [ConntrackFilter]

    package var isEmpty: Bool { transaction.isEmpty }

    package init(_ transaction: Transaction, _ changes: ElementChanges = ElementChanges()) {
        self.transaction = transaction
        gone = changes.gonePlaces
        let lost = gone.filter { $0.transport == .udp }.map { place in
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

    /// Which of the remembered clients have to be forgotten.
    package func forgotten(of memory: [Element]) -> [Element] {
        if gone.isEmpty { return [] }
        return memory.filter { element in
            guard var place = FrontPlace(element.key.dropFirst(), element.value) else { return false }
            if gone.contains(place) { return true }
            // Whether he came by the address or by the node's port is not remembered.
            place.address = nil
            return gone.contains(place)
        }
    }
}
