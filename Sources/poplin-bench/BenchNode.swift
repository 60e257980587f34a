internal import Glibc
internal import JSON
internal import Lab
internal import Linux
internal import Synchronization

/// A node for one run: a network namespace, and a runtime that calls the plugins in it.
final class BenchNode: Sendable {
    let namespace: LabNamespace
    let runtime: ConflistRuntime
    private let stopwatch: Stopwatch

    /// The plugins come from the directory.
    init(list: JSONValue, plugins: String) throws {
        namespace = try LabNamespace("bench")
        let stopwatch = Stopwatch()
        self.stopwatch = stopwatch
        var runtime = ConflistRuntime(
            list: list, pluginDirectories: [plugins], cacheDirectory: "/run/poplin-bench/\(namespace.name)",
            place: Place(network: namespace.path))
        runtime.observer = { _, duration in stopwatch.time.withLock { $0 += duration } }
        self.runtime = runtime
        // A run starts with no reservation of the one before it.
        try? Files.removeTree("/var/lib/cni")
        try Files.makeDirectories("/run/flannel")
        let subnet =
            "FLANNEL_NETWORK=\(CNIScenario.subnet)\nFLANNEL_SUBNET=10.87.0.1/16\nFLANNEL_MTU=1450\nFLANNEL_IPMASQ=false\n"
        try Files.replace("/run/flannel/subnet.env", subnet.utf8)
    }

    func add(_ pod: BenchPod) throws -> JSONValue {
        let ports: JSONValue = [
            ["hostPort": .number(JSONNumber(20_000 + pod.number)), "containerPort": 80, "protocol": "tcp"]
        ]
        return try runtime.add(pod.attachment, capabilities: JSONObject([("portMappings", ports)]))
    }

    func delete(_ pod: BenchPod) throws { try runtime.delete(pod.attachment) }

    /// How long the plugins' processes took that the body ran, all together; the runtime's own work is not in it.
    func pluginTime(_ body: () throws -> Void) rethrows -> Duration {
        stopwatch.time.withLock { $0 = .zero }
        try body()
        return stopwatch.time.withLock { $0 }
    }

    private final class Stopwatch: Sendable {
        let time = Mutex<Duration>(.zero)
    }
}

/// A pod to be: a network namespace with nothing in it but its loopback.
final class BenchPod: Sendable {
    let number: Int
    let namespace: LabNamespace

    init(_ number: Int) throws {
        self.number = number
        namespace = try LabNamespace("benchpod")
    }

    var attachment: ConflistRuntime.Attachment {
        .init(containerID: "pod\(number)", namespace: namespace.path)
    }
}
