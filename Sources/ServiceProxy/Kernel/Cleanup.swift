internal import NFTables

/// Takes away all that any mode of the proxy has made.
package struct Cleanup {
    private let installed: [IPTablesPrograms]

    package init(_ installed: [IPTablesPrograms] = IPTablesPrograms.installed()) { self.installed = installed }

    /// Says what was removed.
    package func run() throws -> [String] {
        var removed: [String] = []
        if var socket = try? NFTSocket(), try socket.table(ProxySet.table) != nil {
            var removal = Transaction()
            removal.delete(ProxySet.table)
            try socket.commit(removal)
            removed.append("table \(ProxySet.table)")
        }
        for programs in installed {
            // A variant that the kernel has not has nothing of ours.
            guard let dump = try? programs.dump() else { continue }
            let change = dump.removal
            if change.isEmpty { continue }
            try programs.restore(change.text)
            removed.append("\(change.removed.count) chains by \(programs.restore)")
        }
        return removed
    }
}

extension IPTablesDump {
    /// All of ours, and the jumps to it.
    fileprivate var removal: IPTablesChange {
        var change = IPTablesChange()
        for chain in ownRules.keys { change.remove(chain) }
        for table in IPTablesTable.allCases {
            guard let found = tables[table.rawValue] else { continue }
            let jumps = found.builtIn.sorted().flatMap { base in
                (found.chains[base] ?? []).filter { $0.contains("-j \(IPTablesChain.prefix)") }
                    .map { "-D \(base) \($0)" }
            }
            if !jumps.isEmpty { change.others[table] = jumps }
        }
        return change
    }
}
