package import Daemon

/// kube-proxy's command line, so that a unit file or a manifest works unchanged.
package enum ProxyFlags {
    package static let all: [Flag] = actions + keys + ignored.map { Flag($0.name, $0.kind, "ignored: \($0.reason)") }

    private static let actions: [Flag] = [
        Flag(
            "config", .string,
            "file with a \(ProxyConfiguration.kind); its values count, and are followed when it changes"),
        Flag("write-config-to", .string, "write the configuration to this file and exit"),
        Flag("cleanup", .bool, default: "false", "remove all rules of the proxy and exit"),
        Flag("init-only", .bool, default: "false", "do what needs all of root's rights and exit"),
        Flag("master", .string, "the API server's URL, instead of the kubeconfig's"),
        Flag("healthz-port", .integer, "port of a --healthz-bind-address without one, 0 for no server; deprecated"),
        Flag("metrics-port", .integer, "port of a --metrics-bind-address without one, 0 for no server; deprecated"),
        Flag("version", .bool, default: "false", "print the version and exit"),
    ]

    /// Of keys with the same flag, the first one explains it.
    private static let keys: [Flag] = {
        var seen: Set<String> = []
        return ConfigurationKey.all.compactMap { key in
            guard let name = key.flag, seen.insert(name).inserted else { return nil }
            let help = key.help + (key.withoutEffect.map { " (ignored: \($0))" } ?? "")
            return Flag(
                name, key.kind, default: key.defaultText, isRepeatable: repeatable.contains(name), help)
        }
    }()

    /// Lists, to which each further flag adds.
    static let repeatable: Set = ["nodeport-addresses", "feature-gates"]

    /// What counts also with --config. As in kube-proxy, flags of logging win over the file.
    static let besideFile: Set = ["hostname-override", "logging-format", "v"]

    struct Ignored: Sendable {
        let name: String
        var kind = Flag.Kind.string
        let reason: String
    }

    static let ignored: [Ignored] =
        [
            ("ipvs-exclude-cidrs", .string), ("ipvs-min-sync-period", .duration), ("ipvs-scheduler", .string),
            ("ipvs-strict-arp", .bool), ("ipvs-sync-period", .duration), ("ipvs-tcp-timeout", .duration),
            ("ipvs-tcpfin-timeout", .duration), ("ipvs-udp-timeout", .duration),
        ].map { Ignored(name: $0, kind: $1, reason: "there is no mode ipvs") }
        + [
            ("log-flush-frequency", .duration), ("log-json-info-buffer-size", .string),
            ("log-json-split-stream", .bool), ("log-text-info-buffer-size", .string),
            ("log-text-split-stream", .bool),
        ].map { Ignored(name: $0, kind: $1, reason: "there is one stream of log lines, without a buffer") }
        + [
            ("add-dir-header", .bool), ("alsologtostderr", .bool), ("log-backtrace-at", .string), ("log-dir", .string),
            ("log-file", .string), ("log-file-max-size", .integer), ("logtostderr", .bool), ("one-output", .bool),
            ("skip-headers", .bool), ("skip-log-headers", .bool), ("stderrthreshold", .string), ("vmodule", .string),
        ].map { Ignored(name: $0, kind: $1, reason: "log lines go to standard error, at one level") }
        + ["boot-id-file", "machine-id-file"].map { Ignored(name: $0, reason: "the node is known by its name") }

    /// The words as `Arguments` takes them. pflag also takes `_` for `-` in a flag's name, a digit right after `-v`, and
    /// a form with --version.
    static func normalized(_ words: [String]) -> [String] {
        let known = Set(all.map(\.name))
        var ends = false
        return words.map { word in
            ends = ends || word == "--"
            if ends || !word.hasPrefix("-") { return word }
            if word.hasPrefix("-v"), word.count > 2, word.dropFirst(2).allSatisfy(\.isNumber) {
                return "-v=" + word.dropFirst(2)
            }
            if word == "--version=raw" { return "--version" }
            let name = word.prefix { $0 != "=" }
            let dashed = String(name.map { $0 == "_" ? "-" : $0 })
            // Others are values, or are named as they were written.
            return known.contains(String(dashed.drop { $0 == "-" })) ? dashed + word.dropFirst(name.count) : word
        }
    }
}
