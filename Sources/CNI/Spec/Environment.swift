/// The CNI_* variables of one call, checked.
package struct Environment: Hashable, Sendable {
    package var verb: Verb
    /// Empty for GC and STATUS.
    package var containerID: String
    /// The path of the container's network namespace; empty when there is none (DEL after a reboot).
    package var namespacePath: String
    package var interfaceName: String
    /// CNI_ARGS in its order.
    package var arguments: [(key: String, value: String)] {
        get { storedArguments.map { ($0.key, $0.value) } }
        set { storedArguments = newValue.map { Argument(key: $0.key, value: $0.value) } }
    }
    /// CNI_PATH: where other plugins are.
    package var pluginPath: [String]
    /// CNI_NETNS_OVERRIDE: the container may be in the plugin's own namespace.
    package var allowsOwnNamespace: Bool

    private struct Argument: Hashable, Sendable {
        var key: String
        var value: String
    }
    private var storedArguments: [Argument] = []

    package init(
        verb: Verb, containerID: String = "", namespacePath: String = "", interfaceName: String = "",
        arguments: [(key: String, value: String)] = [], pluginPath: [String] = [], allowsOwnNamespace: Bool = false
    ) {
        self.verb = verb
        self.containerID = containerID
        self.namespacePath = namespacePath
        self.interfaceName = interfaceName
        self.pluginPath = pluginPath
        self.allowsOwnNamespace = allowsOwnNamespace
        self.arguments = arguments
    }

    /// The value of one key in CNI_ARGS. Keys match exactly. Unknown keys are no error: they belong to another stage.
    package func argument(_ key: String) -> String? {
        storedArguments.last { $0.key == key }?.value
    }
}

extension Environment {
    /// Reads and checks the variables, as the reference implementation's skel does: code 4 with all that is missing.
    package init(reading variable: (String) -> String?) throws(CNIError) {
        func value(_ name: String) -> String { variable(name) ?? "" }
        let command = value("CNI_COMMAND")
        if command.isEmpty { throw .missingVariables(["CNI_COMMAND"]) }
        guard let verb = Verb(rawValue: command) else {
            throw CNIError(.invalidEnvironment, "unknown CNI_COMMAND: \(command)")
        }
        let missing = verb.requiredVariables.filter { value($0).isEmpty }
        if !missing.isEmpty { throw .missingVariables(missing) }

        let override = value("CNI_NETNS_OVERRIDE")
        self.init(
            verb: verb, containerID: value("CNI_CONTAINERID"), namespacePath: value("CNI_NETNS"),
            interfaceName: value("CNI_IFNAME"), arguments: try Self.parseArguments(value("CNI_ARGS")),
            pluginPath: value("CNI_PATH").split(separator: ":").map(String.init),
            allowsOwnNamespace: override == "1" || override.lowercased() == "true")
        if verb.isAboutAttachment {
            try Names.checkContainerID(containerID)
            try Names.checkInterfaceName(interfaceName)
        }
    }

    /// `K=V;K=V`. A part without `=` is code 4, as in the reference implementation.
    static func parseArguments(_ text: String) throws(CNIError) -> [(key: String, value: String)] {
        var result: [(key: String, value: String)] = []
        for part in text.split(separator: ";") {
            guard let equals = part.firstIndex(of: "=") else {
                throw CNIError(.invalidEnvironment, "CNI_ARGS: invalid pair \"\(part)\"", details: "expected KEY=VALUE")
            }
            result.append((String(part[..<equals]), String(part[part.index(after: equals)...])))
        }
        return result
    }
}

extension CNIError {
    static func missingVariables(_ names: [String]) -> CNIError {
        CNIError(.invalidEnvironment, "required env variables [\(names.joined(separator: ","))] missing")
    }
}
