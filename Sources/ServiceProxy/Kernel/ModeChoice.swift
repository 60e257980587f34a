internal import Linux
package import NFTables

/// Which of the kernel's systems the rules are written to, and why.
package struct ModeChoice: Sendable {
    /// `nftables` or `iptables`.
    package var mode: ProxyMode
    package var iptables: IPTablesChoice?
    /// What nf_tables lacks here, if that is why.
    package var missing: [String] = []

    /// Neither will do: what is missing of each.
    package struct Nowhere: Error, CustomStringConvertible {
        package var description: String
    }

    /// The kernel as the choice sees it.
    package struct Kernel {
        /// Our table is there: what has carried it will carry it again.
        package var hasTable: () throws(NFTError) -> Bool
        package var commit: (Transaction) throws(NFTError) -> Void
        package var iptables: () -> IPTablesChoice

        package init(
            hasTable: @escaping () throws(NFTError) -> Bool, commit: @escaping (Transaction) throws(NFTError) -> Void,
            iptables: @escaping () -> IPTablesChoice
        ) {
            self.hasTable = hasTable
            self.commit = commit
            self.iptables = iptables
        }

        package static var running: Kernel {
            Kernel(
                hasTable: { () throws(NFTError) in
                    var socket = try NFTSocket()
                    return try socket.table(ProxySet.table) != nil
                },
                commit: { transaction throws(NFTError) in
                    var socket = try NFTSocket()
                    try socket.commit(transaction)
                }, iptables: { IPTablesChoice() })
        }
    }

    package init(_ wanted: ProxyMode, _ kernel: Kernel = .running) throws(Nowhere) {
        mode = wanted
        if wanted == .nftables { return }
        if wanted == .automatic {
            missing = Self.missing(kernel)
            if missing.isEmpty {
                mode = .nftables
                return
            }
        }
        let choice = kernel.iptables()
        guard choice.variant != nil else {
            throw Nowhere(description: Self.complaint(missing))
        }
        mode = .iptables
        iptables = choice
    }

    private static func missing(_ kernel: Kernel) -> [String] {
        do throws(NFTError) {
            if try kernel.hasTable() { return [] }
        } catch {
            return ["nf_tables (\(error.errno))"]
        }
        return KernelFeature.missing(kernel.commit).map(\.description)
    }

    private static func complaint(_ missing: [String]) -> String {
        let iptables = "iptables-save and iptables-restore are not installed, or do not work"
        if missing.isEmpty { return "mode iptables is not possible: \(iptables)" }
        return "nothing can write rules here: nf_tables lacks \(missing.joined(separator: ", ")); \(iptables)"
    }
}
