internal import Daemon
internal import JSON
internal import Linux
internal import NFTables
internal import NetTypes

/// `poplin check proxy`.
extension InspectionCommand {
    /// Compares the kernel's rules with what the API server's objects ask for: 0 when they are the same, 1 when they differ,
    /// 2 when that cannot be told.
    package static func check(_ arguments: [String], environment: [String: String], version: String) -> Int32 {
        withOptions("check proxy", [json], arguments, version, failure: 2) { options in
            guard options.words.isEmpty else { throw WrongWords() }
            let iptables = try iptablesInUse(options.proxy.configuration.mode)
            func look() throws -> RulesReport {
                let snapshot = try ClusterSnapshot(options.proxy, environment)
                return if let iptables { try self.look(snapshot, iptables) } else { try self.look(snapshot) }
            }
            var report = try look()
            if !report.differences.isEmpty {
                // While things change, one of the two is read later than the other: only what stays is a difference.
                let first = Set(report.differences)
                report = try look()
                report.differences.removeAll { !first.contains($0) }
            }
            print(options.has("json") ? report.json.serialized(pretty: true) + "\n" : report.text, terminator: "")
            return report.differences.isEmpty ? 0 : 1
        }
    }

    /// Nil where nf_tables has the rules. With `auto` that is found out by what is there.
    static func iptablesInUse(_ mode: ProxyMode) throws -> IPTablesChoice? {
        switch mode {
        case .nftables: return nil
        case .iptables: break
        case .automatic:
            if var socket = try? NFTSocket(), try socket.table(ProxySet.table) != nil { return nil }
        }
        let choice = IPTablesChoice()
        if mode == .iptables { return choice }
        return choice.programs.contains { (try? $0.dump())?.ownRules.isEmpty == false } ? choice : nil
    }

    private static func look(_ snapshot: ClusterSnapshot) throws -> RulesReport {
        var socket = try NFTSocket()
        let installed = try InstalledTable(&socket)
        let wanted = snapshot.ruleset(remembering: installed.slots)
        var report = RulesReport(installed, wanted, services: snapshot.index.serviceCount)
        var leftovers = Leftovers()
        _ = try leftovers.nftablesRemoval(&socket)
        report.notes = leftovers.removed.map { "\($0) of kube-proxy's; the next start of poplin proxy removes them" }
        return report
    }

    private static func look(_ snapshot: ClusterSnapshot, _ iptables: IPTablesChoice) throws -> RulesReport {
        RulesReport(try dumps(iptables), snapshot.iptablesRules, services: snapshot.index.serviceCount)
    }

    static func dumps(_ iptables: IPTablesChoice) throws -> [IPFamily: IPTablesDump] {
        guard !iptables.programs.isEmpty else { throw NoPrograms() }
        var dumps: [IPFamily: IPTablesDump] = [:]
        for programs in iptables.programs { dumps[programs.family] = try programs.dump() }
        return dumps
    }

    private struct NoPrograms: Error, CustomStringConvertible {
        var description: String { "iptables-save is not installed, or does not work" }
    }
}
