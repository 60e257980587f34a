/// The status and the headers of an answer.
package struct HTTPAnswerHead: Hashable, Sendable {
    package var status: Int
    /// Names in lower case, in the order of their coming.
    package var headers: [Header]

    package struct Header: Hashable, Sendable {
        package var name: String
        package var value: String
    }

    package init(status: Int, headers: [Header] = []) {
        self.status = status
        self.headers = headers
    }

    /// The first header of this name, which is given in lower case.
    package func header(_ name: String) -> String? { headers.first { $0.name == name }?.value }

    /// Takes a line as curl hands it over: a status line begins a new head (a proxy's, a 100 Continue's come before).
    mutating func take(_ line: UnsafeRawBufferPointer) {
        let text = String(decoding: line, as: UTF8.self)
        if text.hasPrefix("HTTP/") {
            let words = text.split(separator: " ", maxSplits: 2)
            self = HTTPAnswerHead(status: words.count > 1 ? Int(words[1].prefix { $0.isNumber }) ?? 0 : 0)
            return
        }
        guard let colon = text.firstIndex(of: ":"), headers.count < Self.limit else { return }
        let value = text[text.index(after: colon)...].drop { $0.isWhitespace }
        headers.append(
            Header(
                name: text[..<colon].lowercased(),
                value: String(value.reversed().drop { $0.isWhitespace }.reversed())))
    }

    /// More headers than any server of ours sends; a hostile one shall not fill the memory.
    private static let limit = 256
}

/// A whole answer.
package struct HTTPAnswer: Hashable, Sendable {
    package var head: HTTPAnswerHead
    package var body: [UInt8]

    package init(head: HTTPAnswerHead, body: [UInt8]) {
        self.head = head
        self.body = body
    }

    package var status: Int { head.status }
}
