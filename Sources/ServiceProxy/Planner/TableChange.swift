package import NFTables

/// A change of the table, and what else in the kernel has to follow it.
package struct TableChange: Sendable {
    package var transaction: Transaction
    package var slots: SlotChanges
    package var flows: FlowChanges

    package var isEmpty: Bool { transaction.isEmpty && flows.isEmpty }

    init(_ transaction: Transaction, _ changes: ElementChanges, _ slots: SlotChanges, lost: [LostPlace]) {
        self.transaction = transaction
        self.slots = slots
        flows = FlowChanges()
        flows.lose(lost)
        for front in changes.newFronts where front.transport == .udp { flows.find(front.address, front.port) }
    }
}
