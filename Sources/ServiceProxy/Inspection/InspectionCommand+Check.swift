internal import Daemon
internal import JSON
internal import Linux
internal import NFTables

/// `poplin check proxy`.
extension InspectionCommand {
    /// Compares the kernel's table with what the API server's objects ask for: 0 when they are the same, 1 when they differ,
    /// 2 when that cannot be told.
    package static func check(_ arguments: [String], environment: [String: String], version: String) -> Int32 {
        withOptions("check proxy", [json], arguments, version, failure: 2) { options in
            guard options.words.isEmpty else { throw WrongWords() }
            if options.proxy.configuration.mode == .iptables { throw OtherMode() }
            var report = try look(options, environment)
            if !report.differences.isEmpty {
                // While things change, one of the two is read later than the other: only what stays is a difference.
                let first = Set(report.differences)
                report = try look(options, environment)
                report.differences.removeAll { !first.contains($0) }
            }
            print(options.has("json") ? report.json.serialized(pretty: true) + "\n" : report.text, terminator: "")
            return report.differences.isEmpty ? 0 : 1
        }
    }

    private static func look(_ options: InspectionOptions, _ environment: [String: String]) throws -> CheckReport {
        let snapshot = try ClusterSnapshot(options.proxy, environment)
        var socket = try NFTSocket()
        let installed = try InstalledTable(&socket)
        let wanted = snapshot.ruleset(remembering: installed.slots)
        var report = CheckReport(installed, wanted, services: snapshot.index.serviceCount)
        var leftovers = Leftovers()
        _ = try leftovers.nftablesRemoval(&socket)
        report.notes = leftovers.removed.map { "\($0) of kube-proxy's; the next start of poplin proxy removes them" }
        return report
    }

    private struct OtherMode: Error, CustomStringConvertible {
        var description: String { "with mode: iptables there is no table to compare; iptables-save shows the rules" }
    }
}
