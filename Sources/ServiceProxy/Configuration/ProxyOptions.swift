package import Daemon
internal import HTTP
internal import NetTypes

/// Everything that is wrong with a command line and the file that it names.
package struct ProxyOptionsError: Error, Hashable, Sendable, CustomStringConvertible {
    package var problems: [String]
    package var description: String { problems.joined(separator: "\n") }
}

/// What `poplin proxy` is asked to do, and by which configuration.
package struct ProxyOptions: Sendable {
    package enum Action: Hashable, Sendable {
        case run, cleanup, initOnly, help, version
        case writeConfiguration(path: String)
    }

    package let action: Action
    package private(set) var configuration = ProxyConfiguration()
    /// The file to follow; nil when flags alone are the configuration.
    package let configurationFile: String?
    /// The API server's URL, instead of the kubeconfig's.
    package let master: String?
    /// What does nothing, to be logged.
    package private(set) var notes: [ConfigurationNote] = []
    let arguments: Arguments

    /// The words are those after the subcommand, which may take more flags. `readFile` gives the bytes of a file.
    package init(
        _ words: [String], besides more: [Flag] = [], readFile: (String) throws -> [UInt8]
    ) throws(ProxyOptionsError) {
        let arguments: Arguments
        do throws(ArgumentsError) {
            arguments = try Arguments(ProxyFlags.all + more, ProxyFlags.normalized(words))
        } catch {
            throw ProxyOptionsError(problems: error.problems.map(Self.naming))
        }
        self.arguments = arguments
        func text(_ name: String) -> String? { arguments.string(name).flatMap { $0.isEmpty ? nil : $0 } }
        configurationFile = text("config")
        master = text("master")
        action = Self.action(arguments)
        if action == .help || action == .version { return }

        var problems: [String] = []
        if !arguments.positionals.isEmpty {
            problems.append("\(arguments.positionals.joined(separator: " ")): unexpected words after the flags")
        }
        if let master, !master.hasPrefix("http://") && !master.hasPrefix("https://") {
            problems.append("\(Violation(text: master, "must begin with http:// or https://").problem("--master"))")
        }
        notes = Self.ignoredFlags(arguments)
        do throws(ConfigurationProblems) {
            if let configurationFile {
                let bytes: [UInt8]
                do {
                    bytes = try readFile(configurationFile)
                } catch {
                    throw ConfigurationProblems(problems: [Violation("", "\(error)").problem("--config")])
                }
                let read = try configuration(from: bytes)
                configuration = read.configuration
                notes += read.notes
            } else {
                configuration = try Self.configuration(arguments, writes: action.writes)
                notes += configuration.withoutEffect()
            }
        } catch {
            problems += error.problems.map(\.description)
        }
        if !problems.isEmpty { throw ProxyOptionsError(problems: problems) }
    }

    /// Every flag with its value, a line each.
    var flagLines: String {
        ProxyFlags.all.map { "\($0.name)=\(arguments.strings($0.name).joined(separator: ","))\n" }.joined()
    }

    /// The text of `--help`.
    package static var help: String { Arguments.help(ProxyFlags.all) }

    /// What the file, as it is now, comes to with the flags that win over it.
    package func configuration(from bytes: [UInt8]) throws(ConfigurationProblems) -> ReadConfiguration {
        var read = try ProxyConfiguration.read(bytes)
        let (problems, _) = Self.apply(arguments, to: &read.configuration) { ProxyFlags.besideFile.contains($0) }
        if !problems.isEmpty { throw ConfigurationProblems(problems: problems) }
        return read
    }
}

extension ProxyOptions.Action {
    var writes: Bool { if case .writeConfiguration = self { true } else { false } }
}

extension ProxyOptions {
    /// In kube-proxy's order, where several are asked for.
    private static func action(_ arguments: Arguments) -> Action {
        if arguments.wantsHelp { return .help }
        if arguments.bool("version") { return .version }
        if let path = arguments.string("write-config-to"), !path.isEmpty { return .writeConfiguration(path: path) }
        if arguments.bool("cleanup") { return .cleanup }
        return arguments.bool("init-only") ? .initOnly : .run
    }

    private static func configuration(
        _ arguments: Arguments, writes: Bool
    ) throws(ConfigurationProblems) -> ProxyConfiguration {
        var configuration = ProxyConfiguration()
        var (problems, wrongKeys) = apply(arguments, to: &configuration) { _ in true }
        // A port belonged to an address without one, and was never part of a file.
        if !writes {
            problems += deprecatedPort(
                "healthz-port", "healthz-bind-address", arguments, &configuration.healthzBindAddress)
            problems += deprecatedPort(
                "metrics-port", "metrics-bind-address", arguments, &configuration.metricsBindAddress)
        }
        problems += configuration.brokenRules(without: wrongKeys).map { problem in
            var problem = problem
            if let flag = ConfigurationKey.all.first(where: { $0.path == problem.key })?.flag {
                problem.key = "--" + flag
            }
            return problem
        }
        if !problems.isEmpty { throw ConfigurationProblems(problems: problems) }
        return configuration
    }

    private static func deprecatedPort(
        _ flag: String, _ addressFlag: String, _ arguments: Arguments, _ server: inout ListenAddress?
    ) -> [ConfigurationProblem] {
        guard let number = arguments.integer(flag) else { return [] }
        guard let port = UInt16(exactly: number) else {
            return [Violation("\(number)", "must be a port, or 0 for no such server").problem("--" + flag)]
        }
        if port == 0 {
            server = nil
        } else if let text = arguments.string(addressFlag), let address = IPAddress(text) {
            server = ListenAddress(address, port: port)
        }
        return []
    }

    /// Takes the flags that are set and wanted. One flag may be that of several keys.
    private static func apply(
        _ arguments: Arguments, to configuration: inout ProxyConfiguration, _ isWanted: (String) -> Bool
    ) -> (problems: [ConfigurationProblem], wrongKeys: Set<String>) {
        var problems: [ConfigurationProblem] = []
        var wrongKeys: Set<String> = []
        for key in ConfigurationKey.all {
            guard let flag = key.flag, isWanted(flag), arguments.isSet(flag) else { continue }
            let text = arguments.strings(flag).joined(separator: ",")
            do throws(Violation) {
                try key.readFlag(text, &configuration)
            } catch {
                wrongKeys.insert(key.path)
                let problem = error.problem("--" + flag)
                if !problems.contains(problem) { problems.append(problem) }
            }
        }
        return (problems, wrongKeys)
    }

    private static func ignoredFlags(_ arguments: Arguments) -> [ConfigurationNote] {
        func note(_ flag: String, _ reason: String) -> ConfigurationNote {
            ConfigurationNote(.ignored, "--" + flag, "ignored: \(reason)")
        }
        var notes = ProxyFlags.ignored.filter { arguments.isSet($0.name) }.map { note($0.name, $0.reason) }
        let hasFile = arguments.string("config")?.isEmpty == false
        if hasFile {
            var seen = ProxyFlags.besideFile
            let flags = (ConfigurationKey.all.compactMap(\.flag) + ["healthz-port", "metrics-port"]).filter { flag in
                arguments.isSet(flag) && seen.insert(flag).inserted
            }
            notes += flags.map { note($0, "the file of --config counts") }
        }
        return notes
    }

    /// The problem with both dashes, and with the flag that was probably meant where no flag has the name.
    private static func naming(_ problem: String) -> String {
        let ending = ": unknown flag"
        let dashed = problem.hasPrefix("--") ? problem : "-" + problem
        guard problem.hasSuffix(ending) else { return dashed }
        let name = String(dashed.dropFirst(2).dropLast(ending.count))
        return dashed + (nearestName(to: name, in: ProxyFlags.all.map(\.name)).map { "; --\($0) is one" } ?? "")
    }
}
