internal import JSON

/// A pod's row: what state it is in is told by its phase, its containers' states and its deletion together.
struct PodCells {
    private let pod: JSONValue
    private let now: Timestamp
    private var ready = 0
    private var total: Int
    private var restarts = 0
    private var lastRestart: Timestamp?
    private var reason: String
    private let sidecars: Set<String>

    static let table = ResourceTable(
        TableColumn.parse("Name|Ready|Status|Restarts|Age|IP+|Node+|Nominated Node+|Readiness Gates+"),
        conditions: conditions
    ) { PodCells($0, $1).cells }

    private init(_ pod: JSONValue, _ now: Timestamp) {
        self.pod = pod
        self.now = now
        let initContainers = pod.list("spec", "initContainers")
        sidecars = Set(initContainers.filter { $0.text("restartPolicy") == "Always" }.map { $0.text("name") })
        total = pod.list("spec", "containers").count + sidecars.count
        reason = pod.text("status", "reason", or: pod.text("status", "phase"))
        let scheduled = pod.list("status", "conditions").last {
            $0.text("type") == "PodScheduled" && $0.text("reason") == "SchedulingGated"
        }
        if scheduled != nil { reason = "SchedulingGated" }
        let isInitializing = countInitContainers(of: initContainers.count)
        if !isInitializing || pod.condition("Initialized") == "True" { countContainers() }
        if pod.has("metadata", "deletionTimestamp") {
            let phase = pod.text("status", "phase")
            if pod.text("status", "reason") == "NodeLost" {
                reason = "Unknown"
            } else if phase != "Succeeded" && phase != "Failed" {
                reason = "Terminating"
            }
        }
    }

    /// Whether an init container has not finished; it then gives the reason.
    private mutating func countInitContainers(of total: Int) -> Bool {
        var sidecarRestarts = 0
        var lastSidecarRestart: Timestamp?
        var isInitializing = false
        for (index, status) in pod.list("status", "initContainerStatuses").enumerated() {
            let isSidecar = sidecars.contains(status.text("name"))
            restarts += status.count("restartCount")
            lastRestart = latest(lastRestart, status)
            if isSidecar {
                sidecarRestarts += status.count("restartCount")
                lastSidecarRestart = latest(lastSidecarRestart, status)
            }
            let terminated = status.member(at: "state", "terminated")
            if let terminated, terminated.count("exitCode") == 0 { continue }
            if isSidecar, status.isTrue("started") {
                if status.isTrue("ready") { ready += 1 }
                continue
            }
            let waiting = status.text("state", "waiting", "reason")
            if let terminated {
                reason = "Init:" + Self.reason(terminated)
            } else if !waiting.isEmpty, waiting != "PodInitializing" {
                reason = "Init:" + waiting
            } else {
                reason = "Init:\(index)/\(total)"
            }
            isInitializing = true
            break
        }
        if !isInitializing || pod.condition("Initialized") == "True" {
            (restarts, lastRestart) = (sidecarRestarts, lastSidecarRestart)
        }
        return isInitializing
    }

    private mutating func countContainers() {
        var isRunning = false
        for status in pod.list("status", "containerStatuses").reversed() {
            restarts += status.count("restartCount")
            lastRestart = latest(lastRestart, status)
            let waiting = status.text("state", "waiting", "reason")
            if !waiting.isEmpty {
                reason = waiting
            } else if let terminated = status.member(at: "state", "terminated"), !terminated.isNull {
                reason = Self.reason(terminated)
            } else if status.isTrue("ready"), status.has("state", "running") {
                isRunning = true
                ready += 1
            }
        }
        // One container is done while another runs.
        if reason == "Completed", isRunning { reason = pod.condition("Ready") == "True" ? "Running" : "NotReady" }
    }

    private func latest(_ known: Timestamp?, _ status: JSONValue) -> Timestamp? {
        guard let time = Timestamp(status.text("lastState", "terminated", "finishedAt")) else { return known }
        return known.map { max($0, time) } ?? time
    }

    private static func reason(_ terminated: JSONValue) -> String {
        let reason = terminated.text("reason")
        if !reason.isEmpty { return reason }
        let signal = terminated.count("signal")
        return signal != 0 ? "Signal:\(signal)" : "ExitCode:\(terminated.count("exitCode"))"
    }

    private var cells: [JSONValue] {
        var restarts = "\(restarts)"
        if self.restarts != 0, let lastRestart { restarts += " (\(lastRestart.age(now)) ago)" }
        let address = pod.list("status", "podIPs").first?.text("ip") ?? ""
        return [
            pod.name, .string("\(ready)/\(total)"), .string(reason), .string(restarts), pod.age(now),
            .string(address.isEmpty ? "<none>" : address), .string(pod.text("spec", "nodeName", or: "<none>")),
            .string(pod.text("status", "nominatedNodeName", or: "<none>")), .string(readinessGates),
        ]
    }

    private var readinessGates: String {
        let gates = pod.list("spec", "readinessGates")
        if gates.isEmpty { return "<none>" }
        let open = gates.filter { pod.condition($0.text("conditionType")) == "True" }
        return "\(open.count)/\(gates.count)"
    }

    /// What lets kubectl dim the rows of pods that are done.
    private static func conditions(_ pod: JSONValue) -> JSONValue? {
        let (reason, message): (String, String)
        switch pod.text("status", "phase") {
        case "Succeeded": (reason, message) = ("Succeeded", "The pod has completed successfully.")
        case "Failed": (reason, message) = ("Failed", "The pod failed.")
        default: return nil
        }
        return [["type": "Completed", "status": "True", "reason": .string(reason), "message": .string(message)]]
    }
}
