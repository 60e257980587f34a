import Daemon
import HTTP
import JSON
import KubeAPI
import Synchronization
import TestSupport
import Testing

@testable import ControlPlane

@Suite("Large bodies")
struct SideThreadTests {
    @Test("are read on another thread, each for him who sent it, while the loop goes on; small ones at once")
    func threads() throws {
        let cluster = try ClusterUnderTest(runsControllers: false)
        let thread = try SideThread(cluster.loop)
        let gate = Mutex(false)
        var answers: [String] = []
        let read: @Sendable (String) -> String = { name in
            // Only the loop opens the gate: that it comes to that shows that it does not wait.
            while name == "first", !gate.withLock({ $0 }) {}
            return name
        }
        for name in ["first", "second"] {
            thread.read(SideThread.leastBody) {
                read(name)
            } _: {
                answers.append($0)
            }
        }
        thread.read(SideThread.leastBody - 1) {
            "small"
        } _: {
            answers.append($0)
        }
        #expect(answers == ["small"])
        cluster.loop.after(.zero) { gate.withLock { $0 = true } }
        try cluster.run("both") { answers.count == 3 }
        #expect(answers == ["small", "first", "second"])
        // The thread has ended meanwhile, or is about to.
        thread.read(SideThread.leastBody) {
            read("third")
        } _: {
            answers.append($0)
        }
        try cluster.run("another one") { answers.last == "third" }
    }

    @Test(
        "of patches and applies too: they say the same as small ones, and what is wrong with them is said later",
        arguments: [
            ("application/merge-patch+json", #"{"data":{"a":"TEXT"}}"#),
            ("application/strategic-merge-patch+json", #"{"data":{"a":"TEXT"}}"#),
            ("application/json-patch+json", #"[{"op":"add","path":"/data","value":{"a":"TEXT"}}]"#),
            ("application/apply-patch+yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x}\ndata: {a: TEXT}"),
        ])
    func patches(_ type: String, _ patch: String) throws {
        let cluster = try ClusterUnderTest()
        try cluster.create(.configMaps, Sample.configMap("x"))
        let path = "/api/v1/namespaces/default/configmaps/x?fieldManager=m"
        for size in [10, SideThread.leastBody] {
            let text = String(repeating: "x", count: size)
            func send(_ body: String) throws -> ClusterUnderTest.Answer {
                try cluster.request("PATCH", path, body.replacing("TEXT", with: text), type: type)
            }
            let answer = try send(patch)
            #expect(answer.code == 200)
            #expect(answer.body.at("data", "a")?.string == text)
            let refusal = try send(patch + "}")
            #expect(refusal.code == 400)
            #expect(refusal.isAtOnce == (size < SideThread.leastBody))
        }
    }
}
