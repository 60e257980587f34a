package import NFTables

/// A change of the table, and what else in the kernel has to follow it.
package struct TableChange: Sendable {
    package var transaction: Transaction
    package var slots: SlotChanges
    package var flows: FlowChanges

    /// Slots may change of a port that has nothing in the table, since its address is another's, and clients all the same.
    package var isEmpty: Bool { transaction.isEmpty && flows.isEmpty && slots.memories.isEmpty }

    init(_ transaction: Transaction, _ changes: ElementChanges, _ slots: SlotChanges, lost: [LostPlace]) {
        self.transaction = transaction
        self.slots = slots
        flows = FlowChanges()
        flows.lose(lost)
        for front in changes.newFronts where front.transport == .udp { flows.find(front.address, front.port) }
    }

    /// For those who are remembered, of a table that takes the place of one that somebody has left.
    init(from before: SlotMemory, to after: SlotMemory) {
        transaction = Transaction()
        slots = SlotMemory.changes(from: before, to: after)
        flows = FlowChanges()
    }
}
