/// A request that the server has accepted: its head, for it takes no bodies.
package struct HTTPServerRequest: Hashable, Sendable {
    package enum Method: Hashable, Sendable { case get, head }

    package var method: Method
    /// As sent, up to the question mark; escapes are not decoded.
    package var path: String
    /// What follows the question mark, nil when there is none.
    package var query: String?
    /// Whether the connection goes on after the answer.
    package var isPersistent: Bool
}

package struct HTTPServerResponse: Hashable, Sendable {
    package var status: Int
    package var contentType: String
    package var body: [UInt8]

    package init(status: Int = 200, contentType: String, body: [UInt8]) {
        self.status = status
        self.contentType = contentType
        self.body = body
    }

    package static func text(_ text: String, status: Int = 200) -> HTTPServerResponse {
        HTTPServerResponse(status: status, contentType: "text/plain; charset=utf-8", body: Array(text.utf8))
    }

    /// JSON that is text already.
    package static func json(_ text: String, status: Int = 200) -> HTTPServerResponse {
        HTTPServerResponse(status: status, contentType: "application/json", body: Array(text.utf8))
    }

    /// Prometheus's text format, as `Metrics.exposition` gives it.
    package static func metrics(_ text: String) -> HTTPServerResponse {
        HTTPServerResponse(contentType: "text/plain; version=0.0.4; charset=utf-8", body: Array(text.utf8))
    }

    /// The response as bytes of the connection. A HEAD request gets the length of the body without the body.
    func encoded(isHead: Bool, isPersistent: Bool) -> [UInt8] {
        var head = "HTTP/1.1 \(status) \(Self.reason(status))\r\n"
        head += "Content-Type: \(contentType)\r\nContent-Length: \(body.count)\r\n"
        head += "Cache-Control: no-store\r\nX-Content-Type-Options: nosniff\r\n"
        if status == 405 { head += "Allow: GET, HEAD\r\n" }
        if !isPersistent { head += "Connection: close\r\n" }
        head += "\r\n"
        return Array(head.utf8) + (isHead ? [] : body)
    }

    private static func reason(_ status: Int) -> String {
        switch status {
        case 200: "OK"
        case 400: "Bad Request"
        case 404: "Not Found"
        case 405: "Method Not Allowed"
        case 408: "Request Timeout"
        case 413: "Content Too Large"
        case 431: "Request Header Fields Too Large"
        case 500: "Internal Server Error"
        case 501: "Not Implemented"
        case 503: "Service Unavailable"
        case 505: "HTTP Version Not Supported"
        default: "Status"
        }
    }
}
