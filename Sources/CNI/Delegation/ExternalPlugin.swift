internal import Glibc
package import JSON
internal import Linux

/// A plugin of others: an executable on CNI_PATH. This is the only place that starts a program.
package struct ExternalPlugin: Sendable {
    package let name: String
    package let path: String

    /// Finds the first regular, executable file of this name (links are followed). Not found is code 7.
    package init(_ name: String, path directories: [String]) throws(CNIError) {
        guard !name.isEmpty, !name.utf8.contains(UInt8(ascii: "/")) else {
            throw CNIError(.invalidConfig, "invalid plugin name \"\(name)\"")
        }
        for directory in directories where Files.isExecutable("\(directory)/\(name)") {
            self.name = name
            self.path = "\(directory)/\(name)"
            return
        }
        let places = directories.joined(separator: ":")
        throw CNIError(
            .invalidConfig, "failed to find plugin \"\(name)\" in path [\(places)]",
            details: "install it in one of the directories of CNI_PATH, or correct the type in the network config")
    }

    /// Runs the plugin and returns its stdout. A plugin that fails throws the error object that it printed.
    package func run(_ call: Invocation, _ verb: Verb, _ config: JSONObject) throws(CNIError) -> [UInt8] {
        let input = Array(JSONValue.object(config).serialized().utf8)
        let outcome: Subprocess.Outcome
        do {
            outcome = try Subprocess.run(
                path, environment: call.environment.variables(verb: verb), input: input,
                timeoutMilliseconds: call.machine.delegateTimeoutMilliseconds)
        } catch {
            let code: CNIError.Code = error.errno == .timedOut ? .tryAgainLater : .ioFailure
            throw CNIError(code, "plugin \(name) \(verb.rawValue): \(error)")
        }
        if outcome.status == 0 { return outcome.output }
        throw failure(outcome, verb)
    }

    /// Reads the result of an ADD.
    package func result(_ output: [UInt8], version: SpecVersion) throws(CNIError) -> CNIResult {
        let value: JSONValue
        do { value = try JSONValue.parse(output) } catch {
            throw CNIError(.decodingFailure, "the result of plugin \(name) cannot be read: \(error)")
        }
        do { return try CNIResult(json: value, version: version) } catch {
            throw error.prefixed("the result of plugin \(name) cannot be used")
        }
    }

    private func failure(_ outcome: Subprocess.Outcome, _ verb: Verb) -> CNIError {
        if let object = try? JSONValue.parse(outcome.output), let code = object["code"]?.int {
            return CNIError(
                CNIError.Code(code), object["msg"]?.string ?? "", details: object["details"]?.string ?? "")
        }
        let said = String(decoding: outcome.output + outcome.errors, as: UTF8.self)
        return CNIError(
            .internalFailure, "plugin \(name) \(verb.rawValue) failed with \(outcome.ending)", details: said)
    }
}

extension Environment {
    /// The process's own environment with the CNI_* variables of this call.
    func variables(verb: Verb) -> [String] {
        var result = Linux.Environment.lines.filter { !$0.hasPrefix("CNI_") }
        result += [
            "CNI_COMMAND=\(verb.rawValue)", "CNI_CONTAINERID=\(containerID)", "CNI_NETNS=\(namespacePath)",
            "CNI_IFNAME=\(interfaceName)", "CNI_PATH=\(pluginPath.joined(separator: ":"))",
            "CNI_ARGS=\(arguments.map { "\($0.key)=\($0.value)" }.joined(separator: ";"))",
        ]
        if allowsOwnNamespace { result.append("CNI_NETNS_OVERRIDE=1") }
        return result
    }
}
