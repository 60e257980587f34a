/// A request that a client has sent, whole: head and body.
package struct HTTPRequest: Hashable, Sendable {
    package enum Version: Hashable, Sendable { case http10, http11, http2 }

    package var method: String
    /// As sent, up to the question mark; escapes are not decoded (`HTTPQuery.decoded`).
    package var path: String
    /// What follows the question mark, not decoded; nil when there is none.
    package var query: String?
    package var version: Version
    package var headers: HTTPHeaders
    package var body: [UInt8] = []

    package init(
        method: String, path: String, query: String? = nil, version: Version = .http11,
        headers: HTTPHeaders = [:], body: [UInt8] = []
    ) {
        self.method = method
        self.path = path
        self.query = query
        self.version = version
        self.headers = headers
        self.body = body
    }
}

extension HTTPRequest {
    /// Makes room for a body of known length as it comes: little for one that has hardly begun, and then all, once, so
    /// that growing leaves no holes in the heap. What is not written to takes no memory.
    static func reserve(_ body: inout [UInt8], _ length: Int, toAppend count: Int) {
        if body.count + count <= body.capacity { return }
        body.reserveCapacity(body.count + count < 64 << 10 ? min(length, 64 << 10) : length)
    }
}
