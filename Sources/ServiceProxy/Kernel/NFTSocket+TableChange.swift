package import NFTables
internal import NetTypes

extension NFTSocket {
    /// Makes the change, and then all that follows from it. Says which connections it has forgotten, if it looked for some.
    @discardableResult
    package mutating func commit(
        _ change: TableChange, _ conntrack: inout Conntrack
    ) throws(NFTError) -> FlowCleaning? {
        try commit(change.transaction)
        var rest = change
        return try finish(&rest, &conntrack)
    }

    /// What follows from a change that has been made. Only then: before it, somebody could still be sent to an endpoint that
    /// is gone, and be remembered so. What is done is taken out: to move a client twice would be wrong.
    @discardableResult
    mutating func finish(
        _ change: inout TableChange, _ conntrack: inout Conntrack
    ) throws(NFTError) -> FlowCleaning? {
        while let memory = change.slots.memories.first {
            try commit(change.slots.changes(of: elements(of: memory)))
            change.slots.memories.remove(memory)
        }
        if change.flows.stale.isEmpty { return nil }
        let cleaning = try conntrack.clean(change.flows.stale)
        change.flows.stale = []
        return cleaning
    }
}
