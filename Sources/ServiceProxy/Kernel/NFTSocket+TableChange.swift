package import NFTables
internal import NetTypes

extension NFTSocket {
    /// Makes the change, and then all that follows from it.
    package mutating func commit(_ change: TableChange, _ conntrack: inout Conntrack) throws(NFTError) {
        try commit(change.transaction)
        // Only now: before it, somebody could still be sent to an endpoint that is gone, and be remembered so.
        for memory in change.slots.memories { try commit(change.slots.changes(of: elements(of: memory), in: memory)) }
        if !change.staleFlows.isEmpty { _ = try conntrack.delete(matching: change.staleFlows) }
    }
}
