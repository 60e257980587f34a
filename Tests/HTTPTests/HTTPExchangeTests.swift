import Crypto
import Daemon
import Glibc
import HTTP
import Linux
import NetTypes
import Synchronization
import TestSupport
import Testing

/// A server for tests of exchanges: it says what it was asked, streams, and keeps exchanges for later.
struct ExchangeServer {
    /// What happened to exchanges, in order.
    let log = Log()
    let server: TestServer

    final class Log: Sendable {
        private let lines = Mutex<[String]>([])
        func add(_ line: String) { lines.withLock { $0.append(line) } }
        var all: [String] { lines.withLock { $0 } }
    }

    init(
        limits: HTTPServer.Limits = HTTPServer.Limits(),
        tls: @escaping @Sendable () throws -> TLSServerContext? = { nil }
    ) throws {
        let log = log
        server = try TestServer { loop in
            guard let address = ListenAddress("127.0.0.1:0") else { throw SystemError("listen on", "", .invalid) }
            return try HTTPServer(loop, listen: address, limits: limits, tls: tls()) { Self.answer($0, loop, log) }
        }
    }

    static func answer(_ exchange: HTTPExchange, _ loop: EventLoop, _ log: Log) {
        let name = exchange.path
        exchange.onClose = { [unowned exchange] in log.add(name + (exchange.isCut ? " cut" : " done")) }
        switch name {
        case "/echo":
            exchange.respond(200, headers: ["x-method": exchange.method], body: exchange.body)
        case "/late":
            loop.after(.milliseconds(20)) { exchange.respond(201, body: Array("late\n".utf8)) }
        case "/pieces":
            exchange.begin(200, headers: ["Content-Type": "text/plain"])
            for number in 0..<5 {
                loop.after(.milliseconds(Int64(number))) { exchange.send(Array("piece \(number)\n".utf8)) }
            }
            loop.after(.milliseconds(20)) { exchange.end() }
        case "/counted":
            exchange.begin(200, length: 10)
            exchange.send(Array("01234".utf8))
            loop.after(.milliseconds(5)) {
                exchange.send(Array("56789".utf8))
                exchange.end()
            }
        case "/short":
            exchange.begin(200, length: 10)
            exchange.send(Array("01234".utf8))
            exchange.end()
        case "/watch":
            exchange.begin(200)
            exchange.send(Array("first\n".utf8))
            log.add("/watch asked")
        case "/large": exchange.respond(200, body: Array(String(repeating: "0123456789abcdef", count: 1 << 18).utf8))
        case "/who":
            let text =
                switch exchange.peer.certificate {
                case .none: "none"
                case .verified(let certificate):
                    "\(certificate.commonName) of [\(certificate.organizations.joined(separator: "|"))]"
                case .untrusted(let reason): "untrusted: \(reason)"
                }
            exchange.respond(200, body: Array(text.utf8))
        case "/abort":
            exchange.begin(200)
            exchange.send(Array("first\n".utf8))
            loop.after(.milliseconds(20)) { exchange.abort() }
        case "/flood":
            exchange.begin(200)
            let piece = SharedBytes(repeating: 0x61, count: 1 << 20)
            for _ in 0..<64 { exchange.send(piece) }
            exchange.end()
        case "/guarded":
            // The owner of a stream says how far a client may fall behind.
            exchange.begin(200)
            let piece = SharedBytes(repeating: 0x61, count: 1 << 16)
            let timer = loop.every(.milliseconds(1)) { [unowned loop] in
                if exchange.isOver { return }
                if exchange.bufferedBytes > 1 << 20 {
                    log.add("too far behind")
                    exchange.abort()
                }
                exchange.send(piece)
                withExtendedLifetime(loop) {}
            }
            exchange.onClose = {
                log.add(name + " over")
                loop.cancel(timer)
            }
        case "/none": exchange.respond(204)
        case "/inject": exchange.respond(200, headers: ["x-a": "b\r\nx-evil: c"])
        default: exchange.respond(404, body: Array("nothing\n".utf8))
        }
    }
}

@Suite("Exchanges over HTTP/1.1")
struct HTTPExchangeTests {
    private func ask(_ server: ExchangeServer, _ text: String) throws -> String {
        let connection = try server.server.connect()
        connection.send(text)
        return connection.readToEnd()
    }

    private func get(_ path: String, _ version: String = "1.1", method: String = "GET") -> String {
        "\(method) \(path) HTTP/\(version)\r\nHost: a\r\nConnection: close\r\n\r\n"
    }

    @Test("a body comes and goes whole, by length and in chunks, large and empty")
    func bodies() throws {
        let server = try ExchangeServer()
        let large = String(repeating: "0123456789abcdef", count: 3 << 16)
        for body in ["", "x", large] {
            let length =
                "POST /echo HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: \(body.utf8.count)\r\n\r\n"
            let chunked = "POST /echo HTTP/1.1\r\nHost: a\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n"
            var chunks = ""
            var rest = body[...]
            while !rest.isEmpty {
                let chunk = rest.prefix(300_001)
                chunks += String(chunk.utf8.count, radix: 16) + "\r\n" + chunk + "\r\n"
                rest = rest.dropFirst(300_001)
            }
            for request in [length + body, chunked + chunks + "0\r\n\r\n"] {
                let answer = try ask(server, request)
                #expect(answer.hasPrefix("HTTP/1.1 200 OK\r\nX-Method: POST\r\nDate: "))
                #expect(answer.contains("\r\nContent-Length: \(body.utf8.count)\r\n"))
                #expect(answer.hasSuffix("\r\n\r\n" + body))
            }
        }
    }

    @Test("a body of 3 MiB and one byte is refused with 413, which arrives although the client sends it all first")
    func tooLarge() throws {
        let server = try ExchangeServer()
        let body = String(repeating: "x", count: (3 << 20) + 1)
        for request in [
            "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: \(body.utf8.count)\r\n\r\n" + body,
            "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n300001\r\n" + body + "\r\n0\r\n\r\n",
        ] {
            #expect(try ask(server, request).hasPrefix("HTTP/1.1 413 Content Too Large\r\n"))
        }
    }

    @Test("a client that asks first is told to go on, or at once that it need not")
    func expectContinue() throws {
        let server = try ExchangeServer()
        let connection = try server.server.connect()
        connection.send("POST /echo HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n")
        #expect(connection.read(until: "\r\n\r\n") == "HTTP/1.1 100 Continue\r\n\r\n")
        connection.send("hello")
        #expect(connection.read(until: "hello").hasPrefix("HTTP/1.1 200 OK\r\n"))
        connection.send("POST /echo HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 5000000\r\n\r\n")
        #expect(connection.readToEnd().hasPrefix("HTTP/1.1 413 "))
    }

    @Test("answers may come later and in pieces; several requests sent together get theirs in order")
    func later() throws {
        let server = try ExchangeServer()
        let answer = try ask(
            server,
            "GET /late HTTP/1.1\r\nHost: a\r\n\r\nPOST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc"
                + "GET /pieces HTTP/1.1\r\nHost: a\r\n\r\n" + get("/counted"))
        let statuses = answer.matches(of: #/HTTP/1\.1 (\d+) /#).map { String($0.output.1) }
        #expect(statuses == ["201", "200", "200", "200"])
        let pieces = answer.matches(of: #/piece (\d)\n/#).map { String($0.output.1) }
        #expect(pieces == ["0", "1", "2", "3", "4"])
        #expect(answer.contains("\r\nTransfer-Encoding: chunked\r\n") && answer.contains("\r\n0\r\n\r\nHTTP/1.1 200"))
        #expect(answer.hasSuffix("\r\n\r\n0123456789"))
        try eventually("all are over") {
            server.log.all == ["/late done", "/echo done", "/pieces done", "/counted done"]
        }
    }

    @Test("HTTP/1.0 gets a stream up to the connection's end, HEAD and 204 no body")
    func framing() throws {
        let server = try ExchangeServer()
        let old = try ask(server, get("/pieces", "1.0"))
        #expect(!old.contains("Transfer-Encoding") && old.contains("Connection: close"))
        #expect(old.hasSuffix("\r\n\r\npiece 0\npiece 1\npiece 2\npiece 3\npiece 4\n"))
        let head = try ask(server, get("/late", method: "HEAD"))
        #expect(head.contains("\r\nContent-Length: 5\r\n") && head.hasSuffix("\r\n\r\n"))
        let none = try ask(server, get("/none"))
        #expect(none.hasPrefix("HTTP/1.1 204 ") && !none.contains("Content-Length") && none.hasSuffix("\r\n\r\n"))
    }

    @Test("a value that a client smuggled into a response's field stays one field")
    func injection() throws {
        #expect(try ask(try ExchangeServer(), get("/inject")).contains("\r\nX-A: b  x-evil: c\r\n"))
    }

    @Test("a response that cannot be finished is not ended as if it were whole")
    func unfinished() throws {
        let server = try ExchangeServer()
        let short = try ask(server, get("/short"))
        #expect(!short.hasSuffix("01234") || short.isEmpty)
        let aborted = try ask(server, get("/abort"))
        #expect(aborted.contains("first\n") && !aborted.contains("\r\n0\r\n\r\n"))
        try eventually("both are known as cut") { server.log.all == ["/short cut", "/abort cut"] }
    }

    @Test("the end of a client is the end of its watch, by a close, half a close or a reset")
    func clientGone() throws {
        let server = try ExchangeServer()
        for (number, leave)
            in ([{ shutdown($0, CInt(SHUT_WR)) }, { shutdown($0, CInt(SHUT_RDWR)) }] as [(CInt) -> CInt])
            .enumerated()
        {
            let connection = try server.server.connect()
            connection.send("GET /watch HTTP/1.1\r\nHost: a\r\n\r\n")
            #expect(connection.read(until: "first\n\r\n").hasSuffix("first\n\r\n"))
            _ = leave(connection.socket.rawValue)
            try eventually("the watch is over") { server.log.all.count { $0 == "/watch cut" } == number + 1 }
        }
        do {
            let connection = try server.server.connect()
            connection.send("GET /watch HTTP/1.1\r\nHost: a\r\n\r\n")
            #expect(connection.read(until: "first\n\r\n").hasSuffix("first\n\r\n"))
            var reset = linger(l_onoff: 1, l_linger: 0)
            setsockopt(connection.socket.rawValue, SOL_SOCKET, SO_LINGER, &reset, socklen_t(MemoryLayout<linger>.size))
        }
        try eventually("the watch is over") { server.log.all.count { $0 == "/watch cut" } == 3 }
    }

    @Test("half a close does not lose an answer that is still to come")
    func halfClose() throws {
        let server = try ExchangeServer()
        let connection = try server.server.connect()
        connection.send("GET /late HTTP/1.1\r\nHost: a\r\n\r\n")
        shutdown(connection.socket.rawValue, CInt(SHUT_WR))
        #expect(connection.readToEnd().hasSuffix("late\n"))
    }

    @Test("a client that does not take its response is cut, and what waited for it is given back")
    func slowReader() throws {
        var limits = HTTPServer.Limits()
        limits.stallTime = .milliseconds(300)
        let server = try ExchangeServer(limits: limits)
        let connection = try server.server.connect()
        connection.send(get("/flood"))
        try eventually("the response is cut", within: .seconds(10)) { server.log.all == ["/flood cut"] }
    }

    @Test("the owner of a stream sees how far its client is behind, and cuts it when that is too much")
    func bufferedBytes() throws {
        let server = try ExchangeServer()
        let connection = try server.server.connect()
        connection.send(get("/guarded"))
        try eventually("it is cut", within: .seconds(20)) { server.log.all == ["too far behind", "/guarded over"] }
        try eventually("the connection goes") { (try? server.server.ask(\.connectionCount)) == 0 }
        withExtendedLifetime(connection) {}
    }

    @Test("when descriptors are few, those who keep us waiting make room for those who ask")
    func descriptors() throws {
        var limits = HTTPServer.Limits()
        limits.connections = 40
        let server = try ExchangeServer(limits: limits)
        let watch = try server.server.connect()
        watch.send("GET /watch HTTP/1.1\r\nHost: a\r\n\r\n")
        #expect(watch.read(until: "first\n\r\n").hasSuffix("first\n\r\n"))
        let waiting = try (0..<200).map { _ in try server.server.connect() }
        #expect(try ask(server, get("/echo")).hasPrefix("HTTP/1.1 200 "))
        // The one with a request in work has stayed.
        #expect(!server.log.all.contains("/watch cut"))
        withExtendedLifetime(waiting) {}
    }

    @Test("a body that does not come to its end in time is given up")
    func slowBody() throws {
        var limits = HTTPServer.Limits()
        limits.bodyTime = .milliseconds(300)
        let server = try ExchangeServer(limits: limits)
        #expect(
            try ask(server, "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nab").hasPrefix("HTTP/1.1 408 "))
    }

    @Test("bodies of many clients together are bounded, and what does not fit is told to come again")
    func allBodies() throws {
        var limits = HTTPServer.Limits()
        // All of these are one client, who gets half.
        limits.allBodyBytes = 450_000
        let server = try ExchangeServer(limits: limits)
        let half =
            "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 200000\r\n\r\n" + String(repeating: "x", count: 100_000)
        let (one, two) = (try server.server.connect(), try server.server.connect())
        one.send(half)
        two.send(half)
        let answer = try ask(server, half)
        #expect(answer.hasPrefix("HTTP/1.1 429 ") && answer.contains("\r\nRetry-After: 1\r\n"))
        shutdown(two.socket.rawValue, CInt(SHUT_RDWR))
        try eventually("it has gone") { (try? server.server.ask(\.connectionCount)) == 1 }
        one.send(String(repeating: "x", count: 100_000))
        #expect(one.read(until: "xxxx").hasPrefix("HTTP/1.1 200 "))
    }

    @Test("who may not send a body is told before it is read")
    func screen() throws {
        let server = try ExchangeServer()
        server.server.onLoop { server in
            server.screen = { exchange in
                if exchange.headers["authorization"] == nil { exchange.respond(401, body: Array("who?\n".utf8)) }
            }
        }
        #expect(
            try ask(server, "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\n").hasPrefix("HTTP/1.1 401 "))
        let known =
            "POST /echo HTTP/1.1\r\nHost: a\r\nAuthorization: x\r\nConnection: close\r\nContent-Length: 3\r\n\r\nabc"
        #expect(try ask(server, known).hasSuffix("\r\n\r\nabc"))
    }

    @Test("when the server drains, watches end properly, late answers come, and idle connections close")
    func drain() throws {
        let server = try ExchangeServer()
        let (idle, watch, late) = (
            try server.server.connect(), try server.server.connect(), try server.server.connect()
        )
        watch.send("GET /watch HTTP/1.1\r\nHost: a\r\n\r\n")
        #expect(watch.read(until: "first\n\r\n").hasSuffix("first\n\r\n"))
        late.send("GET /late HTTP/1.1\r\nHost: a\r\n\r\n")
        try eventually("all are known") { (try? server.server.ask(\.connectionCount)) == 3 }
        let isOver = Flag()
        server.server.onLoop { server in server.drain(grace: .seconds(10)) { isOver.set() } }
        #expect(watch.readToEnd() == "0\r\n\r\n")
        let answer = late.readToEnd()
        #expect(answer.hasSuffix("late\n") && answer.contains("\r\nConnection: close\r\n"))
        #expect(idle.readToEnd() == "")
        try eventually("all is over") { isOver.isSet }
    }
}
