internal import JSON
internal import Linux

/// Does one call from the environment and stdin to stdout and the exit status, as skel of the reference
/// implementation does. Pure but for the plugin that it calls: everything from outside comes in as a parameter.
package struct Runner {
    /// What the process prints and how it ends.
    package struct Outcome: Hashable, Sendable {
        package var status: Int32
        package var output: String
        package var errors: String

        package init(status: Int32, output: String = "", errors: String = "") {
            self.status = status
            self.output = output
            self.errors = errors
        }
    }

    private let registry: PluginRegistry
    private let machine: Machine

    package init(registry: PluginRegistry, machine: Machine) {
        self.registry = registry
        self.machine = machine
    }

    /// - Parameters:
    ///   - program: argv[0]; its last part names the plugin when it is one of ours, else `type` on stdin does.
    ///   - variable: reads the environment.
    ///   - input: reads stdin; it is not called for VERSION.
    ///   - rollback: what an ADD records its steps in.
    /// - Returns: what to print and the exit status.
    package func run(
        program: String, variable: (String) -> String?, input: () throws -> [UInt8], rollback: Rollback = Rollback()
    ) -> Outcome {
        if (variable("CNI_COMMAND") ?? "").isEmpty { return Outcome(status: 0, errors: about) }
        var version = SpecVersion.latest
        do {
            let environment = try Environment(reading: variable)
            if environment.verb == .version { return Outcome(status: 0, output: Self.print(Self.versions)) }
            let config = try NetworkConfig(parsing: try Self.read(input))
            version = config.version
            let call = Invocation(
                environment: environment, config: config, registry: registry, machine: machine, rollback: rollback)
            let output = try perform(call, plugin: try plugin(program: program, type: config.type))
            return Outcome(status: 0, output: output)
        } catch {
            let failures = rollback.unwind().map { "\($0)\n" }.joined()
            return Outcome(status: 1, output: Self.print(CNIError(error).json(version: version)), errors: failures)
        }
    }

    private func plugin(program: String, type: String) throws(CNIError) -> any Plugin {
        let base = program.split(separator: "/").last.map(String.init) ?? ""
        if let plugin = registry[base] ?? registry[type] { return plugin }
        throw CNIError(
            .invalidConfig, "there is no plugin of type \"\(type)\" here",
            details: "the plugins are \(registry.names.joined(separator: ", "))")
    }

    private func perform(_ call: Invocation, plugin: any Plugin) throws -> String {
        if call.config.version < call.verb.since {
            throw CNIError(.incompatibleVersion, "config version does not allow \(call.verb.rawValue)")
        }
        switch call.verb {
        case .add:
            try refuseOwnNamespace(call)
            let result = try plugin.add(call)
            return Self.print(try result.json(version: call.config.version))
        case .del:
            try refuseOwnNamespace(call)
            try plugin.del(call)
        case .check:
            try refuseOwnNamespace(call)
            try plugin.check(call)
        case .gc: try plugin.gc(call, valid: try call.config.validAttachments)
        case .status:
            do { try plugin.status(call) } catch { throw CNIError(error).asUnavailability }
        case .version: break
        }
        return ""
    }

    /// The container must not share the plugin's namespace: an ADD would rename and renumber the node. The reference
    /// implementation looks only after the work is done; here nothing has happened yet. Paths that cannot be opened
    /// are the plugin's matter: IPAM needs no namespace.
    private func refuseOwnNamespace(_ call: Invocation) throws {
        if call.environment.allowsOwnNamespace || call.environment.namespacePath.isEmpty { return }
        guard let container = call.namespaceIfPresent() else { return }
        if try container.namespace.identity == NetworkNamespace.current().identity {
            throw CNIError(
                .invalidNamespace, "plugin's netns and netns from CNI_NETNS should not be the same",
                details: container.path)
        }
    }

    private static func read(_ input: () throws -> [UInt8]) throws(CNIError) -> [UInt8] {
        do { return try input() } catch {
            throw CNIError(.ioFailure, "error reading from stdin: \(error)")
        }
    }

    private static func print(_ value: JSONValue) -> String { value.serialized(pretty: true) + "\n" }

    /// skel answers with the plugin's own version, whatever the caller's is.
    private static var versions: JSONValue {
        [
            "cniVersion": .string(SpecVersion.latest.rawValue),
            "supportedVersions": .array(SpecVersion.allCases.map { .string($0.rawValue) }),
        ]
    }

    private var about: String {
        let versions = SpecVersion.allCases.map(\.rawValue).joined(separator: ", ")
        return """
            Poplin CNI plugin: \(registry.names.joined(separator: ", "))
            CNI protocol versions supported: \(versions)

            """
    }
}
