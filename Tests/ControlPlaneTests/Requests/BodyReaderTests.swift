import Daemon
import HTTP
import JSON
import KubeAPI
import Synchronization
import TestSupport
import Testing

@testable import ControlPlane

@Suite("Large bodies")
struct BodyReaderTests {
    private static let object = BodyDecoder.Decoded(object: ["kind": "ConfigMap"], warnings: ["a"])

    @Test("are read on another thread, each for him who sent it, while the loop goes on; small ones at once")
    func threads() throws {
        let cluster = try ClusterUnderTest(runsControllers: false)
        let reader = try BodyReader(cluster.loop)
        let gate = Mutex(false)
        var answers: [String] = []
        let read: @Sendable (String) -> BodyReader.Answer = { name in
            // Only the loop opens the gate: that it comes to that shows that it does not wait.
            while name == "first", !gate.withLock({ $0 }) {}
            return .success(BodyDecoder.Decoded(object: .string(name)))
        }
        for name in ["first", "second"] {
            reader.read(BodyReader.least) {
                read(name)
            } _: {
                if case .success(let decoded) = $0 { answers.append(decoded.object.string ?? "") }
            }
        }
        reader.read(BodyReader.least - 1) {
            .failure(.badRequest("small"))
        } _: { _ in
            answers.append("small")
        }
        #expect(answers == ["small"])
        cluster.loop.after(.zero) { gate.withLock { $0 = true } }
        try cluster.run("both") { answers.count == 3 }
        #expect(answers == ["small", "first", "second"])
        // The thread has ended meanwhile, or is about to.
        reader.read(BodyReader.least) {
            read("third")
        } _: { _ in
            answers.append("third")
        }
        try cluster.run("another one") { answers.last == "third" }
    }
}
