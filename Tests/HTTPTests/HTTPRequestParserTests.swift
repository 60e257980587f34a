import HTTP
import TestSupport
import Testing

@Suite("The request parser")
struct HTTPRequestParserTests {
    func outcome(_ text: String, headLimit: Int = 8192) -> HTTPRequestParser.Outcome {
        var parser = HTTPRequestParser(headLimit: headLimit)
        parser.receive(Array(text.utf8))
        return parser.next()
    }

    @Test(
        "well-formed requests are understood",
        arguments: [
            ("GET / HTTP/1.1\r\nHost: a\r\n\r\n", "get / nil true"),
            ("HEAD /healthz HTTP/1.1\r\nhost:a\r\n\r\n", "head /healthz nil true"),
            ("GET /a?b=c?d HTTP/1.1\r\nHost: a\r\nConnection: Close\r\n\r\n", "get /a b=c?d false"),
            ("GET / HTTP/1.1\r\nHost: a\r\nConnection: x, \t close\r\n\r\n", "get / nil false"),
            ("GET / HTTP/1.0\r\n\r\n", "get / nil false"),
            ("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n", "get / nil false"),
            ("GET http://a:9500/m HTTP/1.1\r\nHost: a\r\n\r\n", "get /m nil true"),
            ("GET HTTP://a HTTP/1.1\r\nHost: a\r\n\r\n", "get / nil true"),
            ("GET / HTTP/1.1\r\nHost:\r\nContent-Length: 0\r\n\r\n", "get / nil true"),
            ("GET / HTTP/1.1\r\nHost: a\r\nX-Odd: \u{e9}\t:=\r\n\r\n", "get / nil true"),
        ])
    func accepted(text: String, summary: String) {
        guard case .request(let request) = outcome(text) else {
            Issue.record("refused: \(outcome(text))")
            return
        }
        #expect("\(request.method) \(request.path) \(request.query ?? "nil") \(request.isPersistent)" == summary)
    }

    @Test(
        "what two parties could read differently, or no client of ours sends, is refused",
        arguments: [
            // Lines.
            ("GET / HTTP/1.1\nHost: a\n\n", 400), ("\n", 400), ("\r\n\r\n", 400),
            ("\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n", 400),
            ("GET / HTTP/1.1\r\nHost: a\r\nX: y\rContent-Length: 5\r\n\r\n", 400),
            ("GET / HTTP/1.1\r\nHost: a\r\nX: y\r\n folded\r\n\r\n", 400),
            // The request line.
            ("GET /\r\nHost: a\r\n\r\n", 400), ("GET  / HTTP/1.1\r\nHost: a\r\n\r\n", 400),
            ("GET / x HTTP/1.1\r\nHost: a\r\n\r\n", 400),
            ("GET / HTTP/1.1 \r\nHost: a\r\n\r\n", 400), ("G(T / HTTP/1.1\r\nHost: a\r\n\r\n", 400),
            (" GET / HTTP/1.1\r\nHost: a\r\n\r\n", 400),
            ("GET / http/1.1\r\nHost: a\r\n\r\n", 400), ("GET / HTTP/2.0\r\nHost: a\r\n\r\n", 505),
            ("GET a HTTP/1.1\r\nHost: a\r\n\r\n", 400),
            ("GET /\u{e9} HTTP/1.1\r\nHost: a\r\n\r\n", 400), ("GET /#x HTTP/1.1\r\nHost: a\r\n\r\n", 400),
            ("GET /\0 HTTP/1.1\r\nHost: a\r\n\r\n", 400),
            ("POST / HTTP/1.1\r\nHost: a\r\n\r\n", 405), ("get / HTTP/1.1\r\nHost: a\r\n\r\n", 405),
            ("OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n", 405),
            // Fields.
            ("GET / HTTP/1.1\r\n\r\n", 400), ("GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n", 400),
            ("GET / HTTP/1.0\r\nHost: a\r\nHost: b\r\n\r\n", 400),
            ("GET / HTTP/1.1\r\nHost : a\r\n\r\n", 400), ("GET / HTTP/1.1\r\nHost: a\r\n: b\r\n\r\n", 400),
            ("GET / HTTP/1.1\r\nHost: a\r\nnone\r\n\r\n", 400),
            ("GET / HTTP/1.1\r\nHost: a\r\nX: \u{1}\r\n\r\n", 400),
            ("GET / HTTP/1.1\r\nHost: a\r\nX\0: y\r\n\r\n", 400),
            // Bodies.
            ("GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello", 413),
            ("GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\nContent-Length: 5\r\n\r\n", 400),
            ("GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 0, 5\r\n\r\n", 400),
            ("GET / HTTP/1.1\r\nHost: a\r\nContent-Length: +0\r\n\r\n", 400),
            ("GET / HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n", 400),
            ("GET / HTTP/1.1\r\nHost: a\r\nContent-Length:\r\n\r\n", 400),
            ("GET / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n", 501),
            ("GET / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: identity\r\n\r\n", 501),
            ("GET / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nContent-Length: 0\r\n\r\n", 400),
        ])
    func refused(text: String, status: Int) {
        guard case .refused(status, _) = outcome(text) else {
            Issue.record("\(outcome(text)) for \(text.debugDescription)")
            return
        }
    }

    @Test("a head may be as long as the limit and no longer, ended or not")
    func limits() {
        func head(_ length: Int) -> String {
            let frame = "GET / HTTP/1.1\r\nHost: a\r\nX: \r\n\r\n"
            return frame.replacing("X: ", with: "X: " + String(repeating: "y", count: length - frame.utf8.count))
        }
        #expect(head(200).utf8.count == 200)
        guard case .request = outcome(head(200), headLimit: 200) else {
            Issue.record("at the limit: \(outcome(head(200), headLimit: 200))")
            return
        }
        for text in [head(201), String(repeating: "x", count: 201), String(head(400).prefix(201))] {
            guard case .refused(431, _) = outcome(text, headLimit: 200) else {
                Issue.record("beyond the limit: \(outcome(text, headLimit: 200))")
                return
            }
        }
        #expect(outcome(String(repeating: "x", count: 200), headLimit: 200) == .incomplete)
    }

    @Test("requests that come together are taken one by one, and where the bytes are cut makes no difference")
    func pieces() {
        let bytes = Array(
            "GET /1 HTTP/1.1\r\nHost: a\r\n\r\nHEAD /2 HTTP/1.1\r\nHost: b\r\n\r\nGET /3 HTTP/1.1\r\nHost : c\r\n\r\n"
                .utf8)
        for cut in 1...bytes.count {
            var parser = HTTPRequestParser()
            var found: [String] = []
            for start in stride(from: 0, to: bytes.count, by: cut) {
                parser.receive(bytes[start..<min(start + cut, bytes.count)])
                next: while true {
                    switch parser.next() {
                    case .incomplete: break next
                    case .request(let request): found.append(request.path)
                    case .refused(let status, _):
                        found.append("\(status)")
                        break next
                    }
                }
            }
            #expect(found == ["/1", "/2", "400"], "in pieces of \(cut)")
        }
    }

    @Test("no bytes crash it, hold more than the limit, or read differently in pieces")
    func fuzz() {
        let seed = UInt64.random(in: 0...UInt64.max)
        var generator = SeededGenerator(seed: seed)
        let words = [
            "GET", "HEAD", "POST", " ", " /", "/x?y", "HTTP/1.1", "HTTP/1.0", "\r\n", "\r\n", "\r\n\r\n", "\n", "\r",
            "Host: a", "Host",
            ":", "Content-Length: 0", "Content-Length: 12", "Transfer-Encoding: chunked", "\0", "\t", "é", "x",
            "GET / HTTP/1.1\r\nHost: a\r\n\r\n", "GET / HTTP/1.1\r\nHost: a\r\n",
        ].map { Array($0.utf8) }
        for round in 0..<20_000 {
            var bytes: [UInt8] = []
            for _ in 0..<Int.random(in: 1...12, using: &generator) {
                bytes += words.randomElement(using: &generator) ?? []
                if Int.random(in: 0..<20, using: &generator) == 0 {
                    bytes.append(UInt8.random(in: 0...255, using: &generator))
                }
            }
            func run(_ sizes: () -> Int) -> [HTTPRequestParser.Outcome] {
                var parser = HTTPRequestParser(headLimit: 100)
                var outcomes: [HTTPRequestParser.Outcome] = []
                var rest = bytes[...]
                while !rest.isEmpty {
                    let size = max(1, sizes())
                    parser.receive(rest.prefix(size))
                    rest = rest.dropFirst(size)
                    while true {
                        let outcome = parser.next()
                        if outcome == .incomplete { break }
                        outcomes.append(outcome)
                        if case .refused = outcome { return outcomes }
                    }
                }
                return outcomes
            }
            let whole = run { bytes.count }
            let pieces = run { Int.random(in: 1...7, using: &generator) }
            #expect(whole == pieces, "seed \(seed), round \(round): \(bytes)")
            if whole != pieces { return }
        }
    }
}
