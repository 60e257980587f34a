internal import HTTP
internal import JSON
internal import Linux
internal import NFTables
internal import NetTypes

/// `poplin status proxy`.
extension InspectionCommand {
    /// How the daemon is, as it says itself, and what the kernel holds: 0 when both are there and well.
    package static func status(_ arguments: [String], environment: [String: String], version: String) -> Int32 {
        withOptions("status proxy", [json], arguments, version, failure: 1) { options in
            guard options.words.isEmpty else { throw WrongWords() }
            var socket = try NFTSocket()
            let counts = TableCounts(try InstalledTable(&socket, withMemories: true))
            let answer = Result { try askDaemon(options.proxy.configuration) }
            let daemon = try? answer.get()
            if options.has("json") {
                let report: JSONValue = [
                    "daemon": daemon.map { .object($0) } ?? .null, "table": counts?.json ?? .null,
                ]
                print(report.serialized(pretty: true))
            } else {
                switch answer {
                case .success(let daemon): print(text(daemon), terminator: "")
                case .failure(let reason): print("daemon     does not answer: \(reason)")
                }
                print(counts?.text ?? "table      none\n", terminator: "")
            }
            let isThere = counts != nil || daemon?["mode"] == .string(ProxyMode.iptables.rawValue)
            return daemon?["healthy"] == true && isThere ? 0 : 1
        }
    }

    private struct NoAnswer: Error, CustomStringConvertible {
        var description: String
    }

    private static func askDaemon(_ configuration: ProxyConfiguration) throws -> JSONObject {
        guard let address = configuration.metricsBindAddress else {
            throw NoAnswer(description: "the configuration has no metricsBindAddress, where /status is")
        }
        // Who listens everywhere is here too.
        let isV6 = address.address.family == .v6
        let here = IPAddress(family: isV6 ? .v6 : .v4, value: isV6 ? 1 : 0x7F00_0001)
        let server = ListenAddress(address.address.isUnspecified ? here : address.address, port: address.port)
        let answer = try HTTPClient().send(
            HTTPClientRequest("GET", "http://\(server)/status"), timeout: .seconds(5))
        guard answer.status == 200, let object = try JSONValue.parse(answer.body).object else {
            throw NoAnswer(description: "http://\(server)/status answers with \(answer.status)")
        }
        return object
    }

    private static func text(_ daemon: JSONObject) -> String {
        func words(_ name: String) -> String { daemon[name]?.string ?? "" }
        var lines = [
            "daemon     runs since \(words("started")), node \(words("node")), mode \(words("mode"))",
            "last sync  \(daemon["lastSync"]?.string ?? "none yet")",
        ]
        if let seconds = daemon["pendingSeconds"]?.double {
            lines.append("pending    a change waits for \(Int(seconds * 1000)) ms")
        }
        if daemon["healthy"] != true { lines.append("trouble    changes are not written in time") }
        if daemon["nodeEligible"] == false { lines.append("node       is about to go: /healthz says 503") }
        for member in daemon["troubles"]?.object?.members ?? [] {
            lines.append("trouble    \(member.key): \(member.value.string ?? "")")
        }
        lines.append("services   \(daemon["services"]?.int ?? 0)")
        return lines.map { $0 + "\n" }.joined()
    }
}
