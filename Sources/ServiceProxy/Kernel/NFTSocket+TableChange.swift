package import NFTables
internal import NetTypes

extension NFTSocket {
    /// Makes the change, and then all that follows from it.
    package mutating func commit(_ change: TableChange, _ conntrack: inout Conntrack) throws(NFTError) {
        try commit(change.transaction)
        // Only now: before it, somebody could come to be remembered, or to have a connection, once more.
        if !change.gone.isEmpty {
            for family in IPFamily.allCases where change.gone.contains(where: { $0.endpoint.address.family == family })
            {
                let memory = ProxySet.affinity.set(family)
                let forgotten = change.forgotten(of: try elements(of: memory))
                if forgotten.isEmpty { continue }
                var removal = Transaction()
                // One may have expired by itself in the meantime.
                removal.destroy(forgotten.map { Element($0.key) }, from: memory)
                try commit(removal)
            }
        }
        if !change.staleFlows.isEmpty { _ = try conntrack.delete(matching: change.staleFlows) }
    }
}
