package import HTTP
package import Identity
internal import JSON
package import KubeAPI
package import Linux

/// A request on its way through the server, and the ways to answer it.
package final class APICall {
    package let info: RequestInfo
    package let method: String
    package let query: Query
    package let headers: HTTPHeaders
    package internal(set) var body: [UInt8]
    package let sink: any AnswerSink
    /// Who asks; after impersonation, whom they ask as.
    package internal(set) var user: User
    /// Who really asks, when that is another one.
    package internal(set) var impersonator: User?
    package let sourceAddress: String
    package let auditID: String
    /// The path as it came, with its escapes.
    var rawPath = ""
    package internal(set) var began = MonotonicTime.now
    /// On whose account the request goes: a user's name, or a stranger's address.
    package internal(set) var client = ""
    /// Of the answer, what is held for this client alone.
    private(set) var ownAnswerBytes = 0
    package internal(set) var form = AnswerForm.json
    /// What authorisation said.
    var decision: Decision?
    /// Of a request that failed.
    private(set) var failure: APIStatus?
    package var warnings: [String] = []
    /// The status of the answer; nil before there is one.
    package private(set) var status: Int?
    private var observers: [(APICall, Int) -> Void] = []

    package init(
        info: RequestInfo, method: String, query: Query, headers: HTTPHeaders, body: [UInt8], sink: any AnswerSink,
        user: User, sourceAddress: String, auditID: String
    ) {
        self.info = info
        self.method = method
        self.query = query
        self.headers = headers
        self.body = body
        self.sink = sink
        self.user = user
        self.sourceAddress = sourceAddress
        self.auditID = auditID
    }

    /// The body runs once, with the status, when the answer has been given; of a watch, when it has begun.
    func onAnswer(_ body: @escaping (APICall, Int) -> Void) { observers.append(body) }

    package var accept: String { headers.values("accept").joined(separator: ",") }
    package var userAgent: String { headers["user-agent"] ?? "" }
    package var isDryRun: Bool { query.all("dryRun").contains("All") }

    // MARK: Answers

    package func answer(_ code: Int, contentType: String, _ bytes: [UInt8], headers extra: HTTPHeaders = [:]) {
        guard status == nil else { return }
        ownAnswerBytes = bytes.count
        sink.respond(code, headers: headers(contentType, extra), pieces: [bytes])
        tell(code)
    }

    /// An answer of pieces, of which only so many bytes are not held anyhow.
    func answer(contentType: String, pieces: [[UInt8]], ownBytes: Int) {
        guard status == nil else { return }
        ownAnswerBytes = ownBytes
        sink.respond(200, headers: headers(contentType, [:]), pieces: pieces)
        tell(200)
    }

    /// Begins an answer that comes in pieces, of which so many bytes are held from the beginning.
    func begin(contentType: String, length: Int? = nil, ownBytes: Int = 0) {
        guard status == nil else { return }
        ownAnswerBytes = ownBytes
        sink.begin(200, headers: headers(contentType, [:]), length: length)
        tell(200)
    }

    /// Begins an answer that is somebody else's.
    func pass(_ code: Int, headers passed: HTTPHeaders, length: Int?) {
        guard status == nil else { return }
        var headers = passed
        headers.set("audit-id", auditID)
        sink.begin(code, headers: headers, length: length)
        tell(code)
    }

    /// `continuation` is for a list that cannot go on as it was: the token to go on with.
    package func fail(_ status: APIStatus, continuation: String = "") {
        if !status.isSuccess { failure = status }
        var extra: HTTPHeaders = [:]
        if let seconds = status.retryAfterSeconds { extra.add("retry-after", "\(seconds)") }
        let encoding = AnswerForm.negotiate(accept: accept, for: .plain)?.encoding ?? .json
        var object = status.json
        if !continuation.isEmpty { object.set(.string(continuation), at: "metadata", "continue") }
        let (bytes, type) = Renderer.document(object, as: encoding)
        answer(status.code, contentType: type, bytes, headers: extra)
    }

    package func text(_ text: String, code: Int = 200) {
        answer(
            code, contentType: "text/plain; charset=utf-8", Array(text.utf8),
            headers: ["x-content-type-options": "nosniff"])
    }

    private func headers(_ contentType: String, _ extra: HTTPHeaders) -> HTTPHeaders {
        var headers: HTTPHeaders = ["audit-id": auditID, "cache-control": "no-cache, private"]
        headers.add("content-type", contentType)
        for warning in WarningTexts.bounded(warnings) {
            headers.add("warning", "299 - \(FieldCause.quoted(warning))")
        }
        for field in extra.fields { headers.set(field.name, field.value) }
        return headers
    }

    /// The answer has been given by other means than these.
    func tell(_ code: Int) {
        status = code
        let observers = observers
        self.observers = []
        for observer in observers { observer(self, code) }
    }
}
