/// Why a request is not taken, as status and text of the answer.
struct HTTPRefusal: Error, Hashable, Sendable {
    var status = 400
    var reason: String

    init(_ reason: String, status: Int = 400) {
        self.status = status
        self.reason = reason
    }

    /// All clients together, or this one, hold as much of requests as they may.
    static let tooMuchAtOnce = HTTPRefusal("too many large requests at once", status: 429)

    static func headTooLarge(_ limit: Int) -> HTTPRefusal {
        HTTPRefusal("the header is longer than \(limit) bytes", status: 431)
    }

    static func bodyTooLarge(_ limit: Int) -> HTTPRefusal {
        HTTPRefusal(
            limit == 0 ? "request bodies are not accepted" : "the body is larger than \(limit) bytes", status: 413)
    }
}
