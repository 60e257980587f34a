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
        if line.starts(with: "HTTP/".utf8) {
            let code = line.drop { $0 != UInt8(ascii: " ") }.dropFirst().prefix { (48...57).contains($0) }
            self = HTTPAnswerHead(status: Int(String(decoding: code, as: UTF8.self)) ?? 0)
            return
        }
        guard let colon = line.firstIndex(of: UInt8(ascii: ":")), headers.count < Self.limit else { return }
        // By bytes: every answer has ten of them, and characters are dear.
        let isBlank: (UInt8) -> Bool = { $0 == 0x20 || (0x09...0x0D).contains($0) }
        var value = line[(colon + 1)...].drop(while: isBlank)
        while let last = value.last, isBlank(last) { value.removeLast() }
        headers.append(
            Header(
                name: String(decoding: line[..<colon], as: UTF8.self).lowercased(),
                value: String(decoding: value, as: UTF8.self)))
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
