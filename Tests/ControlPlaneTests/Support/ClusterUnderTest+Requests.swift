import HTTP
import Identity
import JSON
import KubeAPI
import Testing

@testable import ControlPlane

extension ClusterUnderTest {
    struct Answer {
        var code: Int
        var body: JSONValue
        /// Before the loop had turned.
        var isAtOnce: Bool

        var message: String { body.text("message") }
    }

    /// Takes an answer as it is.
    final class Sink: AnswerSink {
        var code: Int?
        var bytes: [UInt8] = []
        var hasEnded = false
        let isOver = false
        let bufferedBytes = 0
        var onClose: (() -> Void)?

        func respond(_ status: Int, headers: HTTPHeaders, pieces: [[UInt8]]) {
            code = status
            bytes = pieces.flatMap { $0 }
            hasEnded = true
        }

        func begin(_ status: Int, headers: HTTPHeaders, length: Int?) { code = status }
        func send(_ more: [UInt8]) { bytes += more }
        func send(pieces: [[UInt8]]) { bytes += pieces.flatMap { $0 } }
        func end() { hasEnded = true }
        func abort() { Issue.record("the answer was aborted") }
    }

    /// Asks as a client would, with a path and a body, but without a network.
    func request(_ method: String, _ target: String, _ body: String = "", type: String = "application/json") throws
        -> Answer
    {
        let sink = begin(method, target, body, type: type)
        let isAtOnce = sink.hasEnded
        try run("an answer to \(method) \(target)") { sink.hasEnded }
        return Answer(
            code: sink.code ?? 0, body: (try? JSONValue.parse(sink.bytes)) ?? .null, isAtOnce: isAtOnce)
    }

    /// Asks, and leaves the answer to come while the loop turns.
    func begin(_ method: String, _ target: String, _ body: String = "", type: String = "application/json") -> Sink {
        let parts = target.split(separator: "?", maxSplits: 1).map(String.init)
        let query = Query(parts.count > 1 ? parts[1] : "")
        let sink = Sink()
        let call = APICall(
            info: RequestInfo(method: method, path: parts[0], query: query), method: method, query: query,
            headers: ["content-type": type], body: Array(body.utf8), sink: sink, user: .apiServer, sourceAddress: "",
            auditID: "")
        server.route(call)
        return sink
    }
}
