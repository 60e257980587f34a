import Testing

@testable import HTTP

@Suite("The answers of servers behind")
struct HTTPBackendAnswerTests {
    struct Case: Sendable {
        var answer: String
        var method = "GET"
        var status: Int
        var length: Int?
        var body: String
        /// The connection's end ends the answer.
        var endsWithConnection = false
    }

    static let cases: [Case] = [
        Case(answer: "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", status: 200, length: 5, body: "hello"),
        Case(
            answer: "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nhel\r\n2\r\nlo\r\n0\r\n\r\n",
            status: 200,
            body: "hello"),
        Case(answer: "HTTP/1.0 200 OK\r\n\r\nhello", status: 200, body: "hello", endsWithConnection: true),
        Case(answer: "HTTP/1.1 204 No Content\r\n\r\n", status: 204, body: ""),
        Case(answer: "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n", method: "HEAD", status: 200, length: 5, body: ""),
        Case(
            answer: "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 404 Not Found\r\nContent-Length: 2\r\n\r\nno", status: 404,
            length: 2, body: "no"),
        Case(
            answer: "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\nraw bytes", status: 101, body: "raw bytes",
            endsWithConnection: true),
    ]

    @Test("an answer is the same in one piece and byte by byte", arguments: cases)
    func pieces(_ item: Case) throws {
        for size in [1, 7, 4096] {
            var answer = HTTPBackendAnswer(method: item.method)
            var events: [HTTPBackendAnswer.Event] = []
            let bytes = Array(item.answer.utf8)
            for start in stride(from: 0, to: bytes.count, by: size) {
                events += try Array(bytes[start..<min(start + size, bytes.count)]).withUnsafeBytes {
                    try answer.receive($0)
                }
            }
            #expect(events.contains(.end) != item.endsWithConnection)
            events += try answer.inputEnded()
            guard case .head(let status, _, let length)? = events.first else {
                Issue.record("no head")
                return
            }
            #expect(status == item.status && length == item.length)
            let body = events.reduce(into: [UInt8]()) { if case .bytes(let bytes) = $1 { $0 += bytes } }
            #expect(String(decoding: body, as: UTF8.self) == item.body)
            #expect(events.last == .end && events.count { $0 == .end } == 1)
        }
    }

    @Test(
        "what is no answer, or not a whole one, is an error",
        arguments: [
            "SSH-2.0-x\r\n\r\n", "HTTP/1.1 xyz\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhel",
            "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n", "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", "HTTP/1.1 200 OK\r\n",
        ])
    func wrong(_ text: String) {
        #expect(throws: HTTPRefusal.self) {
            var answer = HTTPBackendAnswer(method: "GET")
            _ = try Array(text.utf8).withUnsafeBytes { try answer.receive($0) }
            _ = try answer.inputEnded()
        }
    }
}
