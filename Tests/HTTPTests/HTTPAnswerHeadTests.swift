import Testing

@testable import HTTP

@Suite("The head of an answer")
struct HTTPAnswerHeadTests {
    @Test(
        "is read line by line, names in lower case, values without the blanks around them",
        arguments: [
            ("Content-Type: text/plain\r\n", "content-type", "text/plain"), ("a:b", "a", "b"),
            ("A: \t b c\t \r\n", "a", "b c"),
            ("a:\r\n", "a", ""), ("Location: http://x:1/é\r\n", "location", "http://x:1/é"),
        ])
    func fields(_ line: String, _ name: String, _ value: String) {
        var head = HTTPAnswerHead(status: 0)
        for line in ["HTTP/1.1 100 Continue\r\n", "x: y\r\n", "HTTP/2 201 \r\n", line, "no field\r\n"] {
            Array(line.utf8).withUnsafeBytes { head.take($0) }
        }
        #expect(head == HTTPAnswerHead(status: 201, headers: [.init(name: name, value: value)]))
    }

    @Test(
        "has a status of digits, or none",
        arguments: [
            ("HTTP/1.1 404 Not Found", 404), ("HTTP/2 200", 200), ("HTTP/2", 0), ("HTTP/2 x", 0), ("HTTP/2 20x", 20),
        ])
    func status(_ line: String, _ status: Int) {
        var head = HTTPAnswerHead(status: 1)
        Array(line.utf8).withUnsafeBytes { head.take($0) }
        #expect(head.status == status)
    }
}
