package import NFTables

extension TrafficRules {
    /// How the table in the kernel differs from these rules, in words; empty when it does not.
    package func difference(_ socket: inout NFTSocket) throws(NFTError) -> [String] {
        guard try socket.table(Self.table) != nil else {
            return chains.isEmpty ? [] : ["table \(Self.table) is missing"]
        }
        if chains.isEmpty { return ["table \(Self.table) is not wanted"] }
        var lines: [String] = []
        let installed = try socket.chains(in: Self.table)
        for chain in chains where !installed.contains(where: { $0.name == chain.name && $0.base == chain.base }) {
            lines.append("chain \(chain) is missing or hooked elsewhere")
        }
        for chain in installed where !chains.contains(where: { $0.name == chain.name }) {
            lines.append("chain \(chain) is not wanted")
        }
        let found = try socket.rules(in: Self.table)
        for chain in chains {
            let wanted = rules.filter { $0.chain == chain }
            let present = found.filter { $0.chain == chain.name }
            // Order counts, and so does a rule too many.
            if wanted.count != present.count || !zip(wanted, present).allSatisfy({ $1.matches($0) }) {
                lines.append("the rules of \(chain) differ: \(wanted.count) wanted, \(present.count) there")
            }
        }
        return lines
    }

    /// Replaces the whole table in one step, so that no packet sees half of it.
    package var replacement: Transaction {
        var transaction = TrafficRules.removal
        if chains.isEmpty { return transaction }
        transaction.add(Self.table)
        for chain in chains { transaction.add(chain) }
        for rule in rules { transaction.add(rule) }
        return transaction
    }

    /// Removes the table, whether or not it is there: adding first makes the deletion hold.
    package static var removal: Transaction {
        var transaction = Transaction()
        transaction.add(table)
        transaction.delete(table)
        return transaction
    }

    /// Puts the table right where it differs; the result says how it differed.
    package func reconcile(_ socket: inout NFTSocket) throws(NFTError) -> [String] {
        let lines = try difference(&socket)
        if !lines.isEmpty { try socket.commit(replacement) }
        return lines
    }

    /// Takes the place of flannel's rules in one step: there is no moment without the one or the other.
    package func replace(_ leftovers: FlannelLeftovers, _ socket: inout NFTSocket) throws(NFTError) {
        var transaction = replacement
        transaction.append(leftovers.removal)
        try socket.commit(transaction)
    }
}
