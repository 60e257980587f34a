package import NetTypes

/// The tables of one variant as they are there, each family by its programs.
package struct IPTablesTables: Sendable {
    private let programs: [IPTablesPrograms]
    /// Rules that this iptables prints in another way than they were written: what was wanted, and what it makes of it.
    private var spellings: [IPFamily: [IPTablesChain: (wanted: [String], printed: [String])]] = [:]

    package init(_ programs: [IPTablesPrograms]) { self.programs = programs }

    /// Reads all that is there and makes it what it is to be; nothing is written where it is that. kube-proxy's chains of
    /// the same variant go in the same moment. Returns how much was to be done.
    package mutating func bring(
        to wanted: [IPFamily: IPTablesRules], _ leftovers: inout Leftovers
    ) throws(IPTablesError) -> Int {
        var count = 0
        for programs in programs {
            let family = programs.family
            let rules = wanted[family] ?? [:]
            let dump = try programs.dump()
            var change = dump.changes(to: rules, spellings: known(family, rules))
            let theirs = KubeProxyChains(dump)
            change.others = theirs.removal
            if change.isEmpty { continue }
            try programs.restore(change.text)
            leftovers.add(theirs, programs)
            count += change.count
            try learn(programs, rules)
        }
        return count
    }

    package func write(_ changes: [IPFamily: IPTablesChange]) throws(IPTablesError) {
        for programs in programs {
            if let change = changes[programs.family], !change.isEmpty { try programs.restore(change.text) }
        }
    }

    private func known(_ family: IPFamily, _ rules: IPTablesRules) -> IPTablesRules {
        var known: IPTablesRules = [:]
        for (chain, spelling) in spellings[family] ?? [:] where spelling.wanted == rules[chain] {
            known[chain] = spelling.printed
        }
        return known
    }

    /// What differs right after it has been written is a matter of spelling, and must not be repaired again and again.
    private mutating func learn(_ programs: IPTablesPrograms, _ rules: IPTablesRules) throws(IPTablesError) {
        let dump = try programs.dump()
        let found = dump.ownRules
        for chain in dump.changes(to: rules).written.keys {
            guard let wanted = rules[chain], let printed = found[chain], printed.count == wanted.count else { continue }
            spellings[programs.family, default: [:]][chain] = (wanted, printed)
        }
    }
}
