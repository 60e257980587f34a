import CNI
import JSON
import Linux
import TestSupport

/// A node for plugins that run in the test's process, with every directory its own, and calls on it through the same
/// door that a runtime uses: environment, stdin, stdout, exit status.
struct TestNode: ~Copyable {
    let directory: TemporaryDirectory

    init() throws {
        // As `CommandLineRun` does: a plugin of others may end before it has read its input.
        SignalDescriptor.ignoreBrokenPipes()
        directory = try TemporaryDirectory()
    }

    var dataDirectory: String { directory.file("lib/networks") }

    func machine(lockTimeoutMilliseconds: Int = 10_000) -> Machine {
        Machine(
            libraryDirectory: directory.file("lib"), runDirectory: directory.file("run"),
            lockTimeoutMilliseconds: lockTimeoutMilliseconds)
    }

    /// Calls a plugin with a configuration as text, so that broken ones can be given too.
    func call(
        _ verb: String, _ config: String, id: String = "pod1", interface: String = "eth0", namespace: String = "/none",
        arguments: String = "", pluginPath: String = "/nowhere", program: String = "poplin-cni",
        lockTimeoutMilliseconds: Int = 10_000, rollback: Rollback = Rollback(), registry: PluginRegistry = .all
    ) -> Answer {
        let environment = [
            "CNI_COMMAND": verb, "CNI_CONTAINERID": id, "CNI_NETNS": namespace, "CNI_IFNAME": interface,
            "CNI_ARGS": arguments, "CNI_PATH": pluginPath,
        ]
        return call(
            environment: environment, input: Array(config.utf8), program: program, rollback: rollback,
            lockTimeoutMilliseconds: lockTimeoutMilliseconds, registry: registry)
    }

    func call(
        environment: [String: String], input: [UInt8], program: String = "poplin-cni", rollback: Rollback = Rollback(),
        lockTimeoutMilliseconds: Int = 10_000, registry: PluginRegistry = .all
    ) -> Answer {
        let runner = Runner(
            registry: registry, machine: machine(lockTimeoutMilliseconds: lockTimeoutMilliseconds))
        let outcome = runner.run(
            program: program, variable: { environment[$0] }, input: { input }, rollback: rollback)
        return Answer(outcome)
    }
}

/// What a plugin answered.
struct Answer {
    var status: Int32
    var text: String
    var errors: String

    init(_ outcome: Runner.Outcome) {
        status = outcome.status
        text = outcome.output
        errors = outcome.errors
    }

    var json: JSONValue { (try? JSONValue.parse(text)) ?? .null }
    var succeeded: Bool { status == 0 }
    var code: Int? { json["code"]?.int }
    var message: String { json["msg"]?.string ?? "" }

    /// The addresses of a result of 0.3.0 or later, as text.
    var addresses: [String] { (json["ips"]?.array ?? []).compactMap { $0["address"]?.string } }
}
