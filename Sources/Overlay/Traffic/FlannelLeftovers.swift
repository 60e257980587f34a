package import NFTables

/// What flanneld has left in nf_tables: its own tables (nftables mode), or its chains in the tables of iptables-nft and
/// the rules that jump to them. iptables-legacy keeps its rules elsewhere; docs/operations.md has the commands.
package struct FlannelLeftovers: Hashable, Sendable {
    /// Removes all that can go without a packet's lot changing, once our own rules stand.
    package private(set) var removal = Transaction()
    /// What `removal` removes.
    package private(set) var removed: [String] = []
    /// What has to stay, each with the reason.
    package private(set) var kept: [String] = []

    /// Reads the namespace of the socket.
    package init(_ socket: inout NFTSocket) throws(NFTError) {
        for (family, own) in [(Family.ip, "flannel-ipv4"), (.ip6, "flannel-ipv6")] {
            let table = Table(family, own)
            if try socket.table(table) != nil {
                removal.delete(table)
                removed.append("table \(table)")
            }
            try look(for: "FLANNEL-POSTRTG", from: "POSTROUTING", in: Table(family, "nat"), &socket)
            try look(for: "FLANNEL-FWD", from: "FORWARD", in: Table(family, "filter"), &socket)
        }
    }

    private mutating func look(
        for name: String, from base: String, in table: Table, _ socket: inout NFTSocket
    ) throws(NFTError) {
        let chain = Chain(table, name)
        guard try socket.chain(chain) != nil else { return }
        let caller = Chain(table, base)
        let rules = try socket.rules(of: caller)
        let jumps = rules.filter { $0.expressions.contains(.verdict(.jump(name))) }
        // What one table accepts another may still drop: where FORWARD drops by policy or has rules besides, flannel's
        // may be what lets the pods' packets pass, and ours cannot take their place.
        if base == "FORWARD" {
            let drops = try socket.chain(caller)?.base?.policy == .drop
            guard !drops && jumps.count == rules.count else {
                kept.append("chain \(chain), because \(caller) \(drops ? "drops by policy" : "has other rules, too")")
                return
            }
        }
        for jump in jumps { removal.delete(jump) }
        removal.flush(chain)
        removal.delete(chain)
        removed.append("chain \(chain)")
    }

    package var isEmpty: Bool { removed.isEmpty && kept.isEmpty }
}
