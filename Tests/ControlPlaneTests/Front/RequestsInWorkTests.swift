import HTTP
import Identity
import KubeAPI
import Linux
import TestSupport
import Testing

@testable import ControlPlane

@Suite("Requests in work")
struct RequestsInWorkTests {
    private final class Sink: AnswerSink {
        var bufferedBytes = 0
        var isOver = false
        var onClose: (() -> Void)?
        var status: Int?
        var isAborted = false

        func respond(_ status: Int, headers: HTTPHeaders, pieces: [[UInt8]]) {
            self.status = self.status ?? status
            bufferedBytes += pieces.reduce(0) { $0 + $1.count }
        }

        func begin(_ status: Int, headers: HTTPHeaders, length: Int?) { self.status = status }
        func send(_ bytes: [UInt8]) {}
        func send(pieces: [[UInt8]]) {}
        func end() {}
        func abort() { isAborted = true }

        func close() {
            isOver = true
            onClose?()
        }
    }

    private func call(_ user: String, _ method: String = "GET", groups: [String] = []) -> (APICall, Sink) {
        let sink = Sink()
        let info = RequestInfo(method: method, path: "/api/v1/pods", query: Query(""))
        let call = APICall(
            info: info, method: method, query: Query(""), headers: [:], body: [], sink: sink,
            user: User(name: user, groups: groups), sourceAddress: "", auditID: "")
        call.client = user
        return (call, sink)
    }

    private func enters(_ work: RequestsInWork, _ call: APICall) -> Bool {
        do throws(APIStatus) {
            try work.enter(call)
            return true
        } catch {
            #expect(error.code == 429 && error.reason == "TooManyRequests" && error.retryAfterSeconds == 1)
            return false
        }
    }

    @Test("one client gets half of the places, the others go on, and masters get in always")
    func fairness() {
        var limits = RequestsInWork.Limits()
        limits.writes = 20
        let work = RequestsInWork(limits)
        var held: [(APICall, Sink)] = []
        for _ in 0..<30 {
            let next = call("mallory", "POST")
            if enters(work, next.0) { held.append(next) }
        }
        #expect(held.count == 10)
        #expect(enters(work, call("alice", "POST").0))
        #expect(enters(work, call("mallory").0), "reads have places of their own")
        let master = call("mallory", "POST", groups: ["system:masters"])
        #expect(enters(work, master.0))
        // An answer gives the place back, and so does a client that has gone.
        held[0].0.answer(200, contentType: "text/plain", [])
        held[1].1.close()
        #expect(enters(work, call("mallory", "POST").0) && enters(work, call("mallory", "POST").0))
        #expect(!enters(work, call("mallory", "POST").0))
    }

    @Test("who leaves answers lying is refused until he has taken some; others are not")
    func answers() {
        var limits = RequestsInWork.Limits()
        limits.answerBytes = 1000
        let work = RequestsInWork(limits)
        let first = call("mallory")
        #expect(enters(work, first.0))
        first.0.answer(200, contentType: "text/plain", [UInt8](repeating: 0, count: 600))
        #expect(!enters(work, call("mallory").0) && enters(work, call("alice").0))
        let shared = call("bob")
        #expect(enters(work, shared.0))
        shared.0.answer(contentType: "text/plain", pieces: [[UInt8](repeating: 0, count: 5000)], ownBytes: 10)
        #expect(enters(work, call("bob").0), "what is there anyhow is on nobody's account")
        first.1.close()
        #expect(enters(work, call("mallory").0))
    }

    @Test("a request that takes too long is answered so, and an answer that is not taken is cut")
    func time() {
        var limits = RequestsInWork.Limits()
        limits.time = .seconds(60)
        let work = RequestsInWork(limits)
        let (late, unread) = (call("a"), call("b"))
        #expect(enters(work, late.0) && enters(work, unread.0))
        unread.0.answer(200, contentType: "text/plain", [1])
        work.expire(.now + .seconds(59))
        #expect(late.1.status == nil && !unread.1.isAborted)
        work.expire(.now + .seconds(61))
        #expect(late.1.status == 504 && unread.1.isAborted && unread.1.status == 200)
        late.1.close()
        unread.1.close()
        #expect(work.count == 0)
    }
}
