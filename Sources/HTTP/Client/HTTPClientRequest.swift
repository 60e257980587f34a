/// A request of an `HTTPClient`.
package struct HTTPClientRequest: Hashable, Sendable {
    package var method: String
    /// Whole, with scheme: `https://10.0.0.1:2379/v3/kv/range`.
    package var url: String
    /// Lines such as `Authorization: abc`.
    package var headers: [String]
    package var body: [UInt8]?

    package init(_ method: String = "GET", _ url: String, headers: [String] = [], body: [UInt8]? = nil) {
        self.method = method
        self.url = url
        self.headers = headers
        self.body = body
    }
}

package struct HTTPClientResponse: Hashable, Sendable {
    package var status: Int
    package var body: [UInt8]

    package init(status: Int, body: [UInt8]) {
        self.status = status
        self.body = body
    }
}

/// A request without a whole answer. An answer with status 500 is no such error.
package struct HTTPClientError: Error, Hashable, Sendable, CustomStringConvertible {
    package enum Kind: Hashable, Sendable {
        /// No connection: name, route, refusal.
        case unreachable
        /// No trust: the server's certificate, or ours, or no common version.
        case untrusted
        case timedOut
        case cancelled
        /// The answer is larger than the caller allows.
        case tooLarge
        /// The connection ended or broke in the middle.
        case broken
        /// The request cannot be sent as it is: URL, files.
        case invalid
    }

    package var kind: Kind
    package var method: String
    package var url: String
    package var reason: String
    /// Some of the request was sent, so that the server may have acted on it.
    package var wasSent: Bool

    package var description: String { "\(method) \(url): \(reason)" }
}
