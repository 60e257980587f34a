package import HTTP
internal import JSON

/// A request to the API server that failed: what was asked, and why not.
package struct APIFailure: Error, Hashable, Sendable, CustomStringConvertible {
    package enum Kind: Hashable, Sendable {
        /// The server has said no, in a Status.
        case refused
        /// No whole answer has come.
        case transport(HTTPClientError.Kind)
        /// There is an answer, but it is none that this client understands.
        case malformed
        /// We have nothing to show the server: a token file is missing, an exec plugin has failed.
        case credentials
    }

    package var kind: Kind
    /// Such as `GET /api/v1/nodes/a`.
    package var operation: String
    /// HTTP's status, which a Status repeats as its code; 0 without an answer.
    package var code = 0
    /// The Status's reason, one word: `NotFound`, `Expired`; empty when there is none.
    package var reason = ""
    package var message: String
    /// The reasons of the Status's causes: `ResourceVersionTooLarge`.
    package var causes: [String] = []
    /// How long the server wants to be left alone.
    package var retryAfter: Duration?
    /// A change that failed this way may have been made.
    package var mayHaveBeenDone = false

    package init(_ kind: Kind, operation: String, message: String) {
        self.kind = kind
        self.operation = operation
        self.message = message
    }

    package var description: String {
        "\(operation): \(message)" + (mayHaveBeenDone ? " (it may have been done)" : "")
    }

    package var isUnauthorized: Bool { kind == .refused && code == 401 }
    package var isForbidden: Bool { kind == .refused && code == 403 }
    package var isNotFound: Bool { kind == .refused && code == 404 }
    package var isConflict: Bool { kind == .refused && code == 409 }
    /// The revision or the page asked for is no longer kept.
    package var isExpired: Bool { kind == .refused && (code == 410 || reason == "Expired" || reason == "Gone") }
    /// The revision asked for is of a future that the server has not seen, or of another life of its store.
    package var isOfTheFuture: Bool {
        kind == .refused
            && (causes.contains("ResourceVersionTooLarge") || message.hasPrefix("Too large resource version"))
    }
    package var isCancelled: Bool { kind == .transport(.cancelled) }
}

extension APIFailure {
    /// From an answer that is no success. The body is a Status where an API server wrote it; a proxy's is not.
    init(operation: String, head: HTTPAnswerHead, body: [UInt8], mayHaveBeenDone: Bool = false) {
        self.init(.refused, operation: operation, message: "")
        code = head.status
        if let status = try? JSONValue.parse(body.prefix(1 << 20)), status["kind"]?.string == "Status" {
            read(status)
        }
        code = head.status
        if message.isEmpty {
            let text = String(decoding: body.prefix(200), as: UTF8.self)
            let isText = head.header("content-type")?.hasPrefix("text/plain") ?? true
            message = "HTTP status \(head.status)" + (isText && !text.isEmpty ? ": \(text)" : "")
        }
        if let seconds = head.header("retry-after").flatMap({ Int($0) }), seconds >= 0 {
            retryAfter = .seconds(min(seconds, 3600))
        }
        self.mayHaveBeenDone = mayHaveBeenDone && code >= 500 && code != 503
    }

    /// From the Status in a watch's ERROR event.
    init(operation: String, status: JSONValue) {
        self.init(.refused, operation: operation, message: "")
        read(status)
        if message.isEmpty { message = "the server ended the watch with an error that says nothing" }
    }

    private mutating func read(_ status: JSONValue) {
        code = status["code"]?.int ?? 0
        reason = status["reason"]?.string ?? ""
        message = status["message"]?.string ?? ""
        let details = status["details"]
        causes = details?["causes"]?.array?.compactMap { $0["reason"]?.string } ?? []
        if let seconds = details?["retryAfterSeconds"]?.int, seconds > 0 { retryAfter = .seconds(min(seconds, 3600)) }
    }

    init(operation: String, _ error: HTTPClientError, isReadOnly: Bool) {
        self.init(.transport(error.kind), operation: operation, message: error.reason)
        mayHaveBeenDone = error.wasSent && !isReadOnly
    }
}
