import Daemon
import Glibc
import HTTP
import Linux
import Synchronization
import TestSupport
import Testing

/// The client on a loop, against the server of exchanges.
@Suite("The client on a loop", .requiresProgram("openssl"))
struct HTTPSessionTests {
    /// A loop with a session on it, run until something is true.
    private final class Client {
        let loop: EventLoop
        let session: HTTPSession

        init() throws {
            loop = try EventLoop()
            session = try HTTPSession(loop, connectTimeout: .seconds(5))
        }

        func run(until what: String, _ condition: @escaping () -> Bool) throws {
            var isLate = false
            let limit = loop.after(.seconds(20)) { [loop] in
                isLate = true
                loop.stop()
            }
            let check = loop.every(.milliseconds(1)) { [loop] in if condition() { loop.stop() } }
            try loop.run()
            loop.cancel(limit)
            loop.cancel(check)
            if isLate { throw DeadlineExceeded(description: "not within 20 s: \(what)") }
        }

        func send(
            _ url: String, method: String = "GET", by route: HTTPRoute = HTTPRoute(), body: [UInt8]? = nil,
            timeout: Duration = .seconds(20), limit: Int = 16 << 20
        ) throws -> Result<HTTPAnswer, HTTPClientError> {
            var result: Result<HTTPAnswer, HTTPClientError>?
            session.send(HTTPClientRequest(method, url, body: body), by: route, timeout: timeout, limit: limit) {
                result = $0
            }
            try run(until: "an answer") { result != nil }
            return try #require(result)
        }

        func text(_ url: String, by route: HTTPRoute = HTTPRoute()) throws -> String {
            String(decoding: try send(url, by: route).get().body, as: UTF8.self)
        }

        func failure(_ url: String, by route: HTTPRoute = HTTPRoute()) throws -> HTTPClientError.Kind? {
            if case .failure(let error) = try send(url, by: route) { error.kind } else { nil }
        }
    }

    private func route(_ server: TLSServer) -> HTTPRoute {
        HTTPRoute(authority: .file(server.certificates.file("ca.pem")))
    }

    @Test("gives answers with their status and headers, plain and over TLS")
    func answers() throws {
        let plain = try ExchangeServer()
        let client = try Client()
        let answer = try client.send(plain.server.url + "/echo", method: "PUT", body: Array("hello".utf8)).get()
        #expect(answer.status == 200 && answer.body == Array("hello".utf8))
        #expect(answer.head.header("x-method") == "PUT" && answer.head.header("content-length") == "5")
        #expect(try client.text(plain.server.url + "/nothing") == "nothing\n")
        #expect(try client.send(plain.server.url + "/none").get().status == 204)
        let server = try TLSServer()
        #expect(try client.text(server.url + "/pieces", by: route(server)).hasSuffix("piece 4\n"))
        let body = (0..<2_000_000).map { UInt8(truncatingIfNeeded: $0 &* 31 >> 3) }
        #expect(try client.send(server.url + "/echo", method: "POST", by: route(server), body: body).get().body == body)
    }

    @Test("keeps all watches and calls of one route on one HTTP/2 connection, and they do not hold each other up")
    func multiplexed() throws {
        let server = try TLSServer()
        let client = try Client()
        let route = route(server)
        var watches = 0
        var calls: [HTTPCall] = []
        for _ in 0..<50 {
            calls.append(
                client.session.stream(HTTPClientRequest("GET", server.url + "/watch"), by: route) { _, bytes in
                    if bytes == Array("first\n".utf8) { watches += 1 }
                } onEnd: { _ in
                    watches -= 1000
                })
        }
        try client.run(until: "all watches stand") { watches == 50 }
        #expect(try client.text(server.url + "/late", by: route) == "late\n")
        #expect(try server.exchange.server.ask { $0.connectionCount } == 1)
        for call in calls { call.cancel() }
        #expect(try client.text(server.url + "/late", by: route) == "late\n")
        #expect(watches == 50)
        #expect(try server.exchange.server.ask { $0.connectionCount } == 1)
    }

    @Test("shows a certificate from files or from memory, and believes only the authority that it is given")
    func trust() throws {
        let server = try TLSServer()
        let other = try Certificates()
        let client = try Client()
        func file(_ name: String) -> String { server.certificates.file(name) }
        var mine = route(server)
        (mine.certificate, mine.key) = (.file(file("client.pem")), .file(file("client.key")))
        #expect(try client.text(server.url + "/who", by: mine) == "client of []")
        #expect(try client.text(server.url + "/who", by: route(server)) == "none")
        mine = HTTPRoute(
            authority: .text(try Files.read(file("ca.pem"))), certificate: .text(try Files.read(file("client.pem"))),
            key: .text(try Files.read(file("client.key"))))
        #expect(try client.text(server.url + "/who", by: mine) == "client of []")
        let stranger = HTTPRoute(authority: .file(other.file("ca.pem")))
        #expect(try client.failure(server.url + "/who", by: stranger) == .untrusted)
        #expect(try client.failure(server.url + "/who") == .untrusted)
        var anyone = HTTPRoute()
        anyone.verifiesServer = false
        #expect(try client.text(server.url + "/who", by: anyone) == "none")
    }

    @Test("checks the server's certificate for another name than the URL's where it is told one")
    func serverName() throws {
        let server = try TLSServer()
        let client = try Client()
        let url = "https://localhost:\(server.exchange.server.port)/who"
        var route = route(server)
        #expect(try client.failure(url, by: route) == .untrusted)
        route.serverName = "127.0.0.1"
        #expect(try client.text(url, by: route) == "none")
        route.serverName = "kubernetes"
        #expect(try client.failure(server.url + "/who", by: route) == .untrusted)
    }

    @Test("tells how a call failed, and whether anything was sent")
    func failures() throws {
        let server = try ExchangeServer()
        let client = try Client()
        func failure(_ path: String, limit: Int = 1 << 30, timeout: Duration = .seconds(10)) throws -> HTTPClientError?
        {
            if case .failure(let error) = try client.send(server.server.url + path, timeout: timeout, limit: limit) {
                return error
            }
            return nil
        }
        let cut = try failure("/short")
        #expect(cut?.kind == .broken && cut?.wasSent == true)
        #expect(try failure("/abort")?.kind == .broken)
        #expect(try failure("/large", limit: 1 << 20)?.kind == .tooLarge)
        let late = try failure("/watch", timeout: .seconds(1))
        #expect(late?.kind == .timedOut && late?.wasSent == true)
        #expect(try client.failure("http://127.0.0.1:1/") == .unreachable)
        #expect(try client.failure("ftp://127.0.0.1/") == .invalid)
        #expect(try client.text(server.server.url + "/late") == "late\n")
    }

    @Test("a handler may cancel calls and begin others, its own too")
    func reentrance() throws {
        let server = try ExchangeServer()
        let client = try Client()
        let request = HTTPClientRequest("GET", server.server.url + "/pieces")
        var calls: [HTTPCall] = []
        var rounds = 0
        func begin() {
            let number = calls.count
            calls.append(
                client.session.stream(request) { _, bytes in
                    if bytes.isEmpty { return }
                    rounds += 1
                    calls[number].cancel()
                    calls.last?.cancel()
                    if rounds < 20 { begin() }
                } onEnd: { _ in
                    rounds += 1000
                })
        }
        begin()
        try client.run(until: "all rounds are over") { rounds >= 20 }
        #expect(rounds == 20)
    }

    @Test("a session that goes with calls under way leaves nothing behind")
    func abandoned() throws {
        let server = try ExchangeServer()
        let loop = try EventLoop()
        var call: HTTPCall?
        do {
            let session = try HTTPSession(loop)
            call = session.stream(HTTPClientRequest("GET", server.server.url + "/watch")) { _, _ in
                loop.stop()
            } onEnd: { _ in
                Issue.record("it ended by itself")
            }
            try loop.run()
        }
        call?.cancel()
        try eventually("the server hears of its end") { server.log.all.contains("/watch cut") }
        loop.after(.milliseconds(20)) { loop.stop() }
        try loop.run()
    }
}
