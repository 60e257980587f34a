package import Daemon
package import Linux

/// What a daemon says about itself: a page for each path, for GET and HEAD, and what a PUT sets.
extension HTTPServer {
    package typealias Page = (HTTPRequest) -> HTTPServerResponse

    /// A server of pages: no request bodies but a word for a setting, small heads, few connections. The pages run on the
    /// loop and must not block.
    package convenience init(
        _ loop: EventLoop, listen address: ListenAddress, limits: Limits = .pages, pages: [String: Page],
        settings: [String: Page] = [:]
    ) throws(SystemError) {
        var limits = limits
        if !settings.isEmpty { limits.bodyBytes = max(limits.bodyBytes, 64) }
        try self.init(loop, listen: address, limits: limits) { exchange in
            let response = Self.response(exchange.request, pages, settings)
            var headers: HTTPHeaders = [
                "content-type": response.contentType, "cache-control": "no-store", "x-content-type-options": "nosniff",
            ]
            if response.status == 405 {
                headers.add("allow", settings[exchange.request.path] == nil ? "GET, HEAD" : "PUT")
            }
            exchange.respond(response.status, headers: headers, body: response.body)
        }
    }

    private static func response(
        _ request: HTTPRequest, _ pages: [String: Page], _ settings: [String: Page]
    ) -> HTTPServerResponse {
        if let setting = settings[request.path] {
            return request.method == "PUT" ? setting(request) : .text("only PUT is served here\n", status: 405)
        }
        guard request.method == "GET" || request.method == "HEAD" else {
            return .text("only GET and HEAD are served\n", status: 405)
        }
        guard let page = pages[request.path] else {
            let known = pages.keys.sorted().joined(separator: "\n")
            return .text("nothing is at this path; there is:\n\(known)\n", status: 404)
        }
        return page(request)
    }
}

/// A whole response as a value.
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
}
