import Glibc
import Lab
import Synchronization
import Testing

/// A lab of a test's own, taken down on all paths; what a killed test run left is taken down by the next.
func withLab(
    _ configuration: LabConfiguration = LabConfiguration(), pods: [(name: String, node: String)] = fourPods,
    _ body: (Lab) throws -> Void
) throws {
    var own = configuration
    own.name = TestLabName.next()
    defer {
        do { try Lab.down(own.name) } catch { Issue.record(error, "the lab \(own.name) was not taken down") }
    }
    let lab = try Lab.up(own, programs: Programs())
    for pod in pods { try lab.addPod(pod.name, on: pod.node) }
    try body(lab)
}

/// What is not as it should be is in the message.
func expectFlat(_ lab: Lab, _ place: SourceLocation = #_sourceLocation) throws {
    let problems = try lab.prove(stopsAtFirst: false).problems
    #expect(problems == [], sourceLocation: place)
}

/// Two pods on the first node, and one on each of two more.
let fourPods = [(name: "web", node: "node1"), ("db", "node1"), ("api", "node2"), ("job", "node3")]

/// Names of labs that say whose they are: `t`, the process id, and letters that count.
enum TestLabName {
    private static let state = Mutex(0)

    static func next() -> String {
        let number = state.withLock { count in
            if count == 0 { sweep() }
            count += 1
            return count
        }
        let letters = [number / 26, number % 26].map { String(UnicodeScalar(UInt8(ascii: "a") + UInt8($0 % 26))) }
        return "t\(getpid())\(letters.joined())"
    }

    private static func sweep() {
        for name in Lab.names where name.hasPrefix("t") {
            let digits = name.dropFirst().prefix { $0.isNumber }
            if let pid = pid_t(digits), kill(pid, 0) != 0, errno == ESRCH { try? Lab.down(name) }
        }
    }
}
