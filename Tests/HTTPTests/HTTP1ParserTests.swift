import HTTP
import TestSupport
import Testing

@Suite("The request parser")
struct HTTP1ParserTests {
    func events(_ text: String, headLimit: Int = 8192, bodyLimit: Int = 100) -> [HTTP1Parser.Event] {
        var parser = HTTP1Parser(headLimit: headLimit, bodyLimit: bodyLimit)
        parser.receive(text)
        return parser.all()
    }

    /// The last that the text makes.
    func outcome(_ text: String, headLimit: Int = 8192) -> HTTP1Parser.Event {
        events(text, headLimit: headLimit).last ?? .incomplete
    }

    @Test(
        "well-formed requests are understood",
        arguments: [
            ("GET / HTTP/1.1\r\nHost: a\r\n\r\n", "GET / nil true "),
            ("HEAD /healthz HTTP/1.1\r\nhost:a\r\n\r\n", "HEAD /healthz nil true "),
            ("GET /a?b=c?d HTTP/1.1\r\nHost: a\r\nConnection: Close\r\n\r\n", "GET /a b=c?d false "),
            ("GET / HTTP/1.1\r\nHost: a\r\nConnection: x, \t close\r\n\r\n", "GET / nil false "),
            ("GET / HTTP/1.0\r\n\r\n", "GET / nil false "),
            ("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n", "GET / nil false "),
            ("GET http://a:9500/m HTTP/1.1\r\nHost: a\r\n\r\n", "GET /m nil true "),
            ("GET HTTP://a HTTP/1.1\r\nHost: a\r\n\r\n", "GET / nil true "),
            ("GET https://a?b HTTP/1.1\r\nHost: a\r\n\r\n", "GET / b true "),
            ("OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n", "OPTIONS * nil true "),
            ("GET / HTTP/1.1\r\nHost:\r\nContent-Length: 0\r\n\r\n", "GET / nil true "),
            ("GET / HTTP/1.1\r\nHost: a\r\nX-Odd: \u{e9}\t:=\r\n\r\n", "GET / nil true "),
            ("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello", "POST / nil true hello"),
            ("DELETE / HTTP/1.1\r\nHost: a\r\nContent-Length: 005\r\n\r\nhello", "DELETE / nil true hello"),
            (
                "PUT / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: Chunked\r\n\r\n3;a=b\r\nhel\r\n02\r\nlo\r\n0\r\nX: y\r\n\r\n",
                "PUT / nil true hello"
            ),
            ("PATCH / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", "PATCH / nil true "),
        ])
    func accepted(text: String, summary: String) {
        guard case .request(let request, let isPersistent) = outcome(text) else {
            Issue.record("refused: \(outcome(text))")
            return
        }
        let body = String(decoding: request.body, as: UTF8.self)
        #expect("\(request.method) \(request.path) \(request.query ?? "nil") \(isPersistent) \(body)" == summary)
    }

    @Test("names of fields are in lower case, values without blanks around, repeated ones kept in order")
    func fields() {
        guard case .request(let request, _) = outcome("GET / HTTP/1.1\r\nHOST: a \r\nX-B:\t1\r\nx-b: \r\n\r\n") else {
            Issue.record("refused")
            return
        }
        #expect(request.headers["host"] == "a")
        #expect(request.headers.values("x-b") == ["1", ""])
        #expect(request.headers["x"] == nil)
    }

    @Test("the head is announced when its body is still to come, with whether the client waits for a word")
    func announced() {
        let head = "POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n"
        for (text, expects) in [
            (head + "\r\n", false), (head + "Expect: 100-Continue\r\n\r\n", true),
            // The body is here: nobody waits.
            (head + "Expect: 100-continue\r\n\r\na", false),
        ] {
            guard case .head(let request, expects) = events(text).first else {
                Issue.record("\(events(text))")
                continue
            }
            #expect(request.path == "/x")
            #expect(events(text).count == 1)
        }
        #expect(
            events(head + "Expect: 1\r\n\r\n") == [.refused(status: 417, reason: "only 100-continue can be expected")])
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
            ("OPTIONS a HTTP/1.1\r\nHost: a\r\n\r\n", 400), ("GET * HTTP/1.1\r\nHost: a\r\n\r\n", 400),
            ("CONNECT a:1 HTTP/1.1\r\nHost: a\r\n\r\n", 400),
            // Fields.
            ("GET / HTTP/1.1\r\n\r\n", 400), ("GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n", 400),
            ("GET / HTTP/1.0\r\nHost: a\r\nHost: b\r\n\r\n", 400),
            ("GET / HTTP/1.1\r\nHost : a\r\n\r\n", 400), ("GET / HTTP/1.1\r\nHost: a\r\n: b\r\n\r\n", 400),
            ("GET / HTTP/1.1\r\nHost: a\r\nnone\r\n\r\n", 400),
            ("GET / HTTP/1.1\r\nHost: a\r\nX: \u{1}\r\n\r\n", 400),
            ("GET / HTTP/1.1\r\nHost: a\r\nX\0: y\r\n\r\n", 400),
            // Bodies.
            ("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 101\r\n\r\n", 413),
            ("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999999999999999\r\n\r\n", 413),
            ("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\nContent-Length: 5\r\n\r\n", 400),
            ("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nContent-Length: 5\r\n\r\n", 400),
            ("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0, 5\r\n\r\n", 400),
            ("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5, 5\r\n\r\n", 400),
            ("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: +0\r\n\r\n", 400),
            ("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n", 400),
            ("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0x5\r\n\r\n", 400),
            ("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1 2\r\n\r\n", 400),
            ("POST / HTTP/1.1\r\nHost: a\r\nContent-Length:\r\n\r\n", 400),
            ("POST / HTTP/1.1\r\nHost: a\r\nContent-Length : 5\r\n\r\nhello", 400),
            ("POST / HTTP/1.1\r\nHost: a\r\nContent-Length\t: 5\r\n\r\nhello", 400),
            ("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nContent-Length: 0\r\n\r\n", 400),
            ("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n", 400),
            ("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nTransfer-Encoding: identity\r\n\r\n", 400),
            ("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: identity\r\n\r\n", 501),
            ("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n", 501),
            ("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked, chunked\r\n\r\n", 501),
            ("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n", 400),
            ("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n", 400),
            ("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: xchunked\r\n\r\n", 501),
            ("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked;a=b\r\n\r\n", 501),
            ("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: \"chunked\"\r\n\r\n", 501),
            ("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding:\r\n\r\n", 501),
            ("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding : chunked\r\n\r\n", 400),
            ("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: \u{b}chunked\r\n\r\n", 400),
            ("POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400),
            // Chunks.
            ("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\ng\r\n", 400),
            ("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n\r\n", 400),
            ("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5 \r\nhello\r\n", 400),
            ("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n 5\r\nhello\r\n", 400),
            ("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n-5\r\nhello\r\n", 400),
            ("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0x5\r\nhello\r\n", 400),
            ("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\nhello\r\n", 400),
            ("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\n0\r\n\r\n", 400),
            ("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhellox\r\n", 400),
            ("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5;a\u{1}\r\nhello\r\n", 400),
            ("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5;a\n\r\nhello\r\n", 400),
            ("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\n", 413),
            ("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n65\r\n", 413),
            ("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nX\r\n\r\n", 400),
            ("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nX : y\r\n\r\n", 400),
            ("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nX: y\n\r\n", 400),
            ("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n X: y\r\n\r\n", 400),
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
        #expect(events(String(repeating: "x", count: 200), headLimit: 200).isEmpty)
        let fields = (0..<257).map { "X: \($0)\r\n" }.joined()
        guard case .refused(431, _) = outcome("GET / HTTP/1.0\r\n" + fields + "\r\n") else {
            Issue.record("more fields than anybody sends")
            return
        }
    }

    @Test("a chunked body hides no flood in its extensions and trailer fields")
    func chunkOverhead() {
        let head = "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
        for flood in [
            "1;" + String(repeating: "x", count: 10_000) + "\r\n",
            String(repeating: "1;" + String(repeating: "x", count: 1000) + "\r\na\r\n", count: 20),
            "0\r\n" + String(repeating: "X: " + String(repeating: "y", count: 1000) + "\r\n", count: 20),
        ] {
            guard case .refused(431, _) = outcome(head + flood) else {
                Issue.record("\(outcome(head + flood)) for \(flood.prefix(20))")
                continue
            }
        }
    }

    @Test("requests that come together are taken one by one, and where the bytes are cut makes no difference")
    func pieces() {
        let bytes = Array(
            ("GET /1 HTTP/1.1\r\nHost: a\r\n\r\nHEAD /2 HTTP/1.1\r\nHost: b\r\nContent-Length: 4\r\n\r\nGET "
                + "PUT /3 HTTP/1.1\r\nHost: b\r\nTransfer-Encoding: chunked\r\n\r\n4;x\r\nPOST\r\n0\r\nX: y\r\n\r\n"
                + "GET /4 HTTP/1.1\r\nHost : c\r\n\r\n").utf8)
        for cut in 1...bytes.count {
            var parser = HTTP1Parser()
            var found: [String] = []
            for start in stride(from: 0, to: bytes.count, by: cut) {
                parser.receive(bytes[start..<min(start + cut, bytes.count)])
                for event in parser.all() {
                    switch event {
                    case .request(let request, _):
                        found.append(request.path + String(decoding: request.body, as: UTF8.self))
                    case .refused(let status, _): found.append("\(status)")
                    case .head, .incomplete: break
                    }
                }
            }
            #expect(found.prefix(4) == ["/1", "/2GET ", "/3POST", "400"], "in pieces of \(cut)")
            #expect(parser.heldBytes == 0 || found.count > 4)
        }
    }

    @Test("no bytes crash it, hold more than the limits, or read differently in pieces")
    func fuzz() {
        let seed = UInt64.random(in: 0...UInt64.max)
        var generator = SeededGenerator(seed: seed)
        let words = [
            "GET", "HEAD", "POST", " ", " /", "/x?y", "HTTP/1.1", "HTTP/1.0", "\r\n", "\r\n", "\r\n\r\n", "\n", "\r",
            "Host: a", "Host", ":", "Content-Length: 0", "Content-Length: 12", "Transfer-Encoding: chunked", "\0", "\t",
            "é", "x", "5\r\nhello\r\n", "0\r\n\r\n", "0", "5;a", "a",
            "GET / HTTP/1.1\r\nHost: a\r\n\r\n", "GET / HTTP/1.1\r\nHost: a\r\n",
            "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 20\r\n\r\n",
            "POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nTransfer-Encoding: chunked\r\n\r\n",
        ].map { Array($0.utf8) }
        for round in 0..<20_000 {
            var bytes: [UInt8] = []
            for _ in 0..<Int.random(in: 1...12, using: &generator) {
                bytes += words.randomElement(using: &generator) ?? []
                if Int.random(in: 0..<20, using: &generator) == 0 {
                    bytes.append(UInt8.random(in: 0...255, using: &generator))
                }
            }
            func run(_ sizes: () -> Int) -> [String] {
                var parser = HTTP1Parser(headLimit: 100, bodyLimit: 30)
                var outcomes: [String] = []
                var rest = bytes[...]
                while !rest.isEmpty {
                    let size = max(1, sizes())
                    parser.receive(rest.prefix(size))
                    rest = rest.dropFirst(size)
                    for event in parser.all() {
                        // When the body is announced depends on how the bytes come.
                        if case .head = event { continue }
                        outcomes.append("\(event)")
                        if case .refused = event { return outcomes }
                    }
                    #expect(parser.heldBytes <= 100 + 4096 + 30 + size)
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

extension HTTP1Parser {
    mutating func receive(_ bytes: ArraySlice<UInt8>) { bytes.withUnsafeBytes { receive($0) } }
    mutating func receive(_ text: String) { receive(Array(text.utf8)[...]) }

    /// All events of what has been received, up to the first refusal.
    mutating func all() -> [Event] {
        var events: [Event] = []
        while true {
            let event = next()
            if event == .incomplete { return events }
            events.append(event)
            if case .refused = event { return events }
        }
    }
}
